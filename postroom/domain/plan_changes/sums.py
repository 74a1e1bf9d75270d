"""What a sheet comes to: how many end how, what a month costs more, and where which rules apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from postroom.domain.plan_changes.models import Outcome

#: Bars in the plot of what a month costs more.
BARS = 12


@dataclass(frozen=True)
class Bar:
    """Customers whose month changes by about as much, in minor units, both ends included."""

    least_minor: int
    most_minor: int
    customers: int


@dataclass(frozen=True)
class AtPlace:
    """The customers of one place who have to be told, and the first day that is lawful there."""

    #: As the sheet's lines name it.
    number: int
    where: str
    rules: tuple[str, ...]
    customers: int
    first_day: date


@dataclass(frozen=True)
class Spread:
    """What a month costs more, on the average of each customer's last ones, in minor units."""

    least_minor: int
    median_minor: int
    most_minor: int
    #: Of all customers together.
    total_minor: int


@dataclass(frozen=True)
class Sums:
    """What a change does, counted."""

    customers: int
    #: How many it reaches at all, now or later.
    reached: int
    worse: int
    dearer: int
    cheaper: int
    #: How many used more in their last months than the new allowance, and not than the old.
    above: int
    outcomes: Mapping[Outcome, int]
    #: The first and the last day on which it starts for anybody.
    first_day: date | None
    last_day: date | None
    first_notice_on: date | None
    last_notice_on: date | None
    spread: Spread | None
    bars: tuple[Bar, ...]
    places: tuple[AtPlace, ...]

    def ending(self, outcome: str) -> int:
        """Will return how many customers end so."""
        return self.outcomes.get(Outcome(outcome), 0)


def unpack(packed: Mapping[str, Any]) -> Sums:
    """Will turn what a sheet keeps back into its sums."""
    reached = packed["reached"]
    return Sums(
        customers=packed["customers"],
        reached=reached,
        worse=packed["worse"],
        dearer=packed["dearer"],
        cheaper=packed["cheaper"],
        above=packed["above"],
        outcomes={it: packed["outcomes"][it] for it in Outcome if it in packed["outcomes"]},
        first_day=_day(packed["first_day"]),
        last_day=_day(packed["last_day"]),
        first_notice_on=_day(packed["first_notice_on"]),
        last_notice_on=_day(packed["last_notice_on"]),
        spread=_spread(packed) if reached else None,
        bars=tuple(Bar(it["least"], it["most"], it["customers"]) for it in packed["bars"]),
        places=tuple(
            AtPlace(
                it["place"],
                it["where"],
                tuple(it["rules"]),
                it["customers"],
                date.fromisoformat(it["first_day"]),
            )
            for it in packed["places"]
        ),
    )


def _spread(packed: Mapping[str, Any]) -> Spread:
    return Spread(*(int(packed[it]) for it in ("least", "median", "most", "total")))


def _day(packed: str | None) -> date | None:
    return date.fromisoformat(packed) if packed else None
