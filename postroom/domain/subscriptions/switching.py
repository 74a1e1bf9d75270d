"""The customer's own move to another plan or length of term: now, or at his next renewal."""

from datetime import date, datetime

from django.db import transaction

from postroom.base.periods import next_billing_date
from postroom.base.refusals import Refused
from postroom.domain.events.actions import record
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.subscriptions.actions import PlanNotForStaff, version_sold
from postroom.domain.subscriptions.models import (
    Basis,
    Subscription,
    Switch,
    SwitchState,
    SwitchTiming,
    Term,
)
from postroom.domain.users.models import User


class NotOpenThatDay(Refused):
    """This subscription is not open on {day}."""


class NothingChanges(Refused):
    """They have “{plan}” for {months} months with these terms already."""

    field = "plan"


class PaidElsewhere(Refused):
    """Up to {day} they have paid elsewhere. Let them switch at that renewal."""

    field = "timing"


class SwitchOver(Refused):
    """This switch does not wait any more."""


@transaction.atomic
def enter_switch(
    subscription: Subscription,
    *,
    plan: Plan,
    months: int,
    timing: SwitchTiming,
    by: User | None,
    at: datetime,
    on: date,
) -> Switch:
    """Will note that a customer moves to a plan and length of term; it replaces one that waits.

    ``now`` ends his running term on ``on``, the local day, which belongs to the new plan, and
    leaves the new term due that day; another length of term ends the running month too. Expects
    that everything due by ``on`` is billed. Raises NotOpenThatDay, PlanNotForStaff, PlanNotOnSale,
    PlanNotAtLocation, NoRateForTerm, NothingChanges or PaidElsewhere.
    """
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    if not _open_on(subscription, on):
        raise NotOpenThatDay(day=f"{on:%d %B %Y}")
    starts_on = on if timing == SwitchTiming.NOW else _renewal(subscription)
    version = _version_to_move_to(plan, subscription, months=months, on=starts_on)
    same_terms = version.pk == subscription.version_id and months == subscription.months
    if same_terms and timing == SwitchTiming.NOW:
        raise NothingChanges(plan=plan, months=months)
    Switch.objects.filter(subscription=subscription, state=SwitchState.PENDING).update(
        state=SwitchState.REPLACED
    )
    if timing == SwitchTiming.NOW:
        _end_term(subscription, on=on, moves_billing_day=months != subscription.months)
    switch = Switch.objects.create(
        operator_id=subscription.operator_id,
        subscription=subscription,
        plan=plan,
        months=months,
        timing=timing,
        on=on,
        by=by,
        at=at,
    )
    facts = {"plan": plan.name, "months": months, "timing": timing.value}
    record("subscription.switched", subscription, by=by, at=at, facts=facts)
    return switch


@transaction.atomic
def take_back(switch: Switch, *, by: User | None, at: datetime) -> None:
    """Will forget a switch that waits for the next renewal. Raises SwitchOver."""
    taken = Switch.objects.filter(pk=switch.pk, state=SwitchState.PENDING).update(
        state=SwitchState.REPLACED
    )
    if not taken:
        raise SwitchOver()
    facts = {"plan": switch.plan.name}
    record("subscription.switch_taken_back", switch.subscription, by=by, at=at, facts=facts)


def _open_on(subscription: Subscription, on: date) -> bool:
    closed = subscription.closes_on is not None and subscription.closes_on < on
    return subscription.starts_on <= on and not closed


def _renewal(subscription: Subscription) -> date:
    return Term.objects.filter(subscription=subscription).latest("seq").whole_ends_on


def _version_to_move_to(
    plan: Plan, subscription: Subscription, *, months: int, on: date
) -> PlanVersion:
    if not plan.internal and not plan.signup:
        raise PlanNotForStaff(plan=plan)
    return version_sold(plan, subscription.mailbox.location, months=months, on=on)


def _end_term(subscription: Subscription, *, on: date, moves_billing_day: bool) -> None:
    term = Term.objects.filter(subscription=subscription).latest("seq")
    if term.starts_on > on:
        # His location's day is ahead of the one that the act goes by.
        raise NotOpenThatDay(day=f"{on:%d %B %Y}")
    if term.basis == Basis.PAID_BEFORE:
        raise PaidElsewhere(day=f"{term.ends_on:%d %B %Y}")
    term.ends_on = on
    term.save(update_fields=["ends_on"])
    subscription.next_term_on = on
    subscription.next_bill_on = on
    if moves_billing_day:
        begun = subscription.month_starts_on < on
        subscription.month_ends_on = on if begun else next_billing_date(on, on.day)
    subscription.save(update_fields=["next_term_on", "next_bill_on", "month_ends_on"])
