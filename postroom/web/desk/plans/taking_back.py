"""Taking NO back: the old plan gets its name and visibility again, the new one is retired."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.undoing import legacy_of, undo_grandfather, why_not_undone
from postroom.domain.plans.models import Plan
from postroom.web.desk.access import DeskRequest, desk


@desk(May.RUN_PLANS)
def take_back(request: DeskRequest, plan_id: int) -> HttpResponse:
    """What taking NO back does, and the button that does it, while nobody has joined the plan."""
    plan = get_object_or_404(Plan.objects.select_related("copied_from"), pk=plan_id)
    refused = ""
    if request.method == "POST":
        try:
            back = undo_grandfather(plan, by=request.user, at=request.at, on=request.on)
        except Refused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, f"{back.name} is as it was, with its customers and terms.")
            return redirect("desk:plan", request.operator.slug, back.pk)
    legacy = legacy_of(plan)
    context = {
        "plan": plan,
        "legacy": legacy,
        "why_not": why_not_undone(plan) if legacy else "",
        "refused": refused,
    }
    status = 422 if refused else 200
    return render(request, "desk/plans/take_back.html", context, status=status)
