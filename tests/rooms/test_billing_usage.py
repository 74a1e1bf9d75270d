"""Usage on bills: bad entries beside good ones, late ones, corrected ones, and both at once.

A shred costs 1.00 beyond two a month, a recipient 10.00 beyond four.
"""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import InvoiceLine
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.actions import correct
from postroom.domain.usage.intake import Status, take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry
from tests.rooms.billing_crowds import meanwhile
from tests.rooms.billing_worlds import (
    GOLD,
    Shop,
    assert_gapless,
    day,
    lines,
    lines_on,
    open_shop,
    totals,
)

RECIPIENTS = Service.RECIPIENTS


def put_right(shop: Shop, entry: UsageEntry, counts: int, on: str) -> None:
    own = {"form": uuid4(), "by": shop.by, "at": shop.at(on)}
    correct(entry, counts=counts, reason="A slip", **own)


def test_bad_entries_cost_nobody_anything(shop: Shop) -> None:
    gold = shop.plan()
    ana, left = shop.join(gold, "24-01-01"), shop.join(gold, "24-01-01", who="Left")
    shop.run("24-01-01")
    shop.close(left, "24-01-05")
    whom, today = ana.pk, day("24-01-10")
    sent = {
        "counted": Given("a", whom, "shred", 5, today),
        "closed_before": Given("b", left.pk, "shred", 5, day("24-01-06")),
        "subscription_unknown": Given("c", 2**62, "shred", 5, today),
        "in_the_future": Given("d", whom, "shred", 5, day("24-01-11")),
        "not_yet_begun": Given("e", whom, "shred", 5, day("23-12-31")),
        "not_a_count": Given("f", whom, "shred", -5, today),
        "key_used_before": Given("a", whom, "shred", 10**6, today),
        "not_a_count ": Given("h", whom, "shred", 10**12, today),
        "service_not_metered": Given("i", whom, "storage", 5, today),
        "counted ": Given("j", left.pk, "shred", 3, day("24-01-05")),
    }
    outcomes = take_in(shop.operator, sent.values(), by=None, at=shop.at("24-01-10"))
    said = [it.refusal.code if it.refusal else it.status.value for it in outcomes]
    assert said == [it.strip() for it in sent]
    shop.run("24-02-01")
    assert lines_on(ana, "24-02-01")[1:] == ["extra:shred 24-01-01/24-02-01 300"]
    assert "extra:shred 24-01-01/24-01-06 100" in lines_on(left, "24-01-06")


def test_a_neighbours_subscription(shop: Shop) -> None:
    other = open_shop()
    with as_operator(other.operator.pk):
        theirs = other.join(other.plan(), "24-01-01")
        other.run("24-01-01")
    refused = shop.use(theirs, 900, "24-01-10").refusal
    assert refused is not None
    assert refused.code == "subscription_unknown"
    with as_operator(other.operator.pk):
        other.run("24-02-01")
        assert totals(theirs) == [("24-01-01", 3100), ("24-02-01", 3100)]


