"""On which day inside a term a version takes over on its date."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.domain.plans.services import Timing
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.rule import Candidate, Holding, Told, split_day, version_for


def may(day: int) -> date:
    return date(2026, 4, 30) + timedelta(days=day)


def version(number: int, rate: int, day: int | None, *, on_date: bool = True) -> Candidate:
    timing = Timing.ON_DATE if on_date else Timing.NEXT_TERM
    existing_from = None if day is None else may(day)
    return Candidate(number, Terms({1: rate, 3: rate}), existing_from, timing=timing)


HELD = version(1, 10, None)


def split(
    *later: Candidate, months: int = 1, told: Sequence[Told] = (), **facts: Any
) -> int | None:
    """Will return the day of May inside the term from 1 May to 1 June."""
    holding = Holding(1, months, told=told, **facts)
    day = split_day(holding, [HELD, *later], after=may(1), before=may(32))
    return None if day is None else (day - may(0)).days


@pytest.mark.parametrize(
    ("comes_on", "day"), [(1, 2), (2, 2), (15, 15), (31, 31), (32, None), (-9, 2), (None, None)]
)
def test_a_better_version_comes_on_its_day(comes_on: int | None, day: int | None) -> None:
    assert split(version(2, 9, comes_on)) == day


def test_only_terms_of_a_month_are_split() -> None:
    assert split(version(2, 9, 15), months=3) is None


def test_the_highest_version_of_the_day_decides() -> None:
    assert split(version(2, 9, 15), version(3, 8, 12, on_date=False)) is None
    assert split(version(2, 9, 15), version(3, 8, 16, on_date=False)) == 15
    assert split(version(2, 9, 15, on_date=False), version(3, 8, 20)) == 20


def test_a_worse_one_comes_when_telling_begins_to_hold() -> None:
    worse = version(2, 11, 10)
    assert split(worse) is None
    assert split(worse, told=[Told(2, may(12))]) == 12
    assert split(worse, told=[Told(2, may(12), void=True)]) is None
    assert split(worse, told=[Told(2, may(12))], pinned=True) is None
    assert split(worse, told=[Told(2, may(1), may(9))]) is None


def test_it_comes_when_a_lock_ends_or_another_version_is_not_told_of_any_more() -> None:
    worse, worst = version(2, 11, 10), version(3, 12, 10, on_date=False)
    told = [Told(2, may(1)), Told(3, may(1), may(19))]
    assert split(worse, told=told, locked_until=may(15)) == 15
    assert split(worse, worst, told=told) == 20


days = st.integers(-2, 34)
candidates = st.builds(
    version, st.integers(2, 4), st.integers(8, 12), st.none() | days, on_date=st.booleans()
)


@given(
    later=st.lists(candidates, unique_by=lambda it: it.number, max_size=3),
    told=st.lists(st.tuples(days, days, st.integers(2, 4)), max_size=3),
    locked=st.none() | days,
)
def test_it_is_the_first_day_on_which_the_rule_gives_one(
    later: list[Candidate], told: list[tuple[int, int, int]], locked: int | None
) -> None:
    known = [HELD, *later]
    numbers = {it.number for it in later}
    clearances = [
        Told(number, may(min(a, b)), may(max(a, b))) for a, b, number in told if number in numbers
    ]
    until = None if locked is None else may(locked)
    holding = Holding(1, 1, told=clearances, locked_until=until)
    on_date = {it.number for it in later if it.timing is Timing.ON_DATE}
    inside = [may(day) for day in range(2, 32)]
    given_on_date = [it for it in inside if version_for(holding, known, on=it) in on_date]
    expected = given_on_date[0] if given_on_date else None
    assert split_day(holding, known, after=may(1), before=may(32)) == expected
    longer = replace(holding, months=3)
    assert split_day(longer, known, after=may(1), before=may(32)) is None
