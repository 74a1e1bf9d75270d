"""A customer chooses another plan or billing cycle by themselves: shown as billed, and then done.

Whoever calls this has read the customer's signed link, and works in their operator's scope.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.billing.previews import PreviewBill, bills_after, last_number
from postroom.domain.billing.run import Job
from postroom.domain.billing.switching import (
    CannotBeBilled,
    SwitchPreview,
    preview_switch,
    settle,
    switch,
)
from postroom.domain.events.actions import in_the_name_of
from postroom.domain.plans.models import Plan
from postroom.domain.plans.published import Offered, offers
from postroom.domain.plans.services import Channel
from postroom.domain.subscriptions.closing import NotClosing, reopen
from postroom.domain.subscriptions.models import (
    Subscription,
    Switch,
    SwitchState,
    SwitchTiming,
    Term,
)
from postroom.domain.subscriptions.switching import (
    NothingChanges,
    NotOpenThatDay,
    PaidElsewhere,
    SwitchOver,
    take_back,
)


class ChoiceNotOffered(Refused):
    """That plan is not offered to you for such a term any more. Choose again."""

    field = "months"


class LeavesBeforeThen(Refused):
    """You leave on {day}. If you would rather stay, say that first."""


class NotBegunYet(Refused):
    """Your mailbox begins on {day}. You can change the plan from then on."""


class PaidElsewhereUntil(Refused):
    """You have paid elsewhere up to {day}. Choose your next renewal instead."""

    field = "timing"


class HasItAlready(Refused):
    """You have this plan for such terms already. Choose something else, or your next renewal."""

    field = "months"


@dataclass(frozen=True)
class Choice:
    """A plan, the months of a term, and when it starts."""

    plan_id: int
    months: int
    timing: SwitchTiming


@dataclass(frozen=True)
class Shown:
    """What a choice does, and the bill after it if nothing more is used until then."""

    preview: SwitchPreview
    #: None where nothing is billed on that day.
    next_bill: PreviewBill | None
    next_bill_on: date


def plans_to_choose(subscription: Subscription) -> list[Offered]:
    """Will return what is offered to existing customers at their location, their own plan too."""
    return offers(
        subscription.operator_id, Channel.SIGNUP, location_id=subscription.mailbox.location_id
    )


def preview_choice(subscription: Subscription, *, choice: Choice, at: datetime, on: date) -> Shown:
    """Will tell what a choice does, by doing it and taking it back.

    Raises ChoiceNotOffered, LeavesBeforeThen, NotBegunYet, PaidElsewhereUntil, HasItAlready or
    CannotBeBilled.
    """
    with transaction.atomic():
        acts = _of(subscription, choice, at=at, on=on)
        try:
            preview = preview_switch(subscription, **acts)
            switch(subscription, **acts)
        except (NothingChanges, PaidElsewhere, NotOpenThatDay) as refusal:
            raise _to_them(refusal, subscription) from refusal
        now = choice.timing == SwitchTiming.NOW
        next_bill_on = preview.renews_on if now else preview.starts_on
        next_bill = _bill_of(subscription, next_bill_on, at)
        transaction.set_rollback(True)
    return Shown(preview, next_bill, next_bill_on)


@transaction.atomic
def choose(
    subscription: Subscription, *, choice: Choice, seen: str, form: UUID, at: datetime, on: date
) -> Switch:
    """Will switch a customer as they chose, once for each form, if it does what they were shown.

    Raises what ``preview_choice`` does, or ChangedSinceSeen.
    """
    # Held in the order in which the switch holds them.
    Plan.objects.select_for_update(no_key=True).filter(pk=choice.plan_id).first()
    Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    before = Switch.objects.filter(subscription=subscription, entered_by_form=form).first()
    if before is not None:
        return before
    acts = _of(subscription, choice, at=at, on=on)
    try:
        with in_the_name_of(subscription.customer.name):
            made = switch(subscription, **acts, seen=seen)
    except (NothingChanges, PaidElsewhere, NotOpenThatDay) as refusal:
        raise _to_them(refusal, subscription) from refusal
    made.entered_by_form = form
    made.save(update_fields=["entered_by_form"])
    return made


@transaction.atomic
def take_back_choice(subscription: Subscription, *, switch_id: int, at: datetime) -> None:
    """Will forget the customer's own switch that waits. Raises SwitchOver."""
    waiting = own_switch(subscription)
    if waiting is None or waiting.pk != switch_id:
        raise SwitchOver()
    with in_the_name_of(subscription.customer.name):
        take_back(waiting, by=None, at=at)


@transaction.atomic
def stay_open(subscription: Subscription, *, at: datetime, on: date) -> None:
    """Will take back that a customer leaves; if they stay already, nothing is done.

    Raises ClosedAlready.
    """
    with in_the_name_of(subscription.customer.name):
        try:
            reopen(subscription, by=None, at=at, on=on)
        except NotClosing:
            return


def own_switch(subscription: Subscription) -> Switch | None:
    """Will return the switch of their own choice that waits for the next renewal."""
    return Switch.objects.filter(
        subscription=subscription, state=SwitchState.PENDING, moves_to__isnull=True
    ).first()


def _of(subscription: Subscription, choice: Choice, *, at: datetime, on: date) -> dict[str, Any]:
    """Will check a choice, and return what the switch is told."""
    offered = {it.id: it for it in plans_to_choose(subscription)}.get(choice.plan_id)
    if offered is None or choice.months not in offered.terms.rates:
        raise ChoiceNotOffered()
    if subscription.closes_on is not None:
        raise LeavesBeforeThen(day=f"{subscription.closes_on:%d %B %Y}")
    return {
        "plan": Plan.objects.get(pk=choice.plan_id),
        "months": choice.months,
        "timing": choice.timing,
        "by": None,
        "at": at,
        "on": on,
    }


def _to_them(refusal: Refused, subscription: Subscription) -> Refused:
    """Will say to the customer what is said to staff about them."""
    if isinstance(refusal, NothingChanges):
        return HasItAlready()
    if isinstance(refusal, PaidElsewhere):
        last = Term.objects.filter(subscription=subscription).latest("seq")
        return PaidElsewhereUntil(day=f"{last.ends_on:%d %B %Y}")
    return NotBegunYet(day=f"{subscription.starts_on:%d %B %Y}")


def _bill_of(subscription: Subscription, day: date, at: datetime) -> PreviewBill | None:
    """Will bill on, and return the bill of a day. The caller takes it back."""
    number = last_number(subscription)
    try:
        settle(Job(subscription.operator, [], day, at), subscription)
    except CannotBeBilled:
        return None
    written = [it for it in bills_after(subscription, number) if it.billed_on == day]
    return written[-1] if written else None
