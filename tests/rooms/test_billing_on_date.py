"""Versions that take over on their date: cut ahead, cut late, voided, caught up, and never.

Gold is 31.00 a month. Half of it is better, twice worse: that needs a call ten days before.
"""

from dataclasses import replace

import pytest

from postroom.domain.plans.models import Plan, PlanVersion, Withdrawal
from postroom.domain.plans.services import Timing
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.actions import void_clearance
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.protecting import lock, pin
from tests.rooms.billing_worlds import (
    GOLD,
    Shop,
    day,
    lines,
    lines_on,
    totals,
)

HALF = replace(GOLD, rates={1: 1550, 12: 18250})
TWICE = replace(GOLD, rates={1: 6200, 12: 73000})


@pytest.fixture
def ana(shop: Shop, gold: Plan) -> Subscription:
    """Joined on 1 January, billed that day and on 1 February."""
    ana = shop.join(gold, "24-01-01")
    shop.run("24-01-01")
    return ana


def on_date(
    shop: Shop, plan: Plan, terms: Terms = HALF, *, on: str = "24-02-11", at: str
) -> PlanVersion:
    return shop.publish(plan, terms, on=on, at=at, timing=Timing.ON_DATE)


# 19 of the 29 days of February are left on the 11th: 20.3103 of 31.00, and half as much.
CUT_AHEAD = ["24-02-01 rate 24-02-01/24-02-11 1069", "24-02-11 rate 24-02-11/24-03-01 1016"]
CUT_LATE = [
    "24-02-01 rate 24-02-01/24-03-01 3100",
    "24-02-11 rate 24-02-11/24-03-01 1016",
    "24-02-11 credit 24-02-11/24-03-01 -2031",
]
MARCH = ["24-03-01 rate 24-03-01/24-04-01 1550"]


def test_known_when_the_term_opens(shop: Shop, gold: Plan, ana: Subscription) -> None:
    on_date(shop, gold, at="24-01-20")
    shop.run("24-02-10")
    assert lines(ana)[1:] == CUT_AHEAD[:1]
    shop.run("24-03-01")
    assert lines(ana)[1:] == CUT_AHEAD + MARCH


@pytest.mark.parametrize("page", [1, 5_000])
def test_known_when_the_term_was_billed_whole(
    shop: Shop, gold: Plan, ana: Subscription, page: int
) -> None:
    shop.run("24-02-01")
    on_date(shop, gold, at="24-02-05")
    shop.run("24-02-10")
    assert lines(ana)[1:] == CUT_LATE[:1], "not before its date"
    shop.run("24-02-11", page=page)
    shop.run("24-03-01", page=page)
    assert lines(ana)[1:] == CUT_LATE + MARCH


def test_caught_up_late_as_of_its_own_date(shop: Shop, gold: Plan, ana: Subscription) -> None:
    shop.run("24-02-01")
    on_date(shop, gold, at="24-02-05")
    shop.run("24-03-20")
    assert lines(ana)[1:] == CUT_LATE + MARCH


def test_published_on_its_date_after_the_run(shop: Shop, gold: Plan, ana: Subscription) -> None:
    """Without a run on the very day, the next one bills it as of that day."""
    shop.run("24-02-11")
    on_date(shop, gold, at="24-02-11")
    shop.run("24-02-12")
    assert lines(ana)[1:] == CUT_LATE


def test_on_the_first_day_it_is_a_renewal(shop: Shop, gold: Plan, ana: Subscription) -> None:
    on_date(shop, gold, on="24-02-01", at="24-01-20")
    shop.run("24-03-01")
    assert lines(ana)[1:] == ["24-02-01 rate 24-02-01/24-03-01 1550", *MARCH]


def test_published_for_a_first_day_that_was_billed(
    shop: Shop, gold: Plan, ana: Subscription
) -> None:
    """A term is not taken back: the second day is the first one that it can hold."""
    shop.run("24-02-01")
    on_date(shop, gold, on="24-02-01", at="24-02-01")
    shop.run("24-02-02")
    # 28 of 29 days: 29.9310, and half as much.
    assert lines_on(ana, "24-02-02") == [
        "rate 24-02-02/24-03-01 1497",
        "credit 24-02-02/24-03-01 -2993",
    ]


