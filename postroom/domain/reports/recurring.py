"""Monthly recurring revenue: what the terms that are held come to a month, and how it moved.

A term's rate divided by its months. Sums are exact fractions of minor units; what shows a figure
rounds it, once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q, TextChoices

from postroom.domain.reports.months import Month, View
from postroom.domain.reports.reading import figures
from postroom.domain.subscriptions.models import Subscription

ZERO = Fraction(0)


class Movement(TextChoices):
    """Why a subscription's part differs between the end of a month and the end of the next."""

    NEW = "new", "New"
    UP = "up", "Up"
    CHANGE_UP = "change_up", "Plan change, up"
    CHANGE_DOWN = "change_down", "Plan change, down"
    DOWN = "down", "Down"
    GONE = "gone", "Gone"


@dataclass(frozen=True)
class Moved:
    """How many subscriptions moved, and by how many minor units a month in all."""

    subscriptions: int = 0
    minor: Fraction = ZERO


@dataclass(frozen=True)
class Held:
    """How many subscriptions are held on a day, and what they come to a month."""

    subscriptions: int = 0
    minor: Fraction = ZERO

    @property
    def average(self) -> Fraction | None:
        """What one of them comes to a month."""
        return self.minor / self.subscriptions if self.subscriptions else None


@dataclass(frozen=True)
class RecurringMonth:
    """A month's opening, movements and closing: the first two sum to the last."""

    month: Month
    opening: Held
    moved: Mapping[Movement, Moved]
    closing: Held

    @property
    def net(self) -> Fraction:
        return self.closing.minor - self.opening.minor

    @property
    def churn(self) -> Fraction | None:
        """What is gone, as a share of the opening."""
        gone = -self.moved.get(Movement.GONE, Moved()).minor
        return gone / self.opening.minor if self.opening.minor else None


def recurring(view: View) -> list[RecurringMonth]:
    """Will return each month's opening, movements and closing."""
    standing = held_on(view, view.months[0].day_before)
    moved, more = defaultdict[int, dict[Movement, Moved]](dict), defaultdict[int, int](int)
    for row in figures("moves", {**view.facts, **IN_SUMS, **between(view.months)}):
        movements = moved[row["n"]]
        movement = Movement(row["movement"])
        before = movements.get(movement, Moved())
        movements[movement] = Moved(
            before.subscriptions + row["subscriptions"], before.minor + change_of(row)
        )
        more[row["n"]] += row["more_subscriptions"]
    found = list[RecurringMonth]()
    for n, month in enumerate(view.months, 1):
        opening = standing
        standing = Held(
            opening.subscriptions + more[n],
            opening.minor + sum((it.minor for it in moved[n].values()), ZERO),
        )
        found.append(RecurringMonth(month, opening, moved[n], standing))
    return found


#: What the statements take for sums instead of a list.
IN_SUMS: Mapping[str, Any] = {"listed": False, "movement": None, "skip": 0, "most": None}


def between(months: Sequence[Month]) -> Mapping[str, Any]:
    """Will name the days that movements lie between: the ends of months, today's of the last."""
    days = [months[0].day_before, *(it.last_day for it in months)]
    return {"days": days, "first": days[0], "last": days[-1]}


def held_on(view: View, day: date) -> Held:
    """Will return what is held on a day, under the last terms begun by then."""
    found = figures("held", {**view.facts, **IN_SUMS, "days": [day]})
    return Held(sum(it["subscriptions"] for it in found), sum_of(found))


def moved_in(view: View, month: Month, movement: Movement) -> Moved:
    """Will return what a movement of a month comes to."""
    asked = {**IN_SUMS, "movement": movement.value, **between([month])}
    found = figures("moves", {**view.facts, **asked})
    return Moved(
        sum(it["subscriptions"] for it in found), sum((change_of(it) for it in found), ZERO)
    )


def customers_now(view: View) -> int:
    """Will count the customers who hold something on the last day."""
    held = Subscription.objects.filter(starts_on__lte=view.last_day).filter(
        Q(closes_on__isnull=True) | Q(closes_on__gte=view.last_day)
    )
    if view.location_id is not None:
        held = held.filter(mailbox__location=view.location_id)
    if view.plan_id is not None:
        held = held.filter(plan=view.plan_id)
    return held.values("customer_id").distinct().count()


def sum_of(found: Iterable[Mapping[str, Any]]) -> Fraction:
    """Will add up rates, each divided by the months that it is for."""
    return sum((Fraction(it["amount_minor"], it["months"]) for it in found), ZERO)


def change_of(row: Mapping[str, Any]) -> Fraction:
    """Will return by how much a movement changed what is held; nothing held is nothing a month."""
    before = Fraction(row["from_minor"], row["from_months"] or 1)
    return Fraction(row["to_minor"], row["to_months"] or 1) - before
