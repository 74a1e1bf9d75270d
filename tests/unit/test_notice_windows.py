"""When somebody may be told, and for which first days telling on a day is in time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.domain.notices.windows import DEFAULT, Place, Rule, cleared, that_apply, window

CALIFORNIA = Rule("US-CA", 7, 30)
NEW_YORK = Rule("US-NY", 5, 30)
VISA = Rule("*", 7)
BRITAIN = Rule("GB", 10, working=True)
SEPA = Rule("EU", 14)
ALL = [CALIFORNIA, NEW_YORK, VISA, BRITAIN, SEPA]
MARCH = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("places", "applied"),
    [
        ([Place("US", "TX")], [VISA]),
        ([Place("US", "CA")], [CALIFORNIA, VISA]),
        ([Place("us", " California ")], [CALIFORNIA, VISA]),
        ([Place("US", "TX"), Place("US", "new york")], [NEW_YORK, VISA]),
        ([Place("US", "NY"), Place("US", "CA")], [CALIFORNIA, NEW_YORK, VISA]),
        ([Place("GB", "England")], [VISA, BRITAIN]),
        ([Place("NL")], [VISA, SEPA]),
        ([Place("XX", "?")], [VISA]),
    ],
)
def test_rules_of_every_place_apply(places: list[Place], applied: list[Rule]) -> None:
    assert that_apply(ALL, places) == [DEFAULT, *applied]


def test_usually_21_days_before_and_never_later_than_10() -> None:
    days = window(MARCH, [DEFAULT])
    assert (days.opens_on, days.planned_on, days.closes_on) == (
        None,
        date(2027, 2, 8),
        date(2027, 2, 19),
    )
    assert date(2026, 1, 1) in days
    assert date(2027, 2, 20) not in days


def test_california_allows_no_more_than_30() -> None:
    """A letter sent 40 days ahead is too early: a second one goes out inside the window."""
    days = window(MARCH, [DEFAULT, CALIFORNIA])
    assert (days.opens_on, days.closes_on) == (date(2027, 1, 30), date(2027, 2, 19))
    assert MARCH - timedelta(days=40) not in days
    assert days.planned_on in days
    assert cleared(MARCH - timedelta(days=40), [DEFAULT, CALIFORNIA]) == (
        MARCH - timedelta(days=30),
        MARCH - timedelta(days=10),
    )


def test_working_days_are_those_of_the_country() -> None:
    """Ten of them before 4 January 2027 leave out Christmas, New Year and three weekends."""
    first = date(2027, 1, 4)
    days = window(first, [DEFAULT, BRITAIN])
    assert days.closes_on == date(2026, 12, 16)
    assert cleared(days.closes_on, [DEFAULT, BRITAIN])[0] <= first
    assert cleared(days.closes_on + timedelta(days=1), [DEFAULT, BRITAIN])[0] > first


def test_rules_that_contradict_leave_no_day() -> None:
    days = window(MARCH, [Rule("*", 40), CALIFORNIA])
    assert not days.is_lawful
    first, last = cleared(date(2027, 1, 20), [Rule("*", 40), CALIFORNIA])
    assert last is not None
    assert last < first


RULES = st.lists(
    st.builds(
        Rule,
        st.sampled_from(["*", "GB", "US"]),
        st.integers(0, 40),
        st.none() | st.integers(0, 60),
        st.booleans(),
    ).filter(lambda it: not it.working or it.jurisdiction != "*"),
    max_size=4,
)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(RULES, DAYS, st.integers(0, 90))
def test_what_is_cleared_is_what_was_in_the_window(
    rules: list[Rule], told_on: date, later: int
) -> None:
    applied = [DEFAULT, *rules]
    first, last = cleared(told_on, applied)
    first_day = told_on + timedelta(days=later)
    is_cleared = first <= first_day and (last is None or first_day <= last)
    assert (told_on in window(first_day, applied)) == is_cleared


@given(RULES, DAYS)
def test_the_planned_day_is_in_the_window_if_any_is(rules: list[Rule], first_day: date) -> None:
    days = window(first_day, [DEFAULT, *rules])
    assert (days.planned_on in days) == days.is_lawful
