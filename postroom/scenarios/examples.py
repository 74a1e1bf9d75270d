"""A worked example as plain values: what is given, and what must be billed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from postroom.domain.billing.models import LineKind
from postroom.domain.plans.services import Service, Timing
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.models import SwitchTiming


@dataclass(frozen=True)
class Version:
    """A version of a plan, with all of its terms."""

    terms: Terms
    sold_from: date
    existing_from: date | None
    timing: Timing


@dataclass(frozen=True)
class Switch:
    """A customer's move to another plan or length of term, entered after the run of its day."""

    on: date
    to: str
    months: int
    timing: SwitchTiming


@dataclass(frozen=True)
class Customer:
    """A customer with one subscription, and what he does."""

    plan: str
    months: int
    starts_on: date
    billing_day: int
    closes_on: date | None = None
    switches: tuple[Switch, ...] = ()
    price_lock_until: date | None = None
    pinned_version: int | None = None

    @property
    def plans(self) -> list[str]:
        """The plans that he may be on, his first one first."""
        return list(dict.fromkeys([self.plan, *(it.to for it in self.switches)]))


@dataclass(frozen=True)
class Notice:
    """That a notice of a version was accepted."""

    subscription: str
    version: int
    accepted_on: date


@dataclass(frozen=True)
class Use:
    """An entry of usage, with the local day that it falls on."""

    key: str
    subscription: str
    service: Service
    when: date | datetime
    on: date
    quantity: int


@dataclass(frozen=True)
class Line:
    """An expected line; a version or service that is not given may be any."""

    kind: LineKind
    starts_on: date
    ends_on: date
    amount_minor: int
    version: int | None = None
    service: Service | None = None


@dataclass(frozen=True)
class Expectation:
    """The lines of each subscription, and who could not be opened or moved, and when."""

    lines: Mapping[str, tuple[Line, ...]]
    refused: frozenset[tuple[str, date]]

    @property
    def last_day(self) -> date:
        """The day of the last thing expected: extras are billed when they end."""
        late = {LineKind.EXTRA, LineKind.STORAGE}
        billed = [
            line.ends_on if line.kind in late else line.starts_on
            for lines in self.lines.values()
            for line in lines
        ]
        return max([*billed, *(on for _, on in self.refused)], default=date.min)


@dataclass(frozen=True)
class Scenario:
    """A small world with dates and amounts, and what must come of it."""

    name: str
    title: str
    currency: str
    time_zone: str
    first_day: date
    #: The last day of the run, or None for the one that yields the last expected line.
    last_day: date | None
    tax_percent: Decimal
    notices: Literal["assume", "none"] | tuple[Notice, ...]
    plans: Mapping[str, tuple[Version, ...]]
    customers: Mapping[str, Customer]
    used: tuple[Use, ...]
    expect: Expectation | None
