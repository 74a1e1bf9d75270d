"""Switching: on the first day of a term, twice a day, within a year, at month ends, and not at all.

Gold is 31.00 a month and 365.00 a year, Silver twice as much, Bronze half.
"""

from dataclasses import replace

import pytest

from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.closing import reopen
from postroom.domain.subscriptions.models import Subscription, Switch, SwitchState, Term
from postroom.domain.subscriptions.switching import (
    NothingChanges,
    NotOpenThatDay,
    PaidElsewhere,
    SwitchOver,
    take_back,
)
from tests.rooms.billing_worlds import (
    GOLD,
    NEXT_TERM,
    Shop,
    day,
    lines,
    lines_on,
    totals,
)

TWICE = replace(GOLD, rates={1: 6200, 12: 73000})
HALF = replace(GOLD, rates={1: 1550, 12: 18250})


@pytest.fixture
def silver(shop: Shop) -> Plan:
    return shop.plan(TWICE, name="Silver")


@pytest.fixture
def ana(shop: Shop, gold: Plan) -> Subscription:
    """Joined on 1 January, billed that day."""
    ana = shop.join(gold, "24-01-01")
    shop.run("24-01-01")
    return ana


@pytest.mark.parametrize("run_first", [True, False])
def test_on_the_first_day_of_a_term(
    shop: Shop, ana: Subscription, silver: Plan, run_first: bool
) -> None:
    if run_first:
        shop.run("24-02-01")
    shop.switch(ana, silver, "24-02-01")
    shop.run("24-03-01")
    assert lines(ana)[1:] == [
        "24-02-01 rate 24-02-01/24-03-01 3100",
        "24-02-01 rate 24-02-01/24-03-01 6200",
        "24-02-01 credit 24-02-01/24-03-01 -3100",
        "24-03-01 rate 24-03-01/24-04-01 6200",
    ]
    assert totals(ana)[1:3] == [("24-02-01", 3100), ("24-02-01", 3100)], (
        "the renewal's, the switch's"
    )


def test_on_the_first_day_of_all(shop: Shop, ana: Subscription, silver: Plan) -> None:
    shop.switch(ana, silver, "24-01-01", months=12)
    shop.run("24-02-01")
    # 2024 is a leap year: 366 days, all of them.
    assert lines(ana) == [
        "24-01-01 rate 24-01-01/24-02-01 3100",
        "24-01-01 rate 24-01-01/25-01-01 73000",
        "24-01-01 credit 24-01-01/24-02-01 -3100",
    ]


def test_three_times_a_day(shop: Shop, ana: Subscription, gold: Plan, silver: Plan) -> None:
    bronze = shop.plan(HALF, name="Bronze")
    for plan in (silver, bronze, gold):
        shop.switch(ana, plan, "24-01-11")
    shop.run("24-02-01")
    # 21 of 31 days.
    assert lines(ana)[1:] == [
        "24-01-11 rate 24-01-11/24-02-01 4200",
        "24-01-11 credit 24-01-11/24-02-01 -2100",
        "24-01-11 rate 24-01-11/24-02-01 1050",
        "24-01-11 credit 24-01-11/24-02-01 -4200",
        "24-01-11 rate 24-01-11/24-02-01 2100",
        "24-01-11 credit 24-01-11/24-02-01 -1050",
        "24-02-01 rate 24-02-01/24-03-01 3100",
    ]
    with pytest.raises(NothingChanges):
        shop.switch(ana, gold, "24-02-01")


def test_there_and_back_with_another_term(shop: Shop, ana: Subscription, gold: Plan) -> None:
    """Each way ends the running month of shreds, and begins a whole one on a new billing day."""
    shop.use(ana, 3, "24-01-05")
    shop.switch(ana, gold, "24-01-11", months=12)
    shop.use(ana, 4, "24-01-11")
    shop.switch(ana, gold, "24-01-21")
    shop.use(ana, 2, "24-01-21")
    shop.run("24-02-21")
    # 2024-01-11 to 2025-01-11 are 366 days, 356 of them left on the 21st: 355.0273.
    assert lines(ana)[1:] == [
        "24-01-11 rate 24-01-11/25-01-11 36500",
        "24-01-11 credit 24-01-11/24-02-01 -2100",
        "24-01-11 extra:shred 24-01-01/24-01-11 100",
        "24-01-21 rate 24-01-21/24-02-21 3100",
        "24-01-21 credit 24-01-21/25-01-11 -35503",
        "24-01-21 extra:shred 24-01-11/24-01-21 200",
        "24-02-21 rate 24-02-21/24-03-21 3100",
    ]


def test_with_a_closing_known(shop: Shop, ana: Subscription, silver: Plan) -> None:
    shop.close(ana, "24-01-20", on="24-01-05")
    shop.switch(ana, silver, "24-01-11")
    shop.run("24-02-10")
    assert lines(ana)[1:] == [
        "24-01-11 rate 24-01-11/24-01-21 2000",
        "24-01-11 credit 24-01-11/24-02-01 -2100",
    ]
    with pytest.raises(NotOpenThatDay):
        shop.switch(ana, silver, "24-02-10")


def test_on_the_closing_day(shop: Shop, ana: Subscription, silver: Plan) -> None:
    shop.close(ana, "24-01-20")
    shop.switch(ana, silver, "24-01-20", months=12)
    shop.run("24-02-10")
    # A day of 366: 1.9945.
    assert lines(ana)[1:] == [
        "24-01-20 rate 24-01-20/24-01-21 199",
        "24-01-20 credit 24-01-20/24-02-01 -1200",
    ]


