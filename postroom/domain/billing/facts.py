"""What is given about one subscription, with the days on which it became known.

Plain values for the pure twin of the billing run, which is ``life``. A run on a day knows what
``known_on`` that day or before it; nothing here reads a clock or the database.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from postroom.base.periods import Period
from postroom.domain.billing.lines import Tax
from postroom.domain.billing.rating import new_highs
from postroom.domain.plans.services import Service
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.rule import Candidate, Holding, Told


@dataclass(frozen=True)
class Published(Candidate):
    """A version as the rule sees it, with the first day of its sale and when it was known."""

    sold_from: date = date.min
    known_on: date = date.min
    withdrawn_on: date | None = None


@dataclass(frozen=True)
class Notice:
    """A clearance for a version of a plan, and from which day on it was void."""

    plan: str
    told: Told
    known_on: date = date.min
    void_on: date | None = None


@dataclass(frozen=True)
class Protection:
    """A price lock until a day, or without one a pin; either ends with his own next switch."""

    until: date | None = None
    known_on: date = date.min


@dataclass(frozen=True)
class Switch:
    """That he chose a plan and terms of so many months, entered after the run of day ``on``."""

    on: date
    plan: str
    months: int
    #: Else at the next renewal.
    now: bool


@dataclass(frozen=True)
class Move:
    """That the operator moves him to a version of another plan, entered after the run of ``on``.

    At a renewal from ``not_before`` on; taken back after the run of ``taken_back_on``.
    """

    on: date
    plan: str
    number: int
    not_before: date
    taken_back_on: date | None = None


@dataclass(frozen=True)
class Closing:
    """The last day used, entered after the run of day ``on``; without one he stays after all."""

    on: date
    closes_on: date | None


@dataclass(frozen=True)
class Used:
    """So much of a service used on a local day, or for recipients the number held from then on.

    Entered before the run of ``entered_on``, usually the day on which it happened.
    ``corrections`` are what it counts since the run of a day, in their order.
    """

    service: Service
    on: date
    quantity: int
    happened_at: datetime | None = None
    entered_on: date | None = None
    corrections: Sequence[tuple[date, int]] = ()

    @property
    def known_on(self) -> date:
        return self.entered_on or self.on

    @property
    def told_on(self) -> list[date]:
        """The days on which something was learned of it."""
        return [self.known_on, *(day for day, _ in self.corrections)]

    def as_known(self, day: date) -> "Used":
        """Will return the entry with what the run of a day knows that it counts."""
        counts = [count for since, count in self.corrections if since <= day]
        return replace(self, quantity=counts[-1]) if counts else self


@dataclass(frozen=True)
class HandCharge:
    """An amount in minor units, charged by hand before the run of day ``on``."""

    on: date
    amount_minor: int
    taxable: bool = True


@dataclass(frozen=True)
class Life:
    """One subscription: what he joined, and what he and others did, in the order of its days.

    ``version`` is the one that he got, where it is not the one on sale when he came. ``taxes`` are
    what its location set, each with the first day whose run knew it.
    """

    plans: Mapping[str, Sequence[Published]]
    plan: str
    months: int
    starts_on: date
    billing_day: int
    version: int | None = None
    paid_until: date | None = None
    notices: Sequence[Notice] = ()
    protections: Sequence[Protection] = ()
    #: The versions for chosen customers that are for this one: each a plan and a number.
    chosen: Collection[tuple[str, int]] = ()
    switches: Sequence[Switch] = ()
    moves: Sequence[Move] = ()
    closings: Sequence[Closing] = ()
    used: Sequence[Used] = ()
    charges: Sequence[HandCharge] = ()
    taxes: Sequence[tuple[date, Tax | None]] = ()

    def terms(self, plan: str, number: int) -> Terms:
        return next(it.terms for it in self.plans[plan] if it.number == number)

    def candidates(self, plan: str, *, known: date) -> list[Published]:
        """Will return a plan's versions as the run of day ``known`` sees them."""
        return [
            replace(it, withdrawn=it.withdrawn_on is not None and it.withdrawn_on <= known)
            for it in self.plans[plan]
            if it.known_on <= known
        ]

    def on_sale(self, plan: str, months: int, *, on: date, known: date) -> int | None:
        """Will return the version that somebody gets who chooses that plan on a day, if any."""
        sold = [
            it
            for it in self.candidates(plan, known=known)
            if it.sold_from <= on and not it.withdrawn
        ]
        newest = max(sold, key=lambda it: it.number, default=None)
        return newest.number if newest and months in newest.terms.rates else None

    def holding(
        self, plan: str, number: int, months: int, *, known: date, chosen_on: date | None
    ) -> Holding:
        """Will return what he has and what protects him, as the run of day ``known`` sees it.

        ``chosen_on`` is the day of his own last switch: it ended the protections known by then.
        """
        protections = [
            it
            for it in self.protections
            if it.known_on <= known and (chosen_on is None or it.known_on > chosen_on)
        ]
        return Holding(
            number,
            months,
            pinned=any(it.until is None for it in protections),
            locked_until=max((it.until for it in protections if it.until), default=None),
            chosen=[chosen for of, chosen in self.chosen if of == plan],
            told=[
                replace(it.told, void=it.void_on is not None and it.void_on <= known)
                for it in self.notices
                if it.plan == plan and it.known_on <= known
            ],
        )

    def tax(self, *, known: date) -> Tax | None:
        return next((tax for day, tax in reversed(self.taxes) if day <= known), None)

    def units(self, service: Service, month: Period, *, known: date) -> dict[date, int]:
        """Will return the units of a service that a month used, by day."""
        entries = [
            it.as_known(known) for it in self.used if it.service == service and it.known_on <= known
        ]
        if service == Service.RECIPIENTS:
            return _recipients(entries, month)
        units: dict[date, int] = {}
        for it in entries:
            if it.on in month:
                units[it.on] = units.get(it.on, 0) + it.quantity
        return units


def _recipients(entries: Sequence[Used], month: Period) -> dict[date, int]:
    """Will return the new highs of a level: what an earlier month left is there on the first day.

    Unless the first day sets a level itself.
    """
    in_order = sorted(entries, key=lambda it: (it.on, *_hour(it)))
    within = [(it.on, it.quantity) for it in in_order if it.on in month]
    earlier = [it.quantity for it in in_order if it.on < month.starts_on]
    set_anew = any(day == month.starts_on for day, _ in within)
    carried = earlier[-1] if earlier and not set_anew else 0
    return new_highs(within, carried=carried, starts_on=month.starts_on)


def _hour(it: Used) -> tuple[bool, float, int]:
    """Will sort entries of one day: the last is the latest by the clock, without it the higher."""
    at = it.happened_at
    return (at is not None, at.timestamp() if at else 0.0, it.quantity)
