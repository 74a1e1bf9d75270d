"""A chosen group of a plan's customers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.queries import Wanted, find_customers, open_on


@dataclass(frozen=True)
class Group:
    """Who meets every one of these; what is empty asks nothing."""

    locations: frozenset[int] = frozenset()
    months: int | None = None
    #: The id of the version that they hold.
    version: int | None = None
    #: Subscriptions picked by hand.
    picks: frozenset[int] = frozenset()


def pack(group: Group) -> dict[str, Any]:
    """Will turn a group into plain JSON; ``unpack`` is its inverse."""
    return {
        "locations": sorted(group.locations),
        "months": group.months,
        "version": group.version,
        "picks": sorted(group.picks),
    }


def unpack(packed: Mapping[str, Any]) -> Group:
    """Will turn what ``pack`` made back into a group."""
    return Group(
        frozenset(packed["locations"]),
        packed["months"],
        packed["version"],
        frozenset(packed["picks"]),
    )


def to_pick_from(plan: Plan, group: Group, words: str, *, on: date) -> QuerySet[Subscription]:
    """Will return whom to pick among: those that the group's filter leaves, by name.

    With ``words``, those whose name, e-mail, phone or mailbox number has them.
    """
    left = members(plan, replace(group, picks=frozenset()), on=on).order_by()
    found = Subscription.objects.filter(pk__in=left)
    if words:
        wanted = Wanted(words, plan_id=plan.pk)
        found = found.filter(customer__in=find_customers(wanted, on=on).order_by())
    return found.select_related("customer", "mailbox__location").order_by("customer__name", "pk")


def members(plan: Plan, group: Group, *, on: date) -> QuerySet[Any, int]:
    """Will return the ids of the plan's subscriptions, open on a day, that are of the group."""
    found = open_on(on).filter(plan=plan)
    if group.locations:
        found = found.filter(mailbox__location__in=group.locations)
    if group.months is not None:
        found = found.filter(months=group.months)
    if group.version is not None:
        found = found.filter(version=group.version)
    if group.picks:
        found = found.filter(pk__in=group.picks)
    return found.order_by("pk").values_list("pk", flat=True)
