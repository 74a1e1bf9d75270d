"""A bad subscription is set aside with its reason, and the others go on as if it were not there."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import uuid4

import pytest

from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import BillingRun, Charge, Invoice, RunState, SetAside
from postroom.domain.billing.running import bill_operator
from postroom.domain.billing.switching import CannotBeBilled
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance
from postroom.domain.subscriptions.models import Subscription, Switch, Term
from postroom.domain.usage.actions import correct
from postroom.domain.usage.intake import Status, take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry
from tests.rooms.billing_worlds import (
    GOLD,
    Shop,
    assert_gapless,
    books,
    day,
    lines,
    open_shop,
    totals,
)

#: So dear that the second one beyond the allowance is more than a number can be.
PRICELESS = replace(GOLD, allowances={Service.SHRED: Allowance(Offer.RESTRICTED, 0, 1, 9 * 10**18)})


def spoil(subscription: Subscription, **changes: object) -> None:
    """Will write what no act writes."""
    Subscription.objects.filter(pk=subscription.pk).update(**changes)


def without_a_rate(subscription: Subscription) -> None:
    """Will have its next term open for three months, which its version has no rate for."""
    spoil(subscription, months=3)


def overlapping(subscription: Subscription) -> None:
    """Will have its next term open a day before the running one ends, which is found at the end."""
    spoil(subscription, next_term_on=day("24-01-31"), next_bill_on=day("24-01-31"))


REASONS = {without_a_rate: "amount_minor", overlapping: "terms of a subscription tile"}


@pytest.mark.parametrize("spoiling", REASONS, ids=lambda it: it.__name__)
def test_alone(shop: Shop, spoiling: Callable[[Subscription], None]) -> None:
    bad = shop.join(shop.plan(), "24-01-01")
    shop.run("24-01-01")
    charge = shop.charge(bad, 500, "24-01-09")
    spoiling(bad)
    before = books(shop.operator)
    tally = shop.run("24-02-10")
    assert (tally.billed, tally.invoices, tally.total_minor) == (0, 0, 0)
    assert list(tally.set_aside) == [bad.pk]
    assert REASONS[spoiling] in tally.set_aside[bad.pk]
    assert books(shop.operator) == before
    assert Term.objects.filter(subscription=bad).count() == 1
    assert Charge.objects.get(pk=charge.pk).billed_on is None
    assert_gapless(shop.operator)


@pytest.mark.parametrize(
    ("count", "spoiled"), [(50, [0, 24, 25, 49]), (20, [19]), (20, range(20))], ids=str
)
def test_among_others(shop: Shop, count: int, spoiled: Sequence[int]) -> None:
    gold = shop.plan()
    came = [shop.join(gold, "24-01-01", who=f"W{n}") for n in range(count)]
    shop.run("24-01-01")
    for n in spoiled:
        (without_a_rate, overlapping)[n % 2](came[n])
    [run] = bill_operator(shop.operator, at=shop.at("24-02-01"))
    good = count - len(spoiled)
    assert (run.state, run.billed, run.invoices) == (RunState.FINISHED, good, good)
    assert (run.set_aside, run.total_minor) == (len(spoiled), good * 3100)
    aside = SetAside.objects.filter(run=run).order_by("subscription")
    assert [it.subscription_id for it in aside] == [came[n].pk for n in spoiled]
    assert [len(totals(it)) for it in came] == [1 if n in spoiled else 2 for n in range(count)]
    assert_gapless(shop.operator)


def test_repaired_it_is_billed_as_of_its_own_dates(shop: Shop) -> None:
    gold = shop.plan()
    bad, good = (shop.join(gold, "24-01-01", who=name) for name in ("Bad", "Good"))
    shop.run("24-01-01")
    shop.charge(bad, 500, "24-01-09", taxable=False)
    without_a_rate(bad)
    for on in ("24-02-01", "24-02-02", "24-03-05"):
        [run] = bill_operator(shop.operator, at=shop.at(on))
        assert run.set_aside == 1
    spoil(bad, months=1)
    [run] = bill_operator(shop.operator, at=shop.at("24-03-05"))
    assert (run.set_aside, run.billed, run.invoices) == (0, 3, 3), "Good was billed on 1 March"
    assert totals(good)[1:] == [("24-02-01", 3100), ("24-03-01", 3100)]
    assert lines(bad)[1:] == [
        "24-02-01 rate 24-02-01/24-03-01 3100",
        "24-02-01 charge 24-01-09/24-01-10 500",
        "24-03-01 rate 24-03-01/24-04-01 3100",
    ]
    assert SetAside.objects.filter(subscription=bad).count() == 3, "once a run"
    assert_gapless(shop.operator)


def test_amounts_beyond_any_number(db: None) -> None:
    """The dearest extra that anybody may type, with more of it than anybody uses."""
    shop = open_shop(currency="KWD")
    dear = Allowance(Offer.RESTRICTED, 0, 1, 10_000_000_000)
    with as_operator(shop.operator.pk):
        plan = shop.plan(replace(GOLD, allowances={Service.FORWARD: dear}))
        bad, good = (shop.join(plan, "24-01-01", who=name) for name in ("Bad", "Good"))
        shop.run("24-01-01")
        most = {"service": "forward", "quantity": 1_000_000, "when": day("24-01-07")}
        entries = [Given(uuid4().hex, bad.pk, **most) for _ in range(923)]
        taken = take_in(shop.operator, entries, by=None, at=shop.at("24-01-07"))
        assert {it.status for it in taken} == {Status.COUNTED}
        shop.use(good, 900_000, "24-01-07", service=Service.FORWARD)
        [run] = bill_operator(shop.operator, at=shop.at("24-02-01"))
        # 923 million times 10 milliard is more than 2 ** 63; 900,000 times that is not.
        assert SetAside.objects.get(run=run).reason == "bigint out of range"
        assert totals(good)[1:] == [("24-02-01", 9_000_000_000_003_100)]
        assert len(totals(bad)) == 1


@pytest.mark.parametrize("page", [1, 5_000])
def test_a_later_date_may_be_bad_alone(shop: Shop, page: int) -> None:
    priceless, gold = shop.plan(PRICELESS, name="Priceless"), shop.plan()
    bad, good = shop.join(priceless, "24-01-01"), shop.join(gold, "24-01-01", who="Good")
    shop.run("24-01-01")
    shop.use(bad, 2, "24-02-03")
    tally = shop.run("24-04-10", page=page)
    assert (tally.billed, tally.set_aside) == (4, {bad.pk: "bigint out of range"})
    assert [on for on, _ in totals(bad)] == ["24-01-01", "24-02-01"]
    assert len(totals(good)) == 4
    assert_gapless(shop.operator)


def test_totals_beyond_any_number(shop: Shop) -> None:
    shop.tax("10")
    bad = shop.join(shop.plan(replace(GOLD, rates={1: 9 * 10**18})), "24-01-01")
    assert list(shop.run("24-01-01").set_aside) == [bad.pk], "with its tax it is 9.9e18"
    assert Invoice.objects.count() == 0
    shop.tax(None)
    assert shop.run("24-01-01").set_aside == {}
    assert totals(bad) == [("24-01-01", 9 * 10**18)]


def test_the_sum_of_a_run_is_no_reason_to_stop(shop: Shop) -> None:
    """Each bill can be written, but not what three of them come to, nor three corrected ones."""
    dear, gold = shop.plan(PRICELESS, name="Dear"), shop.plan()
    came = [shop.join(dear, "24-01-01", who=f"W{n}") for n in range(3)]
    last = shop.join(gold, "24-01-01", who="Last")
    for it in came:
        shop.use(it, 1, "24-01-05")
    bill_operator(shop.operator, at=shop.at("24-02-01"), page=1)
    for entry in UsageEntry.objects.all():
        own = {"form": uuid4(), "by": shop.by, "at": shop.at("24-02-02")}
        correct(entry, counts=0, reason="A slip", **own)
    bill_operator(shop.operator, at=shop.at("24-03-01"), page=1)
    states = BillingRun.objects.values_list("state", "set_aside")
    assert list(states) == [(RunState.FINISHED, 0)] * 2
    expected = [
        ("24-01-01", 3100),
        ("24-02-01", 9 * 10**18 + 3100),
        ("24-03-01", 3100 - 9 * 10**18),
    ]
    assert [totals(it) for it in came] == [expected] * 3
    assert len(totals(last)) == 3


def test_a_switch_of_a_bad_one_is_refused_whole(shop: Shop) -> None:
    priceless, gold = shop.plan(PRICELESS, name="Priceless"), shop.plan()
    bad = shop.join(priceless, "24-01-01")
    shop.run("24-01-01")
    shop.use(bad, 2, "24-01-03")
    before = books(shop.operator)
    with pytest.raises(CannotBeBilled, match="larger than an invoice can hold"):
        shop.switch(bad, gold, "24-02-10")
    with pytest.raises(CannotBeBilled):
        shop.switch(bad, gold, "24-01-10", months=12)
    assert books(shop.operator) == before
    assert (Switch.objects.count(), Term.objects.filter(subscription=bad).count()) == (0, 1)
    shop.switch(bad, gold, "24-01-10")
    assert lines(bad)[1:] == [
        "24-01-10 rate 24-01-10/24-02-01 2200",
        "24-01-10 credit 24-01-10/24-02-01 -2200",
    ]
