"""Withdrawing a change, editing one that is scheduled, and taking back one that is in force."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.looking import (
    changes_staged,
    envelopes_by_state,
    having,
    look_again,
)
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plan_changes.reversing import propose
from postroom.domain.plan_changes.stopping import TOLD, UNSENT, propose_edit, withdraw
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.refusing import refuse


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        max_length=300, label="Why", help_text="For your own history; customers do not see it."
    )
    words = forms.CharField(
        required=False,
        max_length=2000,
        label="Your own words for those who were told",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@desk(May.RUN_PLANS)
def withdraw_it(request: DeskRequest, change_id: int) -> HttpResponse:
    """What withdrawing does, and the form that does it."""
    found = get_object_or_404(changes_staged(), pk=change_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(found, **form.cleaned_data, by=request.user, at=request.at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The change is withdrawn.")
            return redirect("desk:change", request.operator.slug, change_id)
    context = {"change": found, "form": form, **_consequences(request, found)}
    status = 422 if form.errors else 200
    return render(request, "desk/changes/withdraw.html", context, status=status)


@desk(May.RUN_PLANS)
def edit(request: DeskRequest, change_id: int) -> HttpResponse:
    """What an edit does, and the button that opens the question again."""
    found = get_object_or_404(changes_staged(), pk=change_id)
    refused = ""
    if request.method == "POST":
        try:
            propose_edit(found, by=request.user, at=request.at)
        except Refused as refusal:
            refused = str(refusal)
        else:
            return redirect("desk:question", request.operator.slug, found.plan_id)
    context = {"change": found, "refused": refused, **_consequences(request, found)}
    return render(request, "desk/changes/edit.html", context, status=422 if refused else 200)


@desk(May.RUN_PLANS)
def reverse_it(request: DeskRequest, change_id: int) -> HttpResponse:
    """What taking back does, and the button that asks the question about the terms of before."""
    found = get_object_or_404(changes_staged(), pk=change_id)
    refused = ""
    if request.method == "POST":
        try:
            propose(found, by=request.user, at=request.at)
        except Refused as refusal:
            refused = str(refusal)
        else:
            return redirect("desk:question", request.operator.slug, found.plan_id)
    context = {"change": found, "refused": refused}
    return render(request, "desk/changes/reverse.html", context, status=422 if refused else 200)


def _consequences(request: DeskRequest, change: PlanChange) -> dict[str, int]:
    """Will count who has it, who was told of it, and whose notice will not go out."""
    if change.withdrawn_at is not None:
        return {"has_it": 0, "told": 0, "unsent": 0}
    sheet = look_again(change, by=request.user, at=request.at, on=request.on)
    counted = envelopes_by_state(change)
    return {
        "has_it": having(sheet),
        "told": sum(counted.get(it, 0) for it in TOLD),
        "unsent": sum(counted.get(it, 0) for it in UNSENT),
    }
