"""The life of a subscription in pure Python: what the worked examples do not say."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from postroom.domain.billing.facts import (
    Closing,
    HandCharge,
    Life,
    Notice,
    Protection,
    Published,
    Switch,
    Used,
)
from postroom.domain.billing.life import live
from postroom.domain.billing.lines import Bill, Tax
from postroom.domain.billing.standing import next_bill_on
from postroom.domain.plans.services import Offer, Service, Timing
from postroom.domain.plans.terms import Allowance, Terms
from postroom.domain.subscriptions.rule import Told

SCAN = Service.OPEN_AND_SCAN


def may(day: int) -> date:
    """Will return a day of May 2026, or one so many days after April's last."""
    return date(2026, 4, 30) + timedelta(days=day)


def terms(rate: int, limit: int = 5, **more: Any) -> Terms:
    allowance = Allowance(Offer.RESTRICTED, limit, 1, 100)
    rates = {1: rate, 12: rate * 10}
    return Terms(rates, allowances={SCAN: allowance, Service.RECIPIENTS: allowance}, **more)


CHEAP = [Published(1, terms(1000), None)]
#: A second version for everybody from 15 May, with a split.
RISE = [
    *CHEAP,
    Published(2, terms(3100), may(15), timing=Timing.ON_DATE, sold_from=may(15)),
]


def ana(**facts: Any) -> Life:
    """Will return a life from 1 May, by the month, told of everything."""
    plans = {"bronze": RISE, "silver": [Published(1, terms(6200, limit=9), None)]}
    life = Life(plans, "bronze", 1, may(1), 1, notices=[Notice("bronze", Told(2, may(1)))])
    return replace(life, **facts)


def bills(life: Life, runs: Iterable[date] | None = None) -> list[Bill]:
    lived = live(life, runs=list(runs or (may(day) for day in range(1, 63))))
    assert lived is not None
    return lived.bills


def written(life: Life, runs: Iterable[date] | None = None) -> list[str]:
    """Will write the lines of a life as ``[on ]kind [service ]from-to amount``, by day of May."""
    return [
        f"{(bill.billed_on - may(0)).days}: {it.kind}{f' {it.service.value}' if it.service else ''}"
        f" {(it.starts_on - may(0)).days}-{(it.ends_on - may(0)).days} {it.amount_minor}"
        for bill in bills(life, runs)
        for it in bill.lines
    ]


#: A split known when the term opens.
SPLIT = ["1: rate 1-15 452", "15: rate 15-32 1700", "32: rate 32-62 3100", "62: rate 62-93 3100"]


def test_a_split_is_known_when_the_first_term_is_billed() -> None:
    assert written(ana()) == SPLIT


def test_told_later_it_is_billed_whole_and_credited_on_the_day() -> None:
    told = [Notice("bronze", Told(2, may(15)), known_on=may(5))]
    whole = ["1: rate 1-32 1000", "15: rate 15-32 1700", "15: credit 15-32 -548"]
    assert written(ana(notices=told)) == [*whole, *SPLIT[2:]]


def test_voided_before_its_day_nothing_was_split() -> None:
    told = [Notice("bronze", Told(2, may(15)), known_on=may(5), void_on=may(10))]
    assert written(ana(notices=told))[:2] == ["1: rate 1-32 1000", "32: rate 32-62 1000"]


def test_without_notice_he_keeps_what_he_has() -> None:
    kept = ["1: rate 1-32 1000", "32: rate 32-62 1000", "62: rate 62-93 1000"]
    assert written(ana(notices=[])) == kept
    assert written(ana(protections=[Protection()])) == kept
    assert written(ana(protections=[Protection(may(95)), Protection(may(20))])) == kept


def test_a_void_undoes_no_term_that_was_opened() -> None:
    def voided(day: int) -> list[str]:
        return written(ana(notices=[Notice("bronze", Told(2, may(1)), void_on=may(day))]))

    old = ["15: rate 15-32 548", "32: rate 32-62 1000", "62: rate 62-93 1000"]
    assert voided(15) == [SPLIT[0], *old]
    assert voided(16) == SPLIT
    assert voided(1) == ["1: rate 1-32 1000", *old[1:]]


def test_a_lock_splits_the_term_in_which_it_ends() -> None:
    locked = written(ana(protections=[Protection(may(20))]))
    assert locked == ["1: rate 1-20 613", "20: rate 20-32 1200", *SPLIT[2:]]


