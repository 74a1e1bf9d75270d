"""The page of one plan: Details, Allowances and History, with Update and Copy at the bottom."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.operators.models import Location
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.guards import LooksLikeASlip, Slip, none_is_public
from postroom.domain.plan_changes.looking import changes_of, stage_of
from postroom.domain.plan_changes.undoing import that_took_over
from postroom.domain.plan_changes.update import PlanChangedMeanwhile, Seen, Updated, update
from postroom.domain.plans.actions import copy_plan, create_plan
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.queries import latest_version, terms_of, ticked_locations
from postroom.domain.plans.terms import unpack
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.plans.forms import PlanForm
from postroom.web.desk.plans.history import history
from postroom.web.desk.plans.meanwhile import changes_since
from postroom.web.desk.plans.slips import boxes, said_sure
from postroom.web.keys import FormKeyField

#: So many of a plan's latest changes are listed.
CHANGES = 10


@desk(May.RUN_PLANS)
def new(request: DeskRequest) -> HttpResponse:
    """A plan that is not there yet."""
    locations = list(Location.objects.all())
    if request.method != "POST":
        form = PlanForm(
            request.operator, locations, initial={"internal": True, "form_key": uuid4()}
        )
        return render(request, "desk/plans/new.html", {"form": form})
    form = PlanForm(request.operator, locations, data=request.POST)
    if form.is_valid():
        try:
            plan = create_plan(
                request.operator,
                words=form.words_form.words(),
                terms=form.terms(),
                by=request.user,
                at=request.at,
                on=request.on,
                form=form.words_form.cleaned_data["form_key"],
            )
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            messages.success(request, f"{plan.name} is on sale from today.")
            return redirect("desk:plan", request.operator.slug, plan.pk)
    return render(request, "desk/plans/new.html", {"form": form}, status=422)


@desk(May.SEE_MONEY, to_write=May.RUN_PLANS)
def plan(request: DeskRequest, plan_id: int) -> HttpResponse:
    """One plan, to look at and to Update."""
    the_plan = get_object_or_404(
        Plan.objects.select_related("succeeded_by__copied_from", "copied_from"), pk=plan_id
    )
    locations = list(Location.objects.all())
    if request.method != "POST":
        return _show(request, the_plan, _opened(request, the_plan, locations))
    form = PlanForm(request.operator, locations, data=request.POST)
    since, slips = None, list[Slip]()
    if form.is_valid():
        try:
            done = _update(request, the_plan, form)
        except LooksLikeASlip as refusal:
            form.refuse(None, str(refusal))
            slips = refusal.slips
        except PlanChangedMeanwhile as refusal:
            form, since = _again(request, the_plan, locations, form, refusal)
        except Refused as refusal:
            form.refuse(refusal.field, str(refusal))
        else:
            return _lead_on(request, the_plan, done)
    return _show(request, the_plan, form, since=since, slips=slips, status=422)


@require_POST
@desk(May.RUN_PLANS)
def copy(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Copy: makes “Copy of NAME”, Internal only, and opens it. Sent twice, it makes one."""
    original = get_object_or_404(Plan.objects.select_related("operator"), pk=plan_id)
    key = FormKeyField().clean(request.POST.get("form_key"))
    made = copy_plan(original, by=request.user, at=request.at, on=request.on, form=key)
    messages.success(request, f"{made.name} is made, for staff only. Rename it and change it here.")
    return redirect("desk:plan", request.operator.slug, made.pk)


def _opened(request: DeskRequest, plan: Plan, locations: list[Location]) -> PlanForm:
    """Will return the form as the plan stands, or with the person's draft of its terms."""
    version = latest_version(plan)
    draft = None
    if "draft" in request.GET:
        draft = Draft.objects.filter(plan=plan, by=request.user).first()
    return PlanForm(
        request.operator,
        locations,
        initial={
            "name": plan.name,
            "description": plan.description,
            "internal": plan.internal,
            "signup": plan.signup,
            "lead_gen": plan.lead_gen,
            "locations": sorted(ticked_locations(plan)),
            "seen_revision": plan.revision,
            "seen_version": version.number,
            "seen_draft": draft.pk if draft else None,
            "form_key": uuid4(),
            "reason": draft.reason if draft else "",
        },
        terms=unpack(draft.terms) if draft else terms_of([version])[version.pk],
    )


def _update(request: DeskRequest, plan: Plan, form: PlanForm) -> Updated:
    typed = form.words_form.cleaned_data
    return update(
        plan,
        words=form.words_form.words(),
        terms=form.terms(),
        seen=Seen(typed["seen_revision"], typed["seen_version"], typed["seen_draft"]),
        by=request.user,
        at=request.at,
        on=request.on,
        reason=typed["reason"],
        sure=said_sure(request),
    )


def _again(
    request: DeskRequest,
    plan: Plan,
    locations: list[Location],
    typed: PlanForm,
    refusal: PlanChangedMeanwhile,
) -> tuple[PlanForm, list[Any]]:
    """Will return the form with what was typed, as of now, and what others changed meanwhile."""
    plan.refresh_from_db()
    data = request.POST.copy()
    data["seen_revision"] = str(plan.revision)
    data["seen_version"] = str(latest_version(plan).number)
    form = PlanForm(request.operator, locations, data=data)
    form.is_valid()
    form.refuse(None, str(refusal))
    seen_version = typed.words_form.cleaned_data["seen_version"]
    return form, changes_since(plan, seen_version, refusal.since, request.operator)


def _lead_on(request: DeskRequest, plan: Plan, done: Updated) -> HttpResponse:
    """Will say what Update did, and ask the question where there is one."""
    if done.words and none_is_public():
        messages.warning(
            request,
            "No plan is shown to new customers any more: not at signup, not on the website.",
        )
    if done.question:
        if done.words:
            messages.success(request, "Words and visibility are saved.")
        return redirect("desk:question", request.operator.slug, plan.pk)
    if done.version:
        messages.success(
            request, f"Saved. Nobody is on this plan: version {done.version.number} is sold today."
        )
    elif done.words:
        messages.success(request, "Saved.")
    else:
        messages.info(request, "Nothing was changed.")
    return redirect("desk:plan", request.operator.slug, plan.pk)


def _show(
    request: DeskRequest,
    plan: Plan,
    form: PlanForm,
    *,
    since: list[Any] | None = None,
    slips: Sequence[Slip] = (),
    status: int = 200,
) -> HttpResponse:
    changes = list(changes_of(plan)[:CHANGES])
    context = {
        "plan": plan,
        "form": form,
        "since": since,
        "slips": boxes(request, slips),
        "changes": [(it, stage_of(it, on=request.on).value) for it in changes],
        "history": history(plan, changes, on=request.on, operator=request.operator),
        "draft": Draft.objects.filter(plan=plan, by=request.user).first(),
        "took_over": that_took_over(plan),
        "may_run": request.may("run_plans"),
    }
    return render(request, "desk/plans/plan.html", context, status=status)
