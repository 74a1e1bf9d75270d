"""Keeping the terms of a group of a plan's customers, after a look at how many it means."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.groups import Group
from postroom.domain.plan_changes.protecting import (
    Counted,
    end_group,
    lock_group,
    pin_group,
    protected,
)
from postroom.domain.plans.models import Plan
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.fields import DayField
from postroom.web.desk.plans.group_form import GroupForm, choosing, kept
from postroom.web.refusing import refuse


class Act(models.TextChoices):
    """What is done for the group."""

    LOCK = "lock", "Price lock: no worse terms until a day; better ones pass"
    PIN = "pin", "Pin: just these terms, until they switch"
    END = "end", "End what keeps their terms"


class GroupProtectForm(forms.Form):
    """What is done, until when, and why."""

    kind = forms.ChoiceField(label="How", widget=forms.RadioSelect)
    until = DayField(required=False, label="Price lock until")
    reason = forms.CharField(max_length=300, label="Why")

    def __init__(
        self, data: QueryDict | None = None, *, today: date, acts: Sequence[Act] = tuple(Act)
    ) -> None:
        super().__init__(data, initial={"kind": acts[0]})
        self.today = today
        self.fields["kind"].choices = [(it, it.label) for it in acts]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("kind") == Act.LOCK and "until" in typed:
            if not typed["until"]:
                self.add_error("until", "Enter the day on which the price lock ends.")
            elif typed["until"] <= self.today:
                self.add_error("until", "Choose a later day than today.")
        return typed


@desk(May.RUN_PLANS)
def protect(request: DeskRequest, plan_id: int) -> HttpResponse:
    """Chooses customers of a plan and what keeps their terms; asks once more with their number."""
    plan = get_object_or_404(Plan, pk=plan_id)
    if request.method != "POST":
        return _show(request, plan, GroupForm(plan), GroupProtectForm(today=request.on))
    group_form = GroupForm(plan, request.POST)
    if request.POST.get("step") == "look":
        looking = GroupProtectForm(today=request.on)
        looking.initial = {it: request.POST.get(it, "") for it in looking.fields}
        return _show(request, plan, group_form, looking)
    form = GroupProtectForm(request.POST, today=request.on)
    if not (form.is_valid() and group_form.is_valid()):
        return _show(request, plan, group_form, form, status=422)
    found = protected(plan, group_form.group(), on=request.on)
    if request.POST.get("step") != "do" and found.customers:
        said = Act(form.cleaned_data["kind"])
        context = {"plan": plan, "form": form, "found": found, "act": said.value}
        context["kept"] = kept(request.POST)
        return render(request, "desk/plans/protect_confirm.html", context)
    try:
        counted = protect_group(request, plan, group_form.group(), form.cleaned_data)
    except Refused as refusal:
        refuse(form, refusal)
        return _show(request, plan, group_form, form, status=422)
    messages.success(request, said_of(counted, Act(form.cleaned_data["kind"])))
    return redirect("desk:plan", request.operator.slug, plan.pk)


def protect_group(request: DeskRequest, plan: Plan, group: Group, typed: dict[str, Any]) -> Counted:
    """Will keep the terms of a group as was typed, or end what keeps them."""
    own = {"reason": typed["reason"], "by": request.user, "at": request.at, "on": request.on}
    match typed["kind"]:
        case Act.LOCK:
            return lock_group(plan, group, until=typed["until"], **own)
        case Act.PIN:
            return pin_group(plan, group, **own)
        case _:
            return end_group(plan, group, **own)


def said_of(counted: Counted, act: Act) -> str:
    """Will say what came of it, in the words of the page."""
    customers = "1 customer" if counted.done == 1 else f"{counted.done:,} customers"
    said = {
        Act.LOCK: f"The price is locked for {customers}.",
        Act.PIN: f"{customers} pinned to the terms they have.",
        Act.END: f"What kept their terms is ended for {customers}.",
    }[act]
    return f"{said} For {counted.as_before:,} it was so already." if counted.as_before else said


def _show(
    request: DeskRequest,
    plan: Plan,
    group_form: GroupForm,
    form: GroupProtectForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "choosing": choosing(plan, group_form, on=request.on),
    }
    return render(request, "desk/plans/protect.html", context, status=status)