def test_a_lock_undoes_no_term_that_was_opened() -> None:
    assert written(ana(protections=[Protection(may(90), known_on=may(16))])) == SPLIT
    locked = written(ana(protections=[Protection(may(20), known_on=may(3))]))
    assert locked == [SPLIT[0], "15: rate 15-20 161", "20: rate 20-32 1200", *SPLIT[2:]]


def test_inside_a_period_only_a_version_with_that_timing_comes() -> None:
    late = Published(3, terms(900), may(10), known_on=may(8), sold_from=may(10))
    life = ana(plans={"bronze": [*RISE, late]})
    old = ["15: rate 15-32 548", "32: rate 32-62 900", "62: rate 62-93 900"]
    assert written(life) == [SPLIT[0], *old]


def test_his_own_switch_ends_what_protected_him() -> None:
    there = Switch(may(6), "silver", 1, now=True)
    back = Switch(may(11), "bronze", 1, now=True)
    life = ana(protections=[Protection(), Protection(may(90))], switches=[there, back])
    assert written(life) == [
        "1: rate 1-32 1000",
        "6: rate 6-32 5200",
        "6: credit 6-32 -839",
        *("11: rate 11-15 129", "11: credit 11-32 -4200"),
        *SPLIT[1:],
    ]


def test_a_switch_to_other_months_moves_the_billing_day() -> None:
    life = ana(
        notices=[],
        switches=[Switch(may(11), "silver", 12, now=True)],
        used=[Used(SCAN, may(10), 7), Used(SCAN, may(11), 10), Used(SCAN, may(41), 10)],
    )
    assert written(life) == [
        "1: rate 1-32 1000",
        "11: rate 11-376 62000",
        "11: credit 11-32 -677",
        "11: extra open_and_scan 1-11 200",
        "42: extra open_and_scan 11-42 1100",
    ]


def test_a_switch_on_the_first_day_credits_all_of_it() -> None:
    life = ana(notices=[], switches=[Switch(may(32), "silver", 12, now=True)])
    whole = ["32: rate 32-62 1000", "32: rate 32-397 62000", "32: credit 32-62 -1000"]
    assert written(life) == ["1: rate 1-32 1000", *whole]


def test_a_switch_at_the_renewal_lapses_if_the_plan_is_not_sold_then() -> None:
    gone = [Published(1, terms(6200), None, withdrawn_on=may(20))]
    life = ana(
        plans={"bronze": CHEAP, "silver": gone}, switches=[Switch(may(9), "silver", 1, False)]
    )
    assert written(life)[1:] == ["32: rate 32-62 1000", "62: rate 62-93 1000"]


def test_a_switch_at_the_renewal_waits_through_a_split() -> None:
    life = ana(switches=[Switch(may(9), "silver", 1, now=False)])
    assert written(life) == [*SPLIT[:2], "32: rate 32-62 6200", "62: rate 62-93 6200"]


def test_closing_is_billed_the_day_after_and_may_be_taken_back() -> None:
    life = ana(notices=[], closings=[Closing(may(10), may(12))], used=[Used(SCAN, may(12), 6)])
    last = ["13: credit 13-32 -613", "13: extra open_and_scan 1-13 100"]
    assert written(life) == ["1: rate 1-32 1000", *last]
    stays = replace(life, closings=[*life.closings, Closing(may(12), None)])
    assert len(written(stays)) == 4
    past = replace(life, closings=[Closing(may(20), may(12))])
    assert written(past)[1:] == [it.replace("13:", "21:") for it in last]
    ahead = replace(life, closings=[Closing(may(10), may(40))], used=[])
    assert written(ahead)[1:] == ["32: rate 32-41 300"]


def test_who_has_left_is_not_split_nor_switched() -> None:
    told = [Notice("bronze", Told(2, may(15)), known_on=may(21))]
    switch = Switch(may(21), "silver", 1, now=True)
    life = ana(notices=told, closings=[Closing(may(20), may(10))], switches=[switch])
    last = ["1: rate 1-32 1000", "21: credit 11-32 -677"]
    assert written(life) == last
    assert written(replace(life, switches=[]), [may(1), may(22)]) == last


def test_a_switch_to_the_same_changes_nothing() -> None:
    assert written(ana(switches=[Switch(may(6), "bronze", 1, now=True)])) == SPLIT
    paid = ana(paid_until=may(32))
    switch = Switch(may(6), "silver", 1, now=True)
    assert written(replace(paid, switches=[switch])) == written(paid)