def test_cleared_late(shop: Shop, gold: Plan, ana: Subscription) -> None:
    worse = on_date(shop, gold, TWICE, at="24-01-20")
    shop.run("24-02-09")
    shop.tell(ana, worse, "24-02-09")
    shop.run("24-02-18")
    assert totals(ana)[1:] == [("24-02-01", 3100)], "ten days after the 9th is the 19th"
    shop.run("24-03-01")
    # Eleven of 29 days: 11.7586 of 31.00, 23.5172 of 62.00.
    assert lines(ana)[2:] == [
        "24-02-19 rate 24-02-19/24-03-01 2352",
        "24-02-19 credit 24-02-19/24-03-01 -1176",
        "24-03-01 rate 24-03-01/24-04-01 6200",
    ]


def test_cleared_for_a_day_long_past(shop: Shop, gold: Plan, ana: Subscription) -> None:
    """Told by letter on 20 January, recorded on 15 February: it is his from the version's date."""
    worse = on_date(shop, gold, TWICE, at="24-01-18")
    shop.run("24-02-15")
    shop.tell(ana, worse, "24-01-20", on="24-02-15")
    shop.run("24-02-16")
    assert lines(ana)[2:] == [
        "24-02-11 rate 24-02-11/24-03-01 4062",
        "24-02-11 credit 24-02-11/24-03-01 -2031",
    ]


def test_never_told(shop: Shop, gold: Plan, ana: Subscription) -> None:
    on_date(shop, gold, TWICE, at="24-01-20")
    shop.run("24-03-20")
    assert totals(ana)[1:] == [("24-02-01", 3100), ("24-03-01", 3100)]


@pytest.mark.parametrize("voided", ["24-01-25", "24-02-05", "24-02-10"])
def test_voided_before_the_day(shop: Shop, gold: Plan, ana: Subscription, voided: str) -> None:
    """Before or after the term was cut for it: either way February costs what it did."""
    worse = on_date(shop, gold, TWICE, at="24-01-10")
    told = shop.tell(ana, worse, "24-01-20")
    shop.run(voided)
    void_clearance(told, reason="It came back", by=shop.by, at=shop.at(voided))
    shop.run("24-03-01")
    cut = voided >= "24-02-01"
    assert lines(ana)[1:-1] == (
        [CUT_AHEAD[0], "24-02-11 rate 24-02-11/24-03-01 2031"] if cut else CUT_LATE[:1]
    )
    assert totals(ana)[-1] == ("24-03-01", 3100)


def test_voided_after_the_day_it_is_his(shop: Shop, gold: Plan, ana: Subscription) -> None:
    worse = on_date(shop, gold, TWICE, at="24-01-10")
    told = shop.tell(ana, worse, "24-01-20")
    shop.run("24-02-11")
    void_clearance(told, reason="Edited", by=shop.by, at=shop.at("24-02-12"))
    shop.run("24-03-01")
    assert lines(ana)[1:] == [
        CUT_AHEAD[0],
        "24-02-11 rate 24-02-11/24-03-01 4062",
        "24-03-01 rate 24-03-01/24-04-01 6200",
    ]


def test_withdrawn_before_the_day(shop: Shop, gold: Plan, ana: Subscription) -> None:
    slip = on_date(shop, gold, at="24-01-20")
    shop.run("24-02-01")
    own = {"operator": shop.operator, "by": shop.by, "at": shop.at("24-02-05")}
    Withdrawal.objects.create(version=slip, reason="A slip", **own)
    shop.run("24-03-01")
    assert lines(ana)[1:] == [
        CUT_AHEAD[0],
        "24-02-11 rate 24-02-11/24-03-01 2031",
        "24-03-01 rate 24-03-01/24-04-01 3100",
    ]


