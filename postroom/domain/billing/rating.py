"""What a line comes to: shares of a rate, credits, extras, tax. Whole numbers in, plain values out.

Amounts are minor units of the operator's currency. Each function rounds once, at its end, halves
away from zero. Nothing here touches the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from postroom.base.money import round_half_away
from postroom.domain.plans.services import Offer
from postroom.domain.plans.terms import Allowance
from postroom.domain.usage.allowances import blocks_of, over_in_part


def share(amount_minor: int, *, days: int, whole_days: int) -> int:
    """Will return what so many days cost of an amount that is for ``whole_days`` of them."""
    return round_half_away(Fraction(amount_minor * days, whole_days))


def credit(
    rate_minor: int, *, unused: int, whole_days: int, charged_minor: int, credited_minor: int = 0
) -> int:
    """Will return the credit, zero or below, for days of a term that are not used any more.

    ``unused`` are all such days of the term, also those that ``credited_minor``, above zero, was
    given back for before. Nobody gets back more than he was charged.
    """
    due = min(share(rate_minor, days=unused, whole_days=whole_days), charged_minor)
    return credited_minor - due


def tax(amount_minor: int, percent: Decimal) -> int:
    """Will return the tax to add to an amount; of a credit it is below zero."""
    return round_half_away(amount_minor * Fraction(percent) / 100)


def included_tax(amount_minor: int, percent: Decimal) -> int:
    """Will return the tax that an amount contains: the amount less amount / (1 + percent)."""
    fraction = Fraction(percent) / 100
    return round_half_away(amount_minor * fraction / (1 + fraction))


@dataclass(frozen=True)
class Span:
    """Days of a month, half-open, under one allowance of a service."""

    starts_on: date
    ends_on: date
    allowance: Allowance


@dataclass(frozen=True)
class Part:
    """Days of a month over which a service's allowance stays the same, and what they used.

    ``used_before`` is what the month had used when the part began, under whatever allowance.
    """

    starts_on: date
    ends_on: date
    allowance: Allowance
    used_before: int
    used: int

    @property
    def over(self) -> int:
        """What bears an extra fee; nothing does where the service is not offered or unlimited."""
        if self.allowance.offer != Offer.RESTRICTED:
            return 0
        limit = self.allowance.limit or 0
        return over_in_part(limit, before=self.used_before, used=self.used)

    @property
    def amount_minor(self) -> int:
        """What the extras of this part cost, a fraction of a block being a whole one."""
        blocks = blocks_of(self.over, self.allowance.extra_count)
        return blocks * self.allowance.extra_fee_minor


def parts_of(spans: Sequence[Span], used: Mapping[date, int]) -> list[Part]:
    """Will return the parts of a month, from its spans in order and what each day used.

    A part ends only where the allowance changes: neighbours under an equal one are one part, and
    a span keeps the two beside it apart even if nothing was used in it.
    """
    parts = list[Part]()
    before = 0
    for span in _merged(spans):
        within = sum(n for day, n in used.items() if span.starts_on <= day < span.ends_on)
        parts.append(Part(span.starts_on, span.ends_on, span.allowance, before, within))
        before += within
    return parts


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged = list[Span]()
    for span in spans:
        if span.ends_on <= span.starts_on:
            continue
        if merged and merged[-1].allowance == span.allowance:
            span = Span(merged.pop().starts_on, span.ends_on, span.allowance)  # noqa: PLW2901
        merged.append(span)
    return merged


def new_highs(
    levels: Iterable[tuple[date, int]], *, carried: int, starts_on: date
) -> dict[date, int]:
    """Will turn the levels that a month sets, in order of days, into units used on their days.

    A level is billed by its highest of the month, so each new high uses what it adds, on its day.
    ``carried`` is the level that the month began with: used on its first day.
    """
    units = {starts_on: carried} if carried else {}
    highest = carried
    for day, held in levels:
        if held > highest:
            units[day] = units.get(day, 0) + held - highest
            highest = held
    return units
