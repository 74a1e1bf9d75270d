"""Periods: half-open spans of local days, anchored on a billing day of the month."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Period:
    """The local days from ``starts_on`` up to, not including, ``ends_on``."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        """Will refuse an empty or backward period."""
        if self.ends_on <= self.starts_on:
            raise ValueError(f"{self.ends_on} is not after {self.starts_on}")

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day < self.ends_on


def local_day(at: datetime, time_zone: str) -> date:
    """Will return the calendar day that an instant falls on in a time zone."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def billing_date(day: date, months: int, billing_day: int) -> date:
    """Will return the billing date in the month that lies ``months`` after ``day``'s month.

    Day 31 is met on the last day of a short month. Computed from the billing day, never from
    the last end, so that 31 January is followed by 28 February and then 31 March.
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(billing_day, monthrange(years, month + 1)[1]))


def next_billing_date(day: date, billing_day: int) -> date:
    """Will return the first billing date after ``day``."""
    this_month = billing_date(day, 0, billing_day)
    return this_month if this_month > day else billing_date(day, 1, billing_day)


def term_from(starts_on: date, months: int, billing_day: int) -> tuple[Period, Period]:
    """Will return a term's own days and the whole period that its rate is for.

    A term that starts on a billing date is whole. Any other first term is a stub up to the next
    billing date, and the whole is the full term that would end there: its days are the
    denominator of the stub's share.
    """
    if starts_on == billing_date(starts_on, 0, billing_day):
        whole = Period(starts_on, billing_date(starts_on, months, billing_day))
        return whole, whole
    ends_on = next_billing_date(starts_on, billing_day)
    return Period(starts_on, ends_on), Period(billing_date(ends_on, -months, billing_day), ends_on)
