"""The question: “Do you want this change to apply to existing customers as well?”"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.answers import grandfather, publish
from postroom.domain.plan_changes.drafts import QuestionAnswered
from postroom.domain.plan_changes.guards import LooksLikeASlip, Slip, rate_slips
from postroom.domain.plans.actions import throw_draft_away
from postroom.domain.plans.models import NAME_LENGTH, Draft, Plan
from postroom.domain.plans.plain_words import difference_in_words, term_in_words
from postroom.domain.plans.queries import free_name, latest_version, terms_of
from postroom.domain.plans.terms import differences, unpack
from postroom.domain.subscriptions.actions import NOTICE_DAYS
from postroom.domain.subscriptions.plan_summaries import customers_by_cycle, customers_by_version
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.fields import DayField
from postroom.web.desk.plans.slips import boxes, said_sure
from postroom.web.desk.refusing import refuse

#: Days until a change reaches existing customers, unless somebody says otherwise: the 21 days
#: before in which notices go out by default, and some to prepare them.
DAYS_AHEAD = 30


class YesForm(forms.Form):
    sold_from = DayField(label="For new customers from")
    existing_from = DayField(label="For existing customers from")


class NoForm(forms.Form):
    legacy_name = forms.CharField(max_length=NAME_LENGTH, label="Name of the legacy plan")


@desk(May.RUN_PLANS)
def question(request: DeskRequest, plan_id: int) -> HttpResponse:
    """The change side by side, and both answers with what they do."""
    draft = _draft(request, plan_id)
    if draft is None:
        messages.info(request, "There is no change of this plan waiting for your answer.")
        return redirect("desk:plan", request.operator.slug, plan_id)
    return _ask(request, draft)


@require_POST
@desk(May.RUN_PLANS)
def yes(request: DeskRequest, plan_id: int) -> HttpResponse:
    """YES: a new version, with a day for new customers and a day for existing ones."""
    draft = _draft(request, plan_id)
    if draft is None:
        return _answered(request, plan_id)
    form = YesForm(request.POST)
    if form.is_valid():
        try:
            version = publish(
                draft,
                **form.cleaned_data,
                by=request.user,
                at=request.at,
                on=request.on,
                sure=said_sure(request),
            )
        except QuestionAnswered:
            return _answered(request, plan_id)
        except LooksLikeASlip as refusal:
            refuse(form, refusal)
            return _ask(request, draft, yes_form=form, slips=refusal.slips)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"Version {version.number} of {version.plan} is published.")
            return redirect("desk:plan", request.operator.slug, plan_id)
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
        .select_related("plan", "plan__operator")
        .first()
    )


def _answered(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Will lead back after a second click: the question has its answer already."""
    messages.info(request, str(QuestionAnswered()))
    return redirect("desk:plan", request.operator.slug, plan_id)


def _ask(
    request: DeskRequest,
    draft: Draft,
    *,
    yes_form: YesForm | None = None,
    no_form: NoForm | None = None,
    slips: Sequence[Slip] = (),
) -> HttpResponse:
    plan = draft.plan
    version = latest_version(plan)
    old, terms = terms_of([version])[version.pk], unpack(draft.terms)
    found, of_rates = differences(old, terms), rate_slips(old, terms)
    of_dates = [it for it in slips if it not in of_rates]
    existing_from = request.on + timedelta(days=DAYS_AHEAD)
    failed = bool((yes_form and yes_form.errors) or (no_form and no_form.errors))
    context: dict[str, Any] = {
        "plan": plan,
        "draft": draft,
        "differences": [difference_in_words(it, request.operator.show) for it in found],
        "notice_days": NOTICE_DAYS,
        "yes_slips": boxes(request, [*of_rates, *of_dates], prefix="yes-"),
        "no_slips": boxes(request, of_rates, prefix="no-"),
        **_who(plan, set(terms.rates)),
        "yes_form": yes_form
        or YesForm(initial={"sold_from": request.on, "existing_from": existing_from}),
        "no_form": no_form
        or NoForm(initial={"legacy_name": free_name(f"{plan.name} Legacy"[:NAME_LENGTH])}),
    }
    status = 422 if failed else 200
    return render(request, "desk/plans/question.html", context, status=status)


def _who(plan: Plan, offered: set[int]) -> dict[str, Any]:
    """Will count the plan's customers by cycle, and those whose cycle has no rate any more."""
    cycles = customers_by_cycle(customers_by_version(plan))
    return {
        "customers": sum(cycles.values()),
        "cycles": [(term_in_words(it), cycles[it]) for it in cycles],
        "without_rate": sum(cycles[it] for it in cycles if it not in offered),
    }
