"""When terms renew. Plain values."""

from datetime import date

from postroom.base.periods import billing_date


def first_renewal(renewal: date, months: int, billing_day: int, *, since: date) -> date:
    """Will return the first renewal on or after a day, of terms one of which starts on ``renewal``.

    The twin of ``first_renewal`` in SQL.
    """
    if renewal >= since:
        return renewal
    apart = (since.year - renewal.year) * 12 + since.month - renewal.month
    whole = apart // months * months
    found = billing_date(renewal, whole, billing_day)
    return found if found >= since else billing_date(renewal, whole + months, billing_day)
