"""What is left, what is over and what it costs, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.base.periods import Period
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import NOT_OFFERED, Allowance
from postroom.domain.usage.allowances import (
    Position,
    blocks_of,
    month_of,
    months_of,
    over_in_part,
)

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
billing_days = st.integers(1, 31)


@pytest.mark.parametrize(
    ("day", "billing_day", "starts_on", "ends_on"),
    [
        (date(2026, 6, 15), 1, date(2026, 6, 1), date(2026, 7, 1)),
        (date(2026, 6, 15), 15, date(2026, 6, 15), date(2026, 7, 15)),
        (date(2026, 6, 14), 15, date(2026, 5, 15), date(2026, 6, 15)),
        (date(2027, 2, 27), 31, date(2027, 1, 31), date(2027, 2, 28)),
        (date(2027, 2, 28), 31, date(2027, 2, 28), date(2027, 3, 31)),
        (date(2028, 2, 28), 29, date(2028, 1, 29), date(2028, 2, 29)),
        (date(2026, 12, 31), 31, date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 30), 31, date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_months(day: date, billing_day: int, starts_on: date, ends_on: date) -> None:
    assert month_of(day, billing_day) == Period(starts_on, ends_on)


@given(day=days, billing_day=billing_days)
def test_months_tile(day: date, billing_day: int) -> None:
    month = month_of(day, billing_day)
    assert day in month
    assert month_of(month.starts_on, billing_day) == month
    assert month_of(month.ends_on, billing_day).starts_on == month.ends_on
    assert 28 <= month.days <= 31


@given(first=days, count=st.integers(0, 900), billing_day=billing_days)
def test_months_are_listed_without_a_gap(first: date, count: int, billing_day: int) -> None:
    last = first + timedelta(days=count)
    months = months_of(first, last, billing_day)
    assert last in months[0]
    assert first in months[-1]
    assert [it.ends_on for it in months[1:]] == [it.starts_on for it in months[:-1]]


def test_blocks_are_counted_up() -> None:
    assert [blocks_of(over, 10) for over in (0, 1, 10, 11, 20, 21)] == [0, 1, 1, 2, 2, 3]


def position(used: int, limit: int = 5, extra_count: int = 1, fee: int = 50) -> Position:
    allowance = Allowance(Offer.RESTRICTED, limit, extra_count, fee)
    return Position(Service.OPEN_AND_SCAN, allowance, used)


@pytest.mark.parametrize(
    ("it", "left", "over", "extra", "next_one"),
    [
        (position(0), 5, 0, 0, 0),
        (position(4), 1, 0, 0, 0),
        (position(5), 0, 0, 0, 50),
        (position(7), 0, 2, 100, 50),
        (position(7, extra_count=10), 0, 2, 50, 0),
        (position(15, extra_count=10), 0, 10, 50, 50),
        (position(0, limit=0), 0, 0, 0, 50),
        (position(9, fee=0), 0, 4, 0, 0),
        (position(1_000_000, limit=0, fee=999), 0, 1_000_000, 999_000_000, 999),
    ],
)
def test_positions(it: Position, left: int, over: int, extra: int, next_one: int) -> None:
    assert (it.left, it.over, it.extra_minor, it.next_minor) == (left, over, extra, next_one)


@pytest.mark.parametrize("allowance", [NOT_OFFERED, Allowance(Offer.UNLIMITED)])
def test_without_a_limit_nothing_is_over(allowance: Allowance) -> None:
    it = Position(Service.FORWARD, allowance, 12)
    assert (it.limit, it.left, it.over, it.extra_minor, it.next_minor) == (None, None, 0, 0, 0)
    assert it.offered == (allowance.offer != Offer.NOT_OFFERED)


@given(
    used=st.integers(0, 500),
    limit=st.integers(0, 200),
    extra_count=st.integers(1, 20),
    fee=st.integers(0, 9_999),
)
def test_the_price_grows_by_the_next_ones(
    used: int, limit: int, extra_count: int, fee: int
) -> None:
    steps = [position(count, limit, extra_count, fee) for count in range(used)]
    last = position(used, limit, extra_count, fee)
    assert last.extra_minor == sum(it.next_minor for it in steps)
    assert last.over == last.blocks * extra_count - last.paid_ahead


@given(limit=st.integers(0, 50), parts=st.lists(st.integers(0, 30), max_size=6))
def test_parts_under_one_limit_are_the_whole(limit: int, parts: list[int]) -> None:
    over = [
        over_in_part(limit, before=sum(parts[:count]), used=used)
        for count, used in enumerate(parts)
    ]
    assert sum(over) == over_in_part(limit, before=0, used=sum(parts))


def test_a_lower_limit_later_takes_nothing_back() -> None:
    assert over_in_part(10, before=0, used=8) == 0
    assert over_in_part(5, before=8, used=2) == 2
