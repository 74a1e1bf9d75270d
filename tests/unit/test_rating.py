"""What a line comes to: shares, credits, tax and the parts of a month."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.domain.billing.rating import (
    Part,
    Span,
    credit,
    included_tax,
    new_highs,
    parts_of,
    share,
    tax,
)
from postroom.domain.plans.services import Offer
from postroom.domain.plans.terms import NOT_OFFERED, Allowance

amounts = st.integers(0, 10_000_000)
whole = st.integers(1, 366)


@pytest.mark.parametrize(
    ("amount", "days", "whole_days", "comes_to"),
    [
        (59995, 29, 31, 56124),
        (59995, 1, 29, 2069),
        (4995, 16, 30, 2664),
        (5995, 14, 30, 2798),
        (133590, 7, 365, 2562),
        (999, 16, 31, 516),
        (1001, 15, 30, 501),
        (3750, 16, 31, 1935),
        (6500, 21, 31, 4403),
        (1000, 31, 31, 1000),
        (1000, 0, 31, 0),
        (0, 5, 31, 0),
    ],
)
def test_shares(amount: int, days: int, whole_days: int, comes_to: int) -> None:
    assert share(amount, days=days, whole_days=whole_days) == comes_to


@pytest.mark.parametrize(
    ("rate", "unused", "whole_days", "charged", "before", "comes_to"),
    [
        (133590, 319, 366, 133590, 0, -116435),
        (999, 11, 31, 516, 0, -354),
        (1001, 15, 30, 1001, 0, -501),
        (24995, 31, 31, 24995, 0, -24995),
        # Nobody gets back more than he was charged: nothing of what was paid elsewhere.
        (1000, 30, 30, 0, 0, 0),
        (1000, 31, 30, 1000, 0, -1000),
        # Cut again: the whole of it is worked out anew, less what was given back.
        (1000, 20, 31, 1000, 323, -322),
        (1000, 10, 31, 1000, 323, 0),
    ],
)
def test_credits(
    rate: int, unused: int, whole_days: int, charged: int, before: int, comes_to: int
) -> None:
    given_back = credit(
        rate, unused=unused, whole_days=whole_days, charged_minor=charged, credited_minor=before
    )
    assert given_back == comes_to


@given(rate=amounts, whole_days=whole, data=st.data())
def test_a_term_cut_twice_is_credited_as_if_cut_once(
    rate: int, whole_days: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, whole_days))
    both = data.draw(st.integers(first, whole_days))
    facts = {"whole_days": whole_days, "charged_minor": rate}
    once = credit(rate, unused=first, **facts)
    again = credit(rate, unused=both, credited_minor=-once, **facts)
    assert once + again == credit(rate, unused=both, **facts)
    assert -rate <= once + again <= 0


@pytest.mark.parametrize(
    ("amount", "percent", "added"),
    [
        (1000, "20", 200),
        (-806, "20", -161),
        (250, "5", 13),
        (-250, "5", -13),
        (249, "5", 12),
        (999, "8.875", 89),
        (800, "8.8125", 71),
        (1000, "0", 0),
    ],
)
def test_tax_is_added(amount: int, percent: str, added: int) -> None:
    assert tax(amount, Decimal(percent)) == added


@pytest.mark.parametrize(
    ("amount", "percent", "contained"),
    [
        (1200, "20", 200),
        (1000, "19", 160),
        (-806, "20", -134),
        (21, "5", 1),
        (1050, "110", 550),
        (3, "20", 1),
        (-3, "20", -1),
        (1000, "0", 0),
    ],
)
def test_tax_is_contained(amount: int, percent: str, contained: int) -> None:
    assert included_tax(amount, Decimal(percent)) == contained


def june(day: int) -> date:
    return date(2026, 6, day)


def restricted(limit: int, count: int = 1, fee: int = 100) -> Allowance:
    return Allowance(Offer.RESTRICTED, limit, count, fee)


UNLIMITED = Allowance(Offer.UNLIMITED)


def parts(*spans: tuple[int, int, Allowance], used: dict[int, int]) -> list[tuple[int, ...]]:
    """Will return first day, end, used before, used, over and amount of each part."""
    found = parts_of(
        [Span(june(start), june(end), allowance) for start, end, allowance in spans],
        {june(day): count for day, count in used.items()},
    )
    return [
        (
            it.starts_on.day,
            it.ends_on.day,
            it.used_before,
            it.used,
            it.over,
            it.amount_minor,
        )
        for it in found
    ]


def test_blocks_are_counted_on_the_part() -> None:
    used = {1: 50, 20: 71}
    for limit, amount in ((0, 1300), (10, 1200), (200, 0)):
        [part] = parts((1, 30, restricted(limit, 10)), used=used)
        assert part == (1, 30, 0, 121, max(0, 121 - limit), amount)


def test_the_position_is_carried_over() -> None:
    used = {3: 8, 15: 1, 16: 4, 20: 2}
    assert parts((1, 16, restricted(10)), (16, 30, restricted(5)), used=used) == [
        (1, 16, 0, 9, 0, 0),
        (16, 30, 9, 6, 6, 600),
    ]
    assert parts((1, 16, restricted(5)), (16, 30, restricted(10)), used=used) == [
        (1, 16, 0, 9, 4, 400),
        (16, 30, 9, 6, 5, 500),
    ]


def test_neighbours_under_an_equal_allowance_are_one_part() -> None:
    spans = [(1, 11, restricted(2, 3)), (11, 11, UNLIMITED), (11, 30, restricted(2, 3))]
    assert parts(*spans, used={5: 4, 11: 2}) == [(1, 30, 0, 6, 4, 200)]


def test_a_span_without_usage_keeps_its_neighbours_apart() -> None:
    spans = [(1, 11, restricted(2, 3)), (11, 21, restricted(3, 3)), (21, 30, restricted(2, 3))]
    assert parts(*spans, used={5: 4, 21: 2}) == [
        (1, 11, 0, 4, 2, 100),
        (11, 21, 4, 0, 0, 0),
        (21, 30, 4, 2, 2, 100),
    ]


@pytest.mark.parametrize("allowance", [UNLIMITED, NOT_OFFERED])
def test_what_bears_no_fee_still_counts_for_what_comes_after(allowance: Allowance) -> None:
    assert parts((1, 11, allowance), (11, 30, restricted(5)), used={10: 7, 12: 1}) == [
        (1, 11, 0, 7, 0, 0),
        (11, 30, 7, 1, 1, 100),
    ]


@given(
    limits=st.lists(st.integers(0, 6), min_size=1, max_size=4),
    used=st.dictionaries(st.integers(1, 20), st.integers(1, 5), max_size=8),
)
def test_in_blocks_of_one_each_unit_is_judged_on_its_day(
    limits: list[int], used: dict[int, int]
) -> None:
    spans = [(1 + 5 * place, 6 + 5 * place, restricted(it)) for place, it in enumerate(limits)]
    in_force = {day: it for start, end, it in spans for day in range(start, end)}
    counted, over = 0, 0
    for day in sorted(it for it in used if it in in_force):
        for _ in range(used[day]):
            over += counted >= (in_force[day].limit or 0)
            counted += 1
    assert sum(part[4] for part in parts(*spans, used=used)) == over


@pytest.mark.parametrize(
    ("carried", "levels", "units"),
    [
        (0, [], {}),
        (3, [], {1: 3}),
        (0, [(5, 2), (9, 5), (12, 1), (20, 6)], {5: 2, 9: 3, 20: 1}),
        (4, [(5, 2), (9, 4), (12, 6)], {1: 4, 12: 2}),
        (4, [(1, 6)], {1: 6}),
        (0, [(5, 0), (5, 3), (5, 2)], {5: 3}),
    ],
)
def test_each_new_high_of_a_level_is_used_on_its_day(
    carried: int, levels: list[tuple[int, int]], units: dict[int, int]
) -> None:
    found = new_highs(
        [(june(day), held) for day, held in levels], carried=carried, starts_on=june(1)
    )
    assert found == {june(day): count for day, count in units.items()}


def test_a_part_is_plain() -> None:
    part = Part(june(1), june(11), restricted(5, 3, 200), used_before=5, used=7)
    assert (part.over, part.amount_minor) == (7, 600)
