"""Comparing lines: as a set for each day and kind, with what is left out taken as any."""

from datetime import date

import pytest

from postroom.domain.billing.models import LineKind
from postroom.domain.plans.services import Service
from postroom.scenarios.comparing import (
    Refusal,
    differences,
    in_order,
    in_words,
    refusals_that_differ,
)
from postroom.scenarios.examples import Expectation, Line

DAY, NEXT, LAST = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)


def line(
    amount: int,
    kind: LineKind = LineKind.EXTRA,
    *,
    starts_on: date = DAY,
    version: int | None = None,
    service: Service | None = None,
) -> Line:
    return Line(kind, starts_on, LAST, amount, version, service)


def missing_and_surplus(expected: list[Line], billed: list[Line]) -> tuple[list[Line], list[Line]]:
    found = differences({"s1": expected}, {"s1": billed})
    return [it.line for it in found if it.missing], [it.line for it in found if not it.missing]


def test_equal_lines_in_another_order_are_equal() -> None:
    lines = [line(1, service=Service.SHRED, version=1), line(2, service=Service.FORWARD, version=1)]
    assert missing_and_surplus(lines, lines[::-1]) == ([], [])


@pytest.mark.parametrize(
    "other",
    [
        line(2, version=1),
        line(1, version=2),
        line(1, LineKind.STORAGE, version=1),
        line(1, starts_on=NEXT, version=1),
        line(1, version=1, service=Service.SHRED),
    ],
)
def test_anything_that_differs_is_told_from_both_sides(other: Line) -> None:
    wanted = line(1, version=1, service=Service.FORWARD)
    assert missing_and_surplus([wanted], [other]) == ([wanted], [other])


def test_a_line_twice_is_not_a_line_once() -> None:
    assert missing_and_surplus([line(1)], [line(1), line(1)]) == ([], [line(1)])
    assert missing_and_surplus([line(1), line(1)], [line(1)]) == ([line(1)], [])


def test_version_and_service_are_compared_only_where_they_are_given() -> None:
    billed = [line(1, version=2, service=Service.SHRED)]
    assert missing_and_surplus([line(1)], billed) == ([], [])
    assert missing_and_surplus([line(1, version=2)], billed) == ([], [])
    assert missing_and_surplus([line(1, version=1)], billed)[0] == [line(1, version=1)]


def test_a_line_paired_too_early_gives_way() -> None:
    of_shred, of_two = line(1, service=Service.SHRED), line(1, version=2)
    billed = [
        line(1, version=2, service=Service.SHRED),
        line(1, version=1, service=Service.SHRED),
    ]
    for expected in ([of_shred, of_two], [of_two, of_shred]):
        assert missing_and_surplus(expected, billed) == ([], [])
        assert missing_and_surplus(expected, billed[::-1]) == ([], [])


def test_lines_of_nothing_are_left_out_on_both_sides() -> None:
    assert missing_and_surplus([line(0)], []) == ([], [])
    assert missing_and_surplus([], [line(0)]) == ([], [])


def test_who_is_not_expected_must_have_no_lines() -> None:
    [difference] = differences({}, {"s2": [line(150)]})
    assert difference.sentence("USD") == (
        "s2: extra 2025-01-01 to 2025-03-01, 1.50 was billed unexpectedly"
    )


def test_lines_are_in_the_order_of_scenarios() -> None:
    kinds = [LineKind.TAX, LineKind.SETUP, LineKind.DEPOSIT, LineKind.EXTRA, LineKind.CREDIT]
    lines = [line(1, LineKind.RATE, starts_on=NEXT), *(line(1, it) for it in kinds)]
    lines.append(line(1, LineKind.RATE))
    ordered = [it.kind for it in in_order(lines)]
    assert [it.value for it in ordered] == (
        ["rate", "credit", "extra", "setup", "deposit", "tax", "rate"]
    )


def test_refusals_are_compared_as_a_set() -> None:
    expect = Expectation({}, frozenset({("s1", DAY), ("s2", DAY)}))
    refused = [Refusal("s1", DAY, "No."), Refusal("s3", NEXT, "Not sold.")]
    assert refusals_that_differ(expect, refused) == [
        "s3: was refused on 2025-02-01: Not sold.",
        "s2: was not refused on 2025-01-01",
    ]


@pytest.mark.parametrize(
    ("currency", "said"), [("JPY", "1500"), ("USD", "15.00"), ("KWD", "1.500")]
)
def test_amounts_are_written_with_the_decimals_of_their_currency(currency: str, said: str) -> None:
    assert in_words(line(1500), currency).endswith(f", {said}")
