"""The first days of a subscription: how they are cut, and when they are billed."""

from datetime import date, timedelta

from django.db.models import TextChoices

from postroom.base.periods import Period, billing_date, next_billing_date, term_from
from postroom.base.refusals import Refused


class Charge(TextChoices):
    """When somebody who starts between two billing dates is billed for the days up to the next."""

    NOW = "now", "With the start"
    NEXT_BILLING_DATE = "next_billing_date", "At the next billing date"


class PaidUntilOffBillingDay(Refused):
    """Paid until must fall on the billing day, which is {billing_day}."""

    field = "paid_until"


class PaidUntilTooEarly(Refused):
    """Paid until must lie after the start."""

    field = "paid_until"


def first_month(own: Period, billing_day: int, counted_from: date) -> Period:
    """Will return the month of the first term in which usage is first counted."""
    day = min(counted_from, own.ends_on - timedelta(days=1))
    ends_on = next_billing_date(max(day, own.starts_on), billing_day)
    return Period(max(own.starts_on, billing_date(ends_on, -1, billing_day)), ends_on)


def first_bill(month: Period, billing_day: int, charge: Charge, paid: date | None) -> date:
    """Will return when there is something to bill first, ``month`` being the first one counted."""
    starts_on = month.starts_on
    is_billing_date = starts_on == billing_date(starts_on, 0, billing_day)
    # What they paid elsewhere is not billed: only the extras of its months are.
    later = paid is not None or (charge == Charge.NEXT_BILLING_DATE and not is_billing_date)
    return month.ends_on if later else starts_on


def first_term(
    starts_on: date, months: int, billing_day: int, paid_until: date | None
) -> tuple[Period, Period]:
    if paid_until is None:
        return term_from(starts_on, months, billing_day)
    if paid_until <= starts_on:
        raise PaidUntilTooEarly()
    if paid_until != billing_date(paid_until, 0, billing_day):
        raise PaidUntilOffBillingDay(billing_day=billing_day)
    # What he paid elsewhere may be longer than one term of ours; it is never billed.
    whole = min(billing_date(paid_until, -months, billing_day), starts_on)
    return Period(starts_on, paid_until), Period(whole, paid_until)
