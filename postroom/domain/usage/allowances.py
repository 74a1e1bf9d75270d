"""What is left of an allowance and what comes after it: whole numbers in, plain values out.

Nothing here touches the database. Pages show these numbers; billing charges them.
"""

from dataclasses import dataclass
from datetime import date

from postroom.base.periods import Period, billing_date, next_billing_date
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance


def month_of(day: date, billing_day: int) -> Period:
    """Will return the month, from billing day to billing day, that a day lies in.

    Counts are for such a month, whole also where a first term is a stub and inside longer terms.
    """
    ends_on = next_billing_date(day, billing_day)
    return Period(billing_date(ends_on, -1, billing_day), ends_on)


def months_of(first: date, last: date, billing_day: int) -> list[Period]:
    """Will return the months from the one of ``first`` to that of ``last``, the newest first."""
    months = [month_of(first, billing_day)]
    while months[-1].ends_on <= last:
        months.append(month_of(months[-1].ends_on, billing_day))
    return months[::-1]


def over_in_part(limit: int, *, before: int, used: int) -> int:
    """Will return how much of what a part of a month used lies beyond the limit in force then.

    ``before`` is what the month had used when the part began: no unit is over twice.
    """
    return max(0, before + used - max(limit, before))


def blocks_of(over: int, extra_count: int) -> int:
    """Will return the blocks that hold so many, a fraction of a block being a whole one."""
    return -(-over // extra_count)


@dataclass(frozen=True)
class Position:
    """How a subscription stands with one service in a month, under one allowance."""

    service: Service
    allowance: Allowance
    used: int

    @property
    def limit(self) -> int | None:
        """What the month includes; None is no limit."""
        offer = self.allowance.offer
        return (self.allowance.limit or 0) if offer == Offer.RESTRICTED else None

    @property
    def offered(self) -> bool:
        return self.allowance.offer != Offer.NOT_OFFERED

    @property
    def left(self) -> int | None:
        """What is still included; None is without end."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def over(self) -> int:
        """What bears an extra fee. A service that is not offered bears none."""
        return 0 if self.limit is None else over_in_part(self.limit, before=0, used=self.used)

    @property
    def blocks(self) -> int:
        return blocks_of(self.over, self.allowance.extra_count)

    @property
    def paid_ahead(self) -> int:
        """What the last block still holds."""
        return self.blocks * self.allowance.extra_count - self.over

    @property
    def extra_minor(self) -> int:
        """What the extras cost so far."""
        return self.blocks * self.allowance.extra_fee_minor

    @property
    def next_minor(self) -> int:
        """What one more costs: nothing where it is included or in a block that is paid."""
        one_more = Position(self.service, self.allowance, self.used + 1)
        return one_more.extra_minor - self.extra_minor
