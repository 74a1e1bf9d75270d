"""Lines and bills as plain values: what the billing run writes, without a database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from postroom.domain.billing.rating import included_tax, tax
from postroom.domain.plans.services import Service


@dataclass(frozen=True)
class Tax:
    """A percentage, added to amounts or contained in them."""

    percent: Decimal
    included: bool = False


@dataclass(frozen=True)
class Line:
    """One amount in minor units, for the days from ``starts_on`` up to, not including, ``ends_on``.

    ``kind`` is a word of ``LineKind``. A credit is below zero. A rate or credit is ``days`` of
    ``whole_days`` of the rate; an extra is what ``over`` comes to, less what was billed before.
    """

    kind: str
    starts_on: date
    ends_on: date
    amount_minor: int
    service: Service | None = None
    plan: str = ""
    version: int | None = None
    days: int | None = None
    whole_days: int | None = None
    used_before: int | None = None
    used: int | None = None
    over: int | None = None
    #: What its amount is taxed with; none is not taxed.
    tax: Tax | None = None


@dataclass(frozen=True)
class Bill:
    """What a due date comes to: an invoice, or below zero a credit note.

    ``by_switch`` tells that it was written at once for a switch, beside that date's own bill.
    """

    billed_on: date
    lines: tuple[Line, ...]
    by_switch: bool = False

    @property
    def total_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines)

    @property
    def included_tax_minor(self) -> int:
        """The tax that its amounts contain, rounded once for each percentage."""
        return sum(
            included_tax(amount_of(lines), it.percent)
            for it, lines in by_tax(self.lines).items()
            if it.included
        )


def taxed(lines: Iterable[Line]) -> list[Line]:
    """Will return the lines of a bill, with one for each tax that is added, spanning its lines."""
    lines = list(lines)
    return lines + [
        Line(
            "tax",
            min(line.starts_on for line in those),
            max(line.ends_on for line in those),
            tax(amount_of(those), it.percent),
        )
        for it, those in by_tax(lines).items()
        if not it.included
    ]


def by_tax(lines: Iterable[Line]) -> dict[Tax, list[Line]]:
    """Will group the lines that are taxed and come to something by what they are taxed with."""
    groups: dict[Tax, list[Line]] = {}
    for line in lines:
        if line.tax is not None and line.amount_minor:
            groups.setdefault(line.tax, []).append(line)
    return groups


def amount_of(lines: Iterable[Line]) -> int:
    """Will return the sum of lines in minor units."""
    return sum(line.amount_minor for line in lines)