def test_late_twice_and_then_less(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-01-01")
    shop.run("24-01-01")
    shop.use(ana, 3, "24-01-10")
    first = UsageEntry.objects.get()
    shop.run("24-02-01")
    shop.use(ana, 2, "24-01-20", entered="24-02-03")
    shop.run("24-03-01")
    shop.use(ana, 1, "24-01-31", entered="24-03-05")
    shop.run("24-04-01")
    put_right(shop, first, 0, "24-04-07")
    shop.run("24-06-01")
    extras = [
        it.replace("extra:shred 24-01-01/24-02-01 ", "") for it in lines(ana) if "extra" in it
    ]
    # 3 used are 1 over; 5 are 3 over; 6 are 4 over; 2 + 1 are 1 over.
    assert extras == ["24-02-01 100", "24-03-01 200", "24-04-01 100", "24-05-01 -300"]
    written = InvoiceLine.objects.filter(kind="extra").order_by("pk")
    assert [(it.revision, it.used, it.over, it.billed_before_minor) for it in written] == [
        (0, 3, 1, 0),
        (1, 5, 3, 100),
        (2, 6, 4, 300),
        (3, 3, 1, 400),
    ]


def test_the_month_ends_with_its_run(shop: Shop) -> None:
    """On the billing day what was used the day before is in time before the run, late after it."""
    ana = shop.join(shop.plan(), "24-01-01")
    shop.run("24-01-31")
    shop.use(ana, 3, "24-01-31", entered="24-02-01")
    shop.use(ana, 4, "24-02-01")
    shop.run("24-02-01")
    shop.use(ana, 1, "24-01-31", entered="24-02-01")
    assert lines_on(ana, "24-02-01")[1:] == ["extra:shred 24-01-01/24-02-01 100"]
    shop.run("24-03-01")
    assert lines_on(ana, "24-03-01")[1:] == [
        "extra:shred 24-01-01/24-02-01 100",
        "extra:shred 24-02-01/24-03-01 200",
    ]


def test_late_within_the_allowance_costs_nothing(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-01-01")
    shop.run("24-02-01")
    shop.use(ana, 2, "24-01-20", entered="24-02-03")
    shop.run("24-03-01")
    assert lines_on(ana, "24-03-01") == ["rate 24-03-01/24-04-01 3100"]
    assert Subscription.objects.get(pk=ana.pk).late_from is None


def test_late_after_the_final_bill(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-01-01")
    shop.run("24-01-01")
    shop.close(ana, "24-01-31")
    shop.use(ana, 2, "24-01-31")
    shop.run("24-02-20")
    assert totals(ana) == [("24-01-01", 3100)], "billed to the last day used: nothing is left"
    shop.use(ana, 3, "24-01-20", entered="24-02-20")
    first = UsageEntry.objects.get(quantity=3)
    shop.use(ana, 1, "24-01-31", entered="24-02-25")
    shop.run("24-02-20")
    assert len(totals(ana)) == 1, "not before the day after it was entered"
    shop.run("24-03-10")
    # 6 used, 4 over.
    assert lines(ana)[1:] == ["24-02-21 extra:shred 24-01-01/24-02-01 400"]
    put_right(shop, first, 1, "24-03-10")
    shop.run("24-03-11")
    assert totals(ana)[2:] == [("24-03-11", -200)]
    assert Subscription.objects.get(pk=ana.pk).next_bill_on is None
    assert_gapless(shop.operator)


def test_late_for_months_that_a_switch_moved(shop: Shop) -> None:
    gold = shop.plan()
    ana = shop.join(gold, "24-01-01")
    shop.run("24-01-01")
    shop.switch(ana, gold, "24-01-16", months=12)
    shop.use(ana, 5, "24-01-10", entered="24-01-20")
    shop.run("24-02-16")
    assert lines_on(ana, "24-02-16") == ["extra:shred 24-01-01/24-01-16 300"]
    shop.use(ana, 4, "24-01-16", entered="24-02-18")
    shop.use(ana, 1, "24-01-15", entered="24-02-18")
    shop.use(ana, 7, "24-02-15", entered="24-02-18")
    shop.run("24-03-16")
    # 16 January to 15 February: 11 used, 9 over. Before: 6 used, 4 over, 3 billed.
    assert lines_on(ana, "24-03-16") == [
        "extra:shred 24-01-01/24-01-16 100",
        "extra:shred 24-01-16/24-02-16 900",
    ]
    shop.use(ana, 1, "24-01-16", entered="24-03-17")
    shop.run("24-05-20")
    assert lines_on(ana, "24-04-16") == ["extra:shred 24-01-16/24-02-16 100"]
    assert lines_on(ana, "24-05-16") == []


def test_late_for_a_month_of_two_plans(shop: Shop) -> None:
    gold = shop.plan()
    tight = replace(
        GOLD, allowances=GOLD.allowances | {Service.SHRED: Allowance(Offer.RESTRICTED, 1, 5, 700)}
    )
    silver = shop.plan(tight, name="Silver")
    ana = shop.join(gold, "24-01-01")
    shop.run("24-01-01")
    shop.use(ana, 3, "24-01-05")
    shop.switch(ana, silver, "24-01-16")
    shop.use(ana, 2, "24-01-20")
    shop.run("24-02-01")
    # Until 15 January 3, of which 1 is over 2. Then 3 were used before: both are over, one block.
    assert lines_on(ana, "24-02-01")[1:] == [
        "extra:shred 24-01-01/24-01-16 100",
        "extra:shred 24-01-16/24-02-01 700",
    ]
    shop.use(ana, 1, "24-01-15", entered="24-02-02")
    shop.use(ana, 4, "24-01-16", entered="24-02-02")
    shop.run("24-03-01")
    # 4 are 2 over; 6 of the second part are two blocks.
    assert lines_on(ana, "24-03-01")[1:] == [
        "extra:shred 24-01-01/24-01-16 100",
        "extra:shred 24-01-16/24-02-01 700",
    ]


def test_a_level_that_comes_late_before_another_is_not_billed_twice(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-01-01")
    shop.run("24-01-01")
    silver = shop.plan(replace(GOLD, rates={1: 6200}), name="Silver")
    shop.switch(ana, silver, "24-01-16")
    shop.use(ana, 6, "24-01-20", service=RECIPIENTS)
    shop.run("24-02-01")
    extras = [it for it in lines_on(ana, "24-02-01") if "extra" in it]
    assert [it.rpartition(" ")[2] for it in extras] == ["2000"], "the highest held is 6"
    shop.use(ana, 5, "24-01-05", service=RECIPIENTS, entered="24-02-03")
    shop.run("24-03-01")
    late = [it for it in lines_on(ana, "24-03-01") if "/24-02-01" in it]
    assert late == [], "the highest held in January is 6 still"


def test_a_late_level_reaches_the_months_after_it(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-01-01")
    shop.run("24-03-01")
    shop.use(ana, 6, "24-01-31", service=RECIPIENTS, entered="24-03-02")
    shop.use(ana, 4, "24-03-10", service=RECIPIENTS)
    shop.run("24-05-01")
    # Six are held from 31 January to 9 March, so in each of three months.
    assert [it for it in lines(ana) if "extra" in it] == [
        "24-04-01 extra:recipients 24-01-01/24-02-01 2000",
        "24-04-01 extra:recipients 24-02-01/24-03-01 2000",
        "24-04-01 extra:recipients 24-03-01/24-04-01 2000",
    ]


class TestAtOnce:
    """Two connections, on committed rows of a shop of their own."""

    @pytest.fixture
    def shop(self, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shop]:
        with django_db_blocker.unblock():
            yield open_shop()

    @pytest.fixture
    def ana(self, shop: Shop) -> Subscription:
        with as_operator(shop.operator.pk):
            ana = shop.join(shop.plan(), "24-01-01")
            shop.run("24-01-31")
            shop.use(ana, 3, "24-01-20")
        return ana

    def test_an_entry_waits_for_the_run_and_is_late(self, shop: Shop, ana: Subscription) -> None:
        _, outcome = meanwhile(
            shop,
            lambda: shop.run("24-02-01"),
            lambda: shop.use(ana, 1, "24-01-31", entered="24-02-01"),
        )
        assert outcome.status is Status.COUNTED
        with as_operator(shop.operator.pk):
            assert Subscription.objects.get(pk=ana.pk).late_from == day("24-01-31")
            shop.run("24-03-01")
            assert lines_on(ana, "24-02-01")[1:] == ["extra:shred 24-01-01/24-02-01 100"]
            assert lines_on(ana, "24-03-01")[1:] == ["extra:shred 24-01-01/24-02-01 100"]

    def test_the_run_waits_for_an_entry_and_bills_it(self, shop: Shop, ana: Subscription) -> None:
        meanwhile(
            shop,
            lambda: shop.use(ana, 1, "24-01-31", entered="24-02-01"),
            lambda: shop.run("24-02-01"),
        )
        with as_operator(shop.operator.pk):
            assert Subscription.objects.get(pk=ana.pk).late_from is None
            shop.run("24-03-01")
            assert lines_on(ana, "24-02-01")[1:] == ["extra:shred 24-01-01/24-02-01 200"]
            assert lines_on(ana, "24-03-01")[1:] == []

    def test_a_correction_waits_for_the_run_and_is_late(
        self, shop: Shop, ana: Subscription
    ) -> None:
        with as_operator(shop.operator.pk):
            entry = UsageEntry.objects.get(subscription=ana)
        meanwhile(shop, lambda: shop.run("24-02-01"), lambda: put_right(shop, entry, 1, "24-02-01"))
        with as_operator(shop.operator.pk):
            shop.run("24-03-01")
            assert lines_on(ana, "24-02-01")[1:] == ["extra:shred 24-01-01/24-02-01 100"]
            assert lines_on(ana, "24-03-01")[1:] == ["extra:shred 24-01-01/24-02-01 -100"]