def test_from_a_year_to_months(shop: Shop, gold: Plan, silver: Plan) -> None:
    it = shop.join(gold, "23-01-01", months=12)
    shop.run("23-03-15")
    shop.switch(it, silver, "23-03-15")
    # 73 days are used of 365.
    assert lines(it)[1:] == [
        "23-03-15 rate 23-03-15/23-04-15 6200",
        "23-03-15 credit 23-03-15/24-01-01 -29200",
    ]


def test_a_year_goes_on_under_another_plan(shop: Shop, gold: Plan, silver: Plan) -> None:
    it = shop.join(gold, "23-01-01", months=12)
    shop.run("23-03-15")
    shop.switch(it, silver, "23-03-15", months=12)
    shop.run("24-01-01")
    # 73 days are used of 365.
    assert lines(it) == [
        "23-01-01 rate 23-01-01/24-01-01 36500",
        "23-03-15 rate 23-03-15/24-01-01 58400",
        "23-03-15 credit 23-03-15/24-01-01 -29200",
        "24-01-01 rate 24-01-01/25-01-01 73000",
    ]


@pytest.mark.parametrize(
    ("on", "before", "after", "renewals"),
    [
        ("24-01-31", 12, 1, ["24-02-29", "24-03-31", "24-04-30", "24-05-31"]),
        ("24-02-29", 12, 1, ["24-03-29", "24-04-29", "24-05-29"]),
        ("24-02-29", 1, 12, ["25-02-28", "26-02-28", "27-02-28", "28-02-29"]),
        ("24-01-30", 1, 12, ["25-01-30"]),
    ],
)
def test_the_billing_day_moves_to_a_month_end(
    shop: Shop, gold: Plan, on: str, before: int, after: int, renewals: list[str]
) -> None:
    it = shop.join(gold, "24-01-15", months=before)
    shop.run(on)
    shop.switch(it, gold, on, months=after)
    shop.run(renewals[-1])
    terms = Term.objects.filter(subscription=it, starts_on__gt=day(on)).order_by("seq")
    assert [f"{it.starts_on:%y-%m-%d}" for it in terms] == renewals


def test_paid_elsewhere(shop: Shop, gold: Plan, silver: Plan) -> None:
    it = shop.join(gold, "24-01-10", paid_until="24-03-10")
    shop.run("24-01-10")
    with pytest.raises(PaidElsewhere, match="10 March 2024"):
        shop.switch(it, silver, "24-01-20")
    assert Switch.objects.count() == 0
    shop.switch(it, silver, "24-01-20", timing=NEXT_TERM)
    shop.run("24-03-10")
    assert lines(it) == ["24-03-10 rate 24-03-10/24-04-10 6200"]


def test_at_renewal_taken_back_or_replaced(shop: Shop, gold: Plan, silver: Plan) -> None:
    back, twice = (shop.join(gold, "24-01-01", who=name) for name in ("A", "B"))
    shop.run("24-01-01")
    waiting = shop.switch(back, silver, "24-01-05", timing=NEXT_TERM)
    take_back(waiting, by=shop.by, at=shop.at("24-01-31"))
    with pytest.raises(SwitchOver):
        take_back(waiting, by=shop.by, at=shop.at("24-01-31"))
    first = shop.switch(twice, gold, "24-01-05", months=12, timing=NEXT_TERM)
    shop.switch(twice, silver, "24-01-06", timing=NEXT_TERM)
    shop.run("24-02-01")
    assert lines_on(back, "24-02-01") == ["rate 24-02-01/24-03-01 3100"]
    assert lines_on(twice, "24-02-01") == ["rate 24-02-01/24-03-01 6200"]
    states = Switch.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [SwitchState.REPLACED, SwitchState.REPLACED, SwitchState.DONE]
    with pytest.raises(SwitchOver):
        take_back(first, by=shop.by, at=shop.at("24-02-01"))


def test_at_renewal_to_another_term_keeps_the_billing_day(
    shop: Shop, ana: Subscription, gold: Plan
) -> None:
    shop.switch(ana, gold, "24-01-20", months=12, timing=NEXT_TERM)
    shop.use(ana, 3, "24-02-10")
    shop.run("24-03-05")
    assert lines(ana)[1:] == [
        "24-02-01 rate 24-02-01/25-02-01 36500",
        "24-03-01 extra:shred 24-02-01/24-03-01 100",
    ]


def test_what_goes_on_after_a_cut_is_no_renewal(
    shop: Shop, ana: Subscription, silver: Plan
) -> None:
    shop.close(ana, "24-02-10", on="24-01-15")
    shop.run("24-02-01")
    reopen(ana, by=shop.by, at=shop.at("24-02-05"), on=day("24-02-05"))
    shop.switch(ana, silver, "24-02-06", timing=NEXT_TERM)
    shop.run("24-03-01")
    # 19 of 29 days: 20.3103.
    assert lines(ana)[2:] == [
        "24-02-11 rate 24-02-11/24-03-01 2031",
        "24-03-01 rate 24-03-01/24-04-01 6200",
    ]


def test_on_a_day_before_the_running_term(shop: Shop, ana: Subscription, silver: Plan) -> None:
    """Where it is the 31st for whoever acts, and the 1st where the mailbox is and was billed."""
    shop.run("24-02-01")
    with pytest.raises(NotOpenThatDay):
        shop.switch(ana, silver, "24-01-31")
    assert (Switch.objects.count(), len(totals(ana))) == (0, 2)
