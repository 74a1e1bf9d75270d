"""Keeping the terms of a group of a plan's customers: price locks, pins, and ending them."""

from dataclasses import dataclass
from datetime import date, datetime

from postroom.base.refusals import Refused
from postroom.base.sql import rows
from postroom.domain.plan_changes.asking import asked_of
from postroom.domain.plan_changes.grounds import grounds_of
from postroom.domain.plan_changes.groups import Group, members
from postroom.domain.plan_changes.models import Outcome, PlanChange
from postroom.domain.plan_changes.sheets import SQL, find_outcomes
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Pin, PriceLock
from postroom.domain.subscriptions.protecting_many import (
    Many,
    lock_many,
    pin_many,
    unprotect_many,
)
from postroom.domain.users.models import User


class NobodyMeant(Refused):
    """Nobody on this plan is in the group that you chose."""


@dataclass(frozen=True)
class Counted:
    """How many customers of a plan an act meant, and for how many it changed anything."""

    meant: int
    done: int

    @property
    def as_before(self) -> int:
        return self.meant - self.done


@dataclass(frozen=True)
class Protected:
    """How many of a group are open today, and how many of those are kept by what."""

    customers: int
    locked: int
    pinned: int


def lock_group(
    plan: Plan,
    group: Group,
    *,
    until: date,
    reason: str,
    by: User | None,
    at: datetime,
    on: date,
) -> Counted:
    """Will lock the price of a group until a day: worse terms wait for it, better ones pass.

    Raises NobodyMeant, ProtectionSaysNoReason or LockIsOver.
    """
    many = _many(plan, group, reason, by=by, at=at, on=on)
    return Counted(len(many.subscriptions), lock_many(many, until=until, on=on))


def pin_group(
    plan: Plan, group: Group, *, reason: str, by: User | None, at: datetime, on: date
) -> Counted:
    """Will keep a group on the versions that they have, whatever comes, until they switch.

    Raises NobodyMeant or ProtectionSaysNoReason.
    """
    many = _many(plan, group, reason, by=by, at=at, on=on)
    return Counted(len(many.subscriptions), pin_many(many))


def end_group(
    plan: Plan, group: Group, *, reason: str, by: User | None, at: datetime, on: date
) -> Counted:
    """Will end what keeps the terms of a group, for every term that has not opened yet.

    Raises NobodyMeant or ProtectionSaysNoReason.
    """
    many = _many(plan, group, reason, by=by, at=at, on=on)
    return Counted(len(many.subscriptions), unprotect_many(many))


def protected(plan: Plan, group: Group, *, on: date) -> Protected:
    """Will count a group, and those of it whose terms are kept already."""
    them = members(plan, group, on=on)
    locks = PriceLock.objects.filter(subscription__in=them, until__gt=on)
    return Protected(
        them.count(),
        locks.values("subscription_id").distinct().count(),
        Pin.objects.filter(subscription__in=them).count(),
    )


def ending_so(change: PlanChange, outcome: Outcome, *, on: date) -> Group:
    """Will return those of a change under way for whom it ends so, as of now.

    Raises NobodyMeant.
    """
    find_outcomes(grounds_of(change, asked_of(change), on=on))
    found = rows(SQL / "ending_so.sql", {"outcome": outcome.value})
    # Without picks, a group is everybody.
    if not found:
        raise NobodyMeant()
    return Group(picks=frozenset(it["subscription_id"] for it in found))


def _many(
    plan: Plan, group: Group, reason: str, *, by: User | None, at: datetime, on: date
) -> Many:
    if not (them := list(members(plan, group, on=on))):
        raise NobodyMeant()
    return Many(plan.operator, them, reason, by, at)
