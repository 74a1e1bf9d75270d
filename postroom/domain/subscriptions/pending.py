"""A switch that waits for the next renewal: when it takes effect, and what it brings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from postroom.domain.plans.models import Plan, PlanVersion, Rate
from postroom.domain.plans.queries import all_standing_versions
from postroom.domain.subscriptions.models import (
    Subscription,
    Switch,
    SwitchState,
    SwitchTiming,
    Term,
)
from postroom.domain.subscriptions.renewals import first_renewal
from postroom.domain.users.models import User


@dataclass(frozen=True)
class Coming:
    """What a switch brings on its day, as far as is known now: a later version may be sold by then.

    Without a version or a rate the plan is not sold so on that day, and the switch would lapse.
    The operator's move brings its version at a renewal from ``starts_on`` on that allows it.
    """

    switch: Switch
    plan: Plan
    starts_on: date
    version: PlanVersion | None
    rate_minor: int | None

    @property
    def lapses(self) -> bool:
        return self.rate_minor is None

    @property
    def is_move(self) -> bool:
        return self.switch.moves_to_id is not None


def renewals_of(subscriptions: Collection[int]) -> dict[int, date]:
    """Will return the day after the whole period that each subscription is in."""
    last = Term.objects.filter(subscription__in=subscriptions).order_by("subscription_id", "-seq")
    return {
        term.subscription_id: term.whole_ends_on
        for term in last.distinct("subscription_id").only("subscription_id", "whole_ends_on")
    }


def coming_for(subscriptions: Collection[int]) -> dict[int, Coming]:
    """Will return what waits for each subscription that has a switch waiting."""
    waiting = list(
        Switch.objects.filter(
            subscription__in=subscriptions, state=SwitchState.PENDING
        ).select_related("plan", "subscription", "moves_to")
    )
    if not waiting:
        return {}
    renewals = renewals_of([it.subscription_id for it in waiting])
    plans = {it.pk: _followed(it) for it in waiting}
    standing = list(all_standing_versions().filter(plan__in=set(plans.values())).order_by("number"))
    rates = {
        (rate.version_id, rate.months): rate.amount_minor
        for rate in Rate.objects.filter(
            version__in=[*standing, *(it.moves_to for it in waiting if it.moves_to)]
        )
    }
    return {
        it.subscription_id: _coming(it, plans[it.pk], renewals[it.subscription_id], standing, rates)
        for it in waiting
    }


def _coming(
    switch: Switch,
    plan: Plan,
    starts_on: date,
    standing: list[PlanVersion],
    rates: dict[tuple[int, int], int],
) -> Coming:
    if switch.moves_to is not None and switch.not_before is not None:
        held = switch.subscription
        since = first_renewal(starts_on, held.months, held.billing_day, since=switch.not_before)
        rate_minor = rates.get((switch.moves_to.pk, switch.months))
        return Coming(switch, switch.plan, since, switch.moves_to, rate_minor)
    sold = [it for it in standing if it.plan_id == plan.pk and it.sold_from <= starts_on]
    version = sold[-1] if sold else None
    rate_minor = rates.get((version.pk, switch.months)) if version else None
    return Coming(switch, plan, starts_on, version, rate_minor)


def _followed(switch: Switch) -> Plan:
    """Will return the plan that has the name of the one that was chosen, if it was made legacy."""
    plan: Plan = switch.plan
    while (
        plan.succeeded_by_id is not None
        and plan.succeeded_on is not None
        and plan.succeeded_on > switch.on
    ):
        plan = Plan.objects.get(pk=plan.succeeded_by_id)
    return plan


def entered_already(
    subscription: Subscription,
    *,
    plan_id: int,
    months: int,
    timing: SwitchTiming,
    by: User,
    on: date,
) -> Switch | None:
    """Will find what the first half of a double click entered."""
    last = (
        Switch.objects.filter(subscription=subscription)
        .select_related("plan")
        .order_by("pk")
        .last()
    )
    same = last is not None and (
        (last.plan_id, last.months, last.timing, last.by_id, last.on)
        == (plan_id, months, timing, by.pk, on)
    )
    return last if same and last and last.state in {SwitchState.PENDING, SwitchState.DONE} else None
