"""Leaving those who cannot be told of a change on the terms that they have."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.looking import changes_staged, forget_looks, look_again
from postroom.domain.plan_changes.models import Outcome, PlanChange
from postroom.domain.plan_changes.protecting import ending_so
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.changes.change_page import STUCK
from postroom.web.desk.plans.protecting import Act, GroupProtectForm, protect_group, said_of
from postroom.web.desk.plans.worked_out import Ending, WorkedOut
from postroom.web.desk.reports.figures import House
from postroom.web.refusing import refuse


@desk(May.RUN_PLANS)
def leave(request: DeskRequest, change_id: int, outcome: str) -> HttpResponse:
    """Says who is stuck in one way, and keeps their terms: for good, or until a day."""
    change = get_object_or_404(changes_staged().filter(withdrawn_at=None), pk=change_id)
    ending = _ending(request, change, outcome)
    form = GroupProtectForm(request.POST or None, today=request.on, acts=[Act.PIN, Act.LOCK])
    if form.is_valid():
        try:
            group = ending_so(change, ending.outcome, on=request.on)
            counted = protect_group(request, change.plan, group, form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, said_of(counted, Act(form.cleaned_data["kind"])))
            forget_looks(change)
            return redirect("desk:change", request.operator.slug, change.pk)
    context = {"change": change, "ending": ending, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "desk/changes/leave.html", context, status=status)


def _ending(request: DeskRequest, change: PlanChange, outcome: str) -> Ending:
    """Will return how many are stuck in one way. Raises Http404 for any other end."""
    if outcome not in STUCK:
        raise Http404
    sheet = look_again(change, by=request.user, at=request.at, on=request.on)
    return WorkedOut(sheet, House(request.operator)).ending(Outcome(outcome))
