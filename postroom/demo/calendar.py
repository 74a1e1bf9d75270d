"""The demo's days: months ago and ahead, from today, so that it never looks old."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from postroom.base.periods import billing_date


@dataclass(frozen=True)
class Calendar:
    """Days around today, and the hour at which things were done on them."""

    on: date

    def first(self, months: int) -> date:
        """The first of the month that lies so many months ahead, or ago if negative."""
        return billing_date(self.on, months, 1)

    def days(self, count: int) -> date:
        return self.on + timedelta(days=count)


def at(day: date) -> datetime:
    """Will return the middle of a working day, the same day in every US time zone."""
    return datetime.combine(day, time(18, 0), tzinfo=UTC)


def night(day: date) -> datetime:
    """Will return an hour before work begins, the same day in every US time zone."""
    return datetime.combine(day, time(10, 0), tzinfo=UTC)
