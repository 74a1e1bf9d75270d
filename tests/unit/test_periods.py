"""Periods: anchored on a billing day, tiling, and shares of the whole period."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.base.periods import Period, billing_date, local_day, next_billing_date, term_from

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
billing_days = st.integers(1, 31)
cycles = st.sampled_from((1, 3, 6, 12, 14))


def test_day_31_is_met_on_the_last_day() -> None:
    start = date(2028, 1, 31)
    assert [billing_date(start, count, 31) for count in range(4)] == [
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]
    assert billing_date(date(2027, 2, 3), 0, 31) == date(2027, 2, 28)


@given(day=days, months=cycles, billing_day=billing_days)
def test_terms_tile_from_any_day_on(day: date, months: int, billing_day: int) -> None:
    own, whole = term_from(day, months, billing_day)
    assert own.starts_on == day
    assert whole.starts_on <= own.starts_on < own.ends_on == whole.ends_on
    for _ in range(30):
        after, after_whole = term_from(own.ends_on, months, billing_day)
        assert (after, after.starts_on) == (after_whole, own.ends_on)
        assert 28 * months <= after.days <= 31 * months
        own = after


@given(day=days, billing_day=billing_days)
def test_the_next_billing_date_is_the_first_one(day: date, billing_day: int) -> None:
    found = next_billing_date(day, billing_day)
    later = (day + timedelta(days=count) for count in range(1, 40))
    assert found == next(it for it in later if it == billing_date(it, 0, billing_day))


def test_a_stub_is_a_share_of_the_whole() -> None:
    own, whole = term_from(date(2026, 1, 20), 1, 1)
    assert own == Period(date(2026, 1, 20), date(2026, 2, 1))
    assert whole == Period(date(2026, 1, 1), date(2026, 2, 1))
    assert (own.days, whole.days) == (12, 31)


def test_a_period_is_half_open_and_never_empty() -> None:
    period = Period(date(2026, 1, 1), date(2026, 1, 2))
    assert date(2026, 1, 1) in period
    assert date(2026, 1, 2) not in period
    with pytest.raises(ValueError, match="is not after"):
        Period(date(2026, 1, 1), date(2026, 1, 1))


def test_a_day_begins_where_the_people_are() -> None:
    at = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
    assert local_day(at, "America/New_York") == date(2026, 3, 1)
    assert local_day(at, "America/Los_Angeles") == date(2026, 2, 28)
    assert local_day(at, "Pacific/Kiritimati") == date(2026, 3, 1)
