"""The question: “Do you want this change to apply to existing customers as well?”"""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.answers import grandfather
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.asking import unpack as unpack_asked
from postroom.domain.plan_changes.drafts import QuestionAnswered, both_terms
from postroom.domain.plan_changes.guards import billed_soon, rate_slips, too_soon_slips
from postroom.domain.plan_changes.models import PlanChange, Sheet
from postroom.domain.plan_changes.previews import asked_before, preview
from postroom.domain.plan_changes.reversing import asked_at_first
from postroom.domain.plan_changes.samples import sample_of
from postroom.domain.plan_changes.scheduling import ShownOutdated, schedule
from postroom.domain.plans.actions import throw_draft_away
from postroom.domain.plans.models import NAME_LENGTH, Draft, Plan
from postroom.domain.plans.plain_words import difference_in_words, rate_in_words
from postroom.domain.plans.queries import free_name
from postroom.domain.plans.terms import Terms, differences
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.plans.asking_form import AskForm, usual
from postroom.web.desk.plans.group_form import choosing
from postroom.web.desk.plans.sampling import mail_sample_to
from postroom.web.desk.plans.slips import boxes, said_sure
from postroom.web.desk.plans.worked_out import WorkedOut
from postroom.web.desk.reports.figures import House
from postroom.web.refusing import refuse


class NoForm(forms.Form):
    legacy_name = forms.CharField(max_length=NAME_LENGTH, label="Name of the legacy plan")


@desk(May.RUN_PLANS)
def question(request: DeskRequest, plan_id: int) -> HttpResponse:
    """The change side by side, and both answers with what they do; sent here, worked out again."""
    draft = _draft(request, plan_id)
    if draft is None:
        messages.info(request, "There is no change of this plan waiting for your answer.")
        return redirect("desk:plan", request.operator.slug, plan_id)
    if request.method != "POST":
        return _ask(request, draft)
    return _ask(request, draft, yes_form=_yes_form(request, draft, request.POST), anew=True)


@require_POST
@desk(May.RUN_PLANS)
def yes(request: DeskRequest, plan_id: int) -> HttpResponse:
    """YES: a new version, with a day for new customers and a day for existing ones."""
    draft = _draft(request, plan_id)
    if draft is None:
        return _answered(request, plan_id)
    form, differs = _yes_form(request, draft, request.POST), list[str]()
    form.refuse_nobody()
    if asked := form.asked:
        try:
            change = schedule(
                draft,
                asked=asked,
                seen=request.POST.get("seen", ""),
                words=form.cleaned_data["words"],
                sure=said_sure(request),
                by=request.user,
                at=request.at,
                on=request.on,
            )
        except QuestionAnswered:
            return _answered(request, plan_id)
        except ShownOutdated as refusal:
            refuse(form, refusal)
            differs = list(refusal.what)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return _said_yes(request, change)
    return _ask(request, draft, yes_form=form, differs=differs)


def _said_yes(request: DeskRequest, change: PlanChange) -> HttpResponse:
    told = change.shown["worse"]
    said = f"Version {change.version.number} of {change.plan} is published."
    if told:
        said += f" {told:,} {'customer is' if told == 1 else 'customers are'} told of it."
    messages.success(request, said)
    return redirect("desk:change", request.operator.slug, change.pk)