def test_never_within_a_year_or_what_was_paid_elsewhere(shop: Shop, gold: Plan) -> None:
    year = shop.join(gold, "24-01-20", months=12)
    months = shop.join(gold, "24-01-20", paid_until="24-03-20", who="Bo")
    shop.run("24-02-01")
    on_date(shop, gold, at="24-02-05")
    shop.run("24-03-25")
    assert lines(year) == ["24-01-20 rate 24-01-20/25-01-20 36500"]
    assert lines(months) == ["24-03-20 rate 24-03-20/24-04-20 1550"]


def test_two_on_one_term(shop: Shop, gold: Plan, ana: Subscription) -> None:
    shop.run("24-02-01")
    on_date(shop, gold, at="24-02-05")
    third = replace(GOLD, rates={1: 1000})
    on_date(shop, gold, third, on="24-02-21", at="24-02-06")
    shop.run("24-03-01")
    # Ten of 29 days at 15.50 and nine at 10.00: the first is cut ahead, so nothing goes back twice.
    assert lines(ana)[2:] == [
        "24-02-11 rate 24-02-11/24-02-21 534",
        "24-02-11 credit 24-02-11/24-03-01 -2031",
        "24-02-21 rate 24-02-21/24-03-01 310",
        "24-03-01 rate 24-03-01/24-04-01 1000",
    ]


def test_hidden_by_a_higher_one_that_waits_for_the_renewal(
    shop: Shop, gold: Plan, ana: Subscription
) -> None:
    """A split needs the highest candidate of the day to have that timing."""
    shop.run("24-02-01")
    on_date(shop, gold, on="24-02-15", at="24-02-05")
    shop.publish(gold, replace(GOLD, rates={1: 1000}), on="24-02-10", at="24-02-06")
    shop.run("24-03-01")
    assert totals(ana)[1:] == [("24-02-01", 3100), ("24-03-01", 1000)]


def test_he_leaves_before_the_day(shop: Shop, gold: Plan, ana: Subscription) -> None:
    on_date(shop, gold, at="24-01-20")
    shop.close(ana, "24-02-10", on="24-01-21")
    shop.run("24-03-01")
    assert lines(ana)[1:] == CUT_AHEAD[:1]


def test_he_leaves_after_the_day(shop: Shop, gold: Plan, ana: Subscription) -> None:
    on_date(shop, gold, at="24-01-20")
    shop.run("24-02-11")
    shop.close(ana, "24-02-20")
    shop.run("24-03-01")
    # Nine of 29 days at 15.50: 4.8103.
    assert lines(ana)[1:] == [*CUT_AHEAD, "24-02-21 credit 24-02-21/24-03-01 -481"]


def test_a_price_lock_and_a_pin(shop: Shop, gold: Plan) -> None:
    locked, pinned = (shop.join(gold, "24-01-01", who=name) for name in ("A", "B"))
    shop.run("24-01-01")
    own = {"reason": "Promised", "by": shop.by, "at": shop.at("24-01-02")}
    lock(locked, until=day("24-02-21"), **own)
    pin(pinned, **own)
    worse = on_date(shop, gold, TWICE, at="24-01-10")
    shop.tell(locked, worse, "24-01-20")
    shop.run("24-03-01")
    # Twenty of 29 days: 21.3793; nine at 62.00: 19.2414.
    assert lines(locked)[1:] == [
        "24-02-01 rate 24-02-01/24-02-21 2138",
        "24-02-21 rate 24-02-21/24-03-01 1924",
        "24-03-01 rate 24-03-01/24-04-01 6200",
    ]
    assert totals(pinned)[1:] == [("24-02-01", 3100), ("24-03-01", 3100)]


def test_the_month_of_shreds_is_one(shop: Shop, gold: Plan, ana: Subscription) -> None:
    """Three before the day and two after it, of two that are free: three are over, not one."""
    on_date(shop, gold, at="24-01-20")
    shop.run("24-02-01")
    shop.use(ana, 3, "24-02-05")
    shop.use(ana, 2, "24-02-11")
    shop.run("24-03-01")
    assert lines_on(ana, "24-03-01")[1:] == ["extra:shred 24-02-01/24-03-01 300"]