def test_a_deposit_goes_back_with_the_final_bill_untaxed() -> None:
    plans = {"bronze": [Published(1, terms(1000, setup_fee_minor=500, deposit_minor=5000), None)]}
    life = ana(plans=plans, closings=[Closing(may(31), may(31))])
    first, last = bills(replace(life, taxes=[(may(1), Tax(Decimal(10)))]))
    assert [it.amount_minor for it in first.lines] == [1000, 500, 5000, 150]
    assert [(it.kind, it.amount_minor) for it in last.lines] == [("deposit_return", -5000)]


def test_a_credit_carries_the_tax_of_what_it_credits() -> None:
    taxes = [(may(1), Tax(Decimal(20))), (may(9), Tax(Decimal(10)))]
    switch = Switch(may(16), "silver", 1, now=True)
    [_, moved, *_] = bills(ana(notices=[], taxes=taxes, switches=[switch]))
    assert moved.by_switch
    assert [it.amount_minor for it in moved.lines] == [3200, -516, 320, -103]
    assert moved.included_tax_minor == 0
    included = [(may(1), Tax(Decimal(25), included=True))]
    [_, moved, *_] = bills(ana(notices=[], taxes=included, switches=[switch]))
    assert (moved.total_minor, moved.included_tax_minor) == (2684, 537)


def test_tax_spans_what_comes_to_something() -> None:
    free = {"bronze": [Published(1, terms(0, limit=0), None)]}
    life = ana(plans=free, taxes=[(may(1), Tax(Decimal(20)))], used=[Used(SCAN, may(5), 1)])
    assert written(life)[1:4] == [
        "32: rate 32-62 0",
        "32: extra open_and_scan 1-32 100",
        "32: tax 1-32 20",
    ]


def test_late_usage_is_corrected_on_the_next_bill() -> None:
    used = [Used(SCAN, may(5), 7), Used(SCAN, may(6), 2, entered_on=may(40))]
    used += [Used(Service.RECIPIENTS, may(7), 6, entered_on=may(40))]
    assert written(ana(notices=[], used=used)) == [
        "1: rate 1-32 1000",
        *("32: rate 32-62 1000", "32: extra open_and_scan 1-32 200"),
        "62: rate 62-93 1000",
        *("62: extra open_and_scan 1-32 200", "62: extra recipients 1-32 100"),
        "62: extra recipients 32-62 100",
    ]


def test_a_correction_may_give_back() -> None:
    life = ana(notices=[], used=[Used(SCAN, may(5), 8, corrections=[(may(7), 9), (may(40), 6)])])
    assert written(life)[2:] == [
        "32: extra open_and_scan 1-32 400",
        "62: rate 62-93 1000",
        "62: extra open_and_scan 1-32 -300",
    ]


def test_a_level_set_on_the_first_day_of_a_month_is_not_carried_over() -> None:
    levels = [Used(Service.RECIPIENTS, may(5), 9), Used(Service.RECIPIENTS, may(32), 6)]
    extras = [it for it in written(ana(notices=[], used=levels)) if "extra" in it]
    assert extras == ["32: extra recipients 1-32 400", "62: extra recipients 32-62 100"]


def test_after_the_final_bill_it_is_corrected_the_day_after() -> None:
    late = Used(SCAN, may(6), 8, entered_on=may(20))
    life = ana(notices=[], closings=[Closing(may(9), may(9))], used=[late])
    charged = replace(life, charges=[HandCharge(may(25), 700)])
    assert written(charged)[2:] == ["21: extra open_and_scan 1-10 300", "26: charge 25-26 700"]
    refused = replace(life, used=[replace(late, on=may(10))])
    gone = live(refused, runs=[may(1), may(10)])
    assert gone is not None
    assert next_bill_on(refused, gone.now) is None


def test_what_was_paid_elsewhere_is_not_billed() -> None:
    life = ana(paid_until=may(32), used=[Used(SCAN, may(6), 6)])
    assert written(life) == ["32: rate 32-62 3100", "32: extra open_and_scan 1-32 100", SPLIT[3]]


def test_missed_days_are_billed_the_same() -> None:
    life = ana(used=[Used(SCAN, may(5), 7)], switches=[Switch(may(40), "silver", 12, True)])
    assert written(life, [may(62)]) == written(life)


def test_a_plan_not_on_sale_cannot_be_joined() -> None:
    assert live(ana(plans={"bronze": []}), runs=[may(1)]) is None
    assert live(ana(months=6), runs=[may(1)]) is None
