"""Moving the customers of a plan to another: chosen, shown with what it does, then scheduled."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.notices.models import Announcement
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.models import Sheet
from postroom.domain.plan_changes.moving import asked_of_move, refuse_unfit, schedule_move
from postroom.domain.plan_changes.previews import preview_of_move
from postroom.domain.plan_changes.scheduling import ShownOutdated
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.queries import version_on_sale
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.fields import DayField
from postroom.web.desk.plans.group_form import GroupForm, choosing, kept
from postroom.web.desk.plans.worked_out import WorkedOut
from postroom.web.desk.reports.figures import House
from postroom.web.refusing import refuse
from postroom.web.worker import ask_worker

#: Days until somebody moves, unless somebody says otherwise: time to tell everybody.
DAYS_AHEAD = 30


class MoveForm(forms.Form):
    """Where to, from when, and what they are told."""

    plan = forms.TypedChoiceField(coerce=int, label="To")
    existing_from = DayField(label="At each customer's first renewal from")
    words = forms.CharField(
        required=False,
        max_length=Announcement._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="In your own words",
        help_text="A paragraph for the notice. Leave it empty for none.",
    )
    reason = forms.CharField(required=False, max_length=300, label="Why, for your own history")

    def __init__(self, plan: Plan, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        others = Plan.objects.exclude(pk=plan.pk).exclude(internal=False, signup=False)
        offered = list(others.values_list("pk", "name"))
        self.fields["plan"].choices = [("", "Choose"), *offered]  # type: ignore[attr-defined]
        self.offered = bool(offered)

    def version(self) -> PlanVersion | None:
        """Will return what the chosen plan sells on the chosen day."""
        there = Plan.objects.get(pk=self.cleaned_data["plan"])
        return version_on_sale(there, on=self.cleaned_data["existing_from"])


@desk(May.RUN_PLANS)
def move(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Chooses a plan, a day and customers; shows what it does for each; schedules it."""
    plan = get_object_or_404(Plan.objects.select_related("operator"), pk=plan_id)
    if request.method != "POST":
        usual = {"existing_from": request.on + timedelta(days=DAYS_AHEAD)}
        return _show(request, plan, GroupForm(plan), MoveForm(plan, initial=usual))
    group_form = GroupForm(plan, request.POST)
    if request.POST.get("step") == "look":
        form = MoveForm(plan)
        form.initial = {it: request.POST.get(it, "") for it in form.fields}
        return _show(request, plan, group_form, form)
    form = MoveForm(plan, request.POST)
    if form.is_valid() and group_form.is_valid():
        try:
            return _act(request, plan, group_form, form)
        except Refused as refusal:
            refuse(form, refusal)
    return _show(request, plan, group_form, form, status=422)


def _act(request: DeskRequest, plan: Plan, group_form: GroupForm, form: MoveForm) -> HttpResponse:
    """Will show what a move does, or schedule it as it was shown. Raises Refused."""
    typed, version = form.cleaned_data, form.version()
    group = group_form.group() if group_form.chooses else None
    own: dict[str, Any] = {"by": request.user, "at": request.at, "on": request.on}
    asked = asked_of_move(typed["existing_from"], group, on=request.on)
    version = refuse_unfit(plan, version, asked, on=request.on)
    outdated = ""
    if request.POST.get("step") == "do":
        said = {it: typed[it] for it in ("existing_from", "words", "reason")}
        seen = request.POST.get("seen", "")
        try:
            change = schedule_move(plan, version, group=group, seen=seen, **said, **own)
        except ShownOutdated as refusal:
            outdated = str(refusal)
        else:
            operator = request.operator.pk
            ask_worker("write_moves_of", once=f"move {operator}", operator_id=operator)
            messages.success(
                request,
                f"The move to {version.plan.name} is scheduled. Each customer's follows now.",
            )
            return redirect("desk:change", request.operator.slug, change.pk)
    sheet = preview_of_move(plan, version, asked, **own)
    return _preview(request, sheet, version, outdated)


def _preview(
    request: DeskRequest, sheet: Sheet, version: PlanVersion, outdated: str
) -> HttpResponse:
    it = WorkedOut(sheet, House(request.operator))
    context = {
        "plan": sheet.plan,
        "there": version.plan,
        "sheet": sheet,
        "it": it,
        "sums": it.sums,
        "examples": it.examples(),
        "plot": it.plot,
        "outdated": outdated,
        "kept": kept(request.POST),
    }
    status = 422 if outdated else 200
    return render(request, "desk/plans/move_preview.html", context, status=status)


def _show(
    request: DeskRequest,
    plan: Plan,
    group_form: GroupForm,
    form: MoveForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "choosing": choosing(plan, group_form, on=request.on),
    }
    return render(request, "desk/plans/move.html", context, status=status)
