"""What looks mistyped is asked about, and ordinary changes are not."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from postroom.domain.plan_changes.guards import LooksLikeASlip, RateSlip, rate_slips, refuse_slips
from postroom.domain.plans.terms import Terms

#: Changes seen at real locations between June and November 2024.
SEEN = Path(__file__).parent.parent / "data" / "price_changes.csv"


def asks(old: str, new: str, *, months: int = 1) -> bool:
    """Will tell whether a change of a rate in dollars is asked about."""
    before, after = (Terms({months: int(Decimal(it) * 100)}) for it in (old, new))
    return bool(rate_slips(before, after))


@pytest.mark.parametrize(
    ("old", "new"),
    [("9.99", "69.99"), ("16.99", "2.99"), ("20.00", "140.00"), ("10.00", "20.00"), ("5", "0")],
)
def test_slips_are_asked_about(old: str, new: str) -> None:
    assert asks(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [("9.99", "11.99"), ("49.99", "29.99"), ("10.00", "19.99"), ("9.99", "9.99"), ("0", "0")],
)
def test_ordinary_changes_do_not_nag(old: str, new: str) -> None:
    assert not asks(old, new)


def test_which_of_the_changes_seen_are_asked_about() -> None:
    with SEEN.open(encoding="utf-8", newline="") as file:
        asked = [
            (it["from_price_2024_06"], it["from_price_2024_11"])
            for it in csv.DictReader(file)
            if asks(it["from_price_2024_06"], it["from_price_2024_11"])
        ]
    assert asked == [
        ("19.99", "9.99"),
        ("16.99", "99.99"),
        ("19.99", "9.99"),
        ("149.99", "399.99"),
    ]


def test_a_new_or_dropped_rate_is_no_slip() -> None:
    assert rate_slips(Terms({1: 999, 12: 9999}), Terms({1: 999, 6: 100})) == []


def test_yes_is_to_just_these_figures() -> None:
    [slip] = slips = rate_slips(Terms({1: 999}), Terms({1: 6999}))
    assert slip == RateSlip(1, 999, 6999)
    refuse_slips(slips, [slip.key])
    for sure in ([], ["rate-1-999-7999"], ["rate-12-999-6999"]):
        with pytest.raises(LooksLikeASlip) as refusal:
            refuse_slips(slips, sure)
        assert refusal.value.slips == slips
        assert refusal.value.code == "looks_like_a_slip"