@require_POST
@desk(May.RUN_PLANS)
def sample(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Mails this person what a customer would get, and asks on."""
    draft = _draft(request, plan_id)
    if draft is None:
        return _answered(request, plan_id)
    form = _yes_form(request, draft, request.POST)
    if form.is_valid():
        sheet = _preview(request, draft, form, anew=False)
        written = sample_of(draft, sheet, words=form.cleaned_data["words"])
        mail_sample_to(request, written)
    return _ask(request, draft, yes_form=form)


@require_POST
@desk(May.RUN_PLANS)
def no(request: DeskRequest, plan_id: int) -> HttpResponse:
    """NO: the plan becomes a legacy plan, and a new one takes its name, visibility and link."""
    draft = _draft(request, plan_id)
    if draft is None:
        return _answered(request, plan_id)
    form = NoForm(request.POST)
    if form.is_valid():
        try:
            plan = grandfather(
                draft,
                **form.cleaned_data,
                by=request.user,
                at=request.at,
                on=request.on,
                sure=said_sure(request),
            )
        except QuestionAnswered:
            return _answered(request, plan_id)
        except Refused as refusal:
            refuse(form, refusal, name="legacy_name")
        else:
            legacy = form.cleaned_data["legacy_name"]
            messages.success(
                request, f"{plan.name} has the new terms. Its customers stay on {legacy}."
            )
            return redirect("desk:plan", request.operator.slug, plan.pk)
    return _ask(request, draft, no_form=form)


@require_POST
@desk(May.RUN_PLANS)
def discard(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Throws the typed terms away; the plan stays as it is."""
    plan = get_object_or_404(Plan, pk=plan_id)
    throw_draft_away(plan, by=request.user)
    messages.info(request, "The change of terms is thrown away. The plan is as it was.")
    return redirect("desk:plan", request.operator.slug, plan_id)


def _draft(request: DeskRequest, plan_id: int) -> Draft | None:
    plan = get_object_or_404(Plan, pk=plan_id)
    return (
        Draft.objects.filter(plan=plan, by=request.user)
        .select_related("plan", "plan__operator", "replaces", "reverses")
        .first()
    )


def _answered(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Will lead back after a second click: the question has its answer already."""
    messages.info(request, str(QuestionAnswered()))
    return redirect("desk:plan", request.operator.slug, plan_id)


def _yes_form(request: DeskRequest, draft: Draft, typed: QueryDict | None = None) -> AskForm:
    return AskForm(draft.plan, typed, asked=_asked(request, draft))


def _asked(request: DeskRequest, draft: Draft) -> Asked:
    """Will return what this person asked last, or what is asked usually."""
    before = asked_before(draft, by=request.user, on=request.on)
    return before or asked_at_first(draft, on=request.on) or usual(on=request.on)


def _ask(
    request: DeskRequest,
    draft: Draft,
    *,
    yes_form: AskForm | None = None,
    no_form: NoForm | None = None,
    differs: Collection[str] = (),
    anew: bool = False,
) -> HttpResponse:
    form = yes_form or _yes_form(request, draft)
    sheet = _preview(request, draft, form, anew=anew)
    house, (old, new) = House(request.operator), both_terms(draft)
    of_rates = rate_slips(old, new)
    from_day = unpack_asked(sheet.asked).existing_from
    of_dates = too_soon_slips(draft.plan, old, new, existing_from=from_day, on=request.on)
    worked_out = WorkedOut(sheet, house)
    show = request.operator.show
    context: dict[str, Any] = {
        "plan": draft.plan,
        "draft": draft,
        "differences": [difference_in_words(it, show) for it in differences(old, new)],
        "sheet": sheet,
        "it": worked_out,
        "sums": worked_out.sums,
        "examples": worked_out.examples(),
        "plot": worked_out.plot,
        "differs": differs,
        "billed_soon": billed_soon(draft.plan, existing_from=from_day, on=request.on),
        "yes_slips": boxes(request, [*of_rates, *of_dates], prefix="yes-"),
        "no_slips": boxes(request, of_rates, prefix="no-"),
        "rates": _rates(new, house),
        "yes_form": form,
        "choosing": choosing(draft.plan, form.group_form, on=request.on, listing=form.is_for_some),
        "no_form": no_form
        or NoForm(initial={"legacy_name": free_name(f"{draft.plan.name} Legacy"[:NAME_LENGTH])}),
    }
    failed = bool(form.errors or form.group_form.errors or (no_form and no_form.errors))
    return render(request, "desk/plans/question.html", context, status=422 if failed else 200)


def _preview(request: DeskRequest, draft: Draft, form: AskForm, *, anew: bool) -> Sheet:
    """Will work out what was asked; where that cannot be, what was asked before."""
    own: dict[str, Any] = {"by": request.user, "at": request.at, "on": request.on}
    if asked := form.asked:
        try:
            return preview(draft, asked, **own, anew=anew)
        except Refused as refusal:
            refuse(form, refusal)
    return preview(draft, _asked(request, draft), **own)


def _rates(terms: Terms, house: House) -> list[str]:
    show = house.operator.show
    return [rate_in_words(months, minor, show) for months, minor in sorted(terms.rates.items())]
