"""What is on a bill beside rates: taxes, deposits, charges, recipients, other currencies.

Gold is 31.00 a month, so a day of January costs 1.00; a recipient costs 10.00 beyond four.
"""

from dataclasses import replace
from uuid import uuid4

import pytest

from postroom.base.tenancy import as_operator
from postroom.domain.billing.charges import ChargeSentBefore, take_back_charge
from postroom.domain.billing.models import Invoice
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance
from postroom.domain.subscriptions.models import Subscription
from tests.rooms.billing_worlds import (
    GOLD,
    Shop,
    lines,
    lines_on,
    open_shop,
    totals,
)

RECIPIENTS = Service.RECIPIENTS


def joined(shop: Shop, **terms: object) -> Subscription:
    """Will move Ana in on 1 January on Gold with other terms, and bill her."""
    ana = shop.join(shop.plan(replace(GOLD, **terms)), "24-01-01")  # type: ignore[arg-type]
    shop.run("24-01-01")
    return ana


def last(subscription: Subscription) -> Invoice:
    return Invoice.objects.filter(subscription=subscription).latest("number")


@pytest.mark.parametrize(
    ("currency", "shown"), [("USD", "$5.48"), ("JPY", "¥548"), ("KWD", "KWD0.548")]
)
def test_currencies_without_cents_and_with_three(db: None, currency: str, shown: str) -> None:
    shop = open_shop(currency=currency)
    with as_operator(shop.operator.pk):
        shop.tax("8.875")
        ana = shop.join(shop.plan(replace(GOLD, rates={1: 1000})), "24-01-15", billing_day=1)
        shop.run("24-01-15")
        shop.close(ana, "24-01-20")
        shop.run("24-02-01")
        # 17 of 31 days are 548.39, eleven 354.84; 8.875 % of them are 48.635 and 31.51.
        assert lines(ana) == [
            "24-01-15 rate 24-01-15/24-02-01 548",
            "24-01-15 tax 24-01-15/24-02-01 49",
            "24-01-21 credit 24-01-21/24-02-01 -355",
            "24-01-21 tax 24-01-21/24-02-01 -32",
        ]
        invoice = Invoice.objects.get(number=1)
        assert (invoice.currency, shop.operator.show(invoice.subtotal_minor)) == (currency, shown)


def test_halves_are_rounded_away_from_zero(shop: Shop) -> None:
    """Half of 1.01 is charged as 0.51, and of it 0.51 is given back, never more than that."""
    shop.tax("10")
    ana = shop.join(shop.plan(replace(GOLD, rates={1: 101})), "23-11-16", billing_day=1)
    shop.run("23-11-16")
    shop.switch(ana, shop.plan(replace(GOLD, rates={1: 0}), name="Free"), "23-11-16")
    assert [it.split()[-1] for it in lines(ana)] == ["51", "5", "0", "-51", "-5"]


def test_tax_is_rounded_once_a_bill(shop: Shop) -> None:
    """Three times 0.05 at 10 % are 0.015, so 0.02: not thrice 0.01, nor nothing."""
    ana = joined(shop, rates={1: 0})
    shop.tax("10")
    for _ in range(3):
        shop.charge(ana, 5, "24-01-09")
    shop.charge(ana, 700, "24-01-10", taxable=False)
    shop.run("24-02-01")
    assert lines_on(ana, "24-02-01") == [
        "rate 24-02-01/24-03-01 0",
        *["charge 24-01-09/24-01-10 5"] * 3,
        "charge 24-01-10/24-01-11 700",
        "tax 24-01-09/24-01-10 2",
    ]


def test_tax_that_rates_include_is_shown_and_not_added(shop: Shop) -> None:
    shop.tax("20", included=True)
    ana = joined(shop)
    shop.close(ana, "24-01-10")
    shop.run("24-01-11")
    bills = Invoice.objects.order_by("number")
    # 31.00 * 20 / 120 = 5.1667; 21.00 hold 3.50.
    assert [(it.total_minor, it.tax_minor, it.included_tax_minor) for it in bills] == [
        (3100, 0, 517),
        (-2100, 0, -350),
    ]
    assert not any(" tax " in it for it in lines(ana))


@pytest.mark.parametrize(
    ("percent", "tax"), [(None, []), ("0", []), ("100", [3100]), ("0.0001", [])]
)
def test_percents_on_the_edge(shop: Shop, percent: str | None, tax: list[int]) -> None:
    shop.tax(percent)
    ana = joined(shop)
    assert [int(it.split()[-1]) for it in lines(ana)] == [3100, *tax]


@pytest.mark.parametrize(("percent", "added"), [("20", ["tax 24-01-01/24-01-11 20"]), (None, [])])
def test_a_credit_carries_the_tax_of_its_charge(
    shop: Shop, percent: str | None, added: list[str]
) -> None:
    """Two percents on one bill: that of January goes back, extras have the one of today."""
    shop.tax("10")
    ana = joined(shop)
    shop.tax(percent)
    shop.use(ana, 3, "24-01-05")
    shop.close(ana, "24-01-10")
    shop.run("24-01-11")
    written = lines_on(ana, "24-01-11")
    assert written[:2] == ["credit 24-01-11/24-02-01 -2100", "extra:shred 24-01-01/24-01-11 100"]
    assert sorted(written[2:]) == sorted(["tax 24-01-11/24-02-01 -210", *added])
    assert last(ana).total_minor == -2100 + 100 - 210 + 20 * len(added)


def test_from_added_to_included(shop: Shop) -> None:
    shop.tax("10")
    ana = joined(shop)
    shop.tax("20", included=True)
    shop.switch(ana, shop.plan(replace(GOLD, rates={1: 6200}), name="Silver"), "24-01-11")
    assert lines_on(ana, "24-01-11") == [
        "rate 24-01-11/24-02-01 4200",
        "credit 24-01-11/24-02-01 -2100",
        "tax 24-01-11/24-02-01 -210",
    ]
    bill = last(ana)
    # 42.00 hold 7.00 of tax.
    assert (bill.subtotal_minor, bill.tax_minor, bill.included_tax_minor) == (2100, -210, 700)


def test_setup_fee_and_deposit(shop: Shop) -> None:
    """Once with the first term; the deposit goes back with the last bill, and never again."""
    shop.tax("10")
    ana = joined(shop, setup_fee_minor=500, deposit_minor=2000)
    assert lines_on(ana, "24-01-01") == [
        "rate 24-01-01/24-02-01 3100",
        "setup 24-01-01/24-02-01 500",
        "deposit 24-01-01/24-02-01 2000",
        "tax 24-01-01/24-02-01 360",
    ]
    dear = replace(GOLD, rates={1: 6200}, setup_fee_minor=900, deposit_minor=900)
    shop.run("24-02-01")
    shop.switch(ana, shop.plan(dear, name="Dear"), "24-02-01")
    shop.close(ana, "24-02-29", on="24-02-10")
    shop.run("24-03-01")
    assert lines_on(ana, "24-03-01") == ["deposit_return 24-01-01/24-02-01 -2000"]
    shop.use(ana, 3, "24-02-20", entered="24-03-05")
    shop.run("24-03-06")
    assert totals(ana)[-2:] == [("24-03-01", -2000), ("24-03-06", 110)]
    assert sum("deposit" in it or "setup" in it for it in lines(ana)) == 3


def test_nobody_who_moved_in_with_paid_months_joins_for_a_fee(shop: Shop) -> None:
    plan = shop.plan(replace(GOLD, setup_fee_minor=500, deposit_minor=2000))
    ana = shop.join(plan, "24-01-10", paid_until="24-02-10")
    shop.run("24-02-10")
    assert lines(ana) == ["24-02-10 rate 24-02-10/24-03-10 3100"]


def test_charges_by_hand(shop: Shop) -> None:
    ana, form = joined(shop), uuid4()
    twice = [shop.charge(ana, 700, "24-01-09", form=form) for _ in range(2)]
    assert twice[0] == twice[1]
    with pytest.raises(ChargeSentBefore):
        shop.charge(ana, 800, "24-01-09", form=form)
    slip = shop.charge(ana, 9900, "24-01-10")
    take_back_charge(slip, by=shop.by, at=shop.at("24-01-11"))
    shop.run("24-02-01")
    shop.charge(ana, 100, "24-02-02")
    shop.run("24-04-01")
    assert [it for it in lines(ana) if "charge" in it] == [
        "24-02-01 charge 24-01-09/24-01-10 700",
        "24-03-01 charge 24-02-02/24-02-03 100",
    ]


def test_charges_after_the_last_bill(shop: Shop) -> None:
    """One of the day of the last bill after its run, and one each of two later days, run late."""
    ana = joined(shop)
    shop.close(ana, "24-01-31")
    shop.run("24-02-01")
    for minor, on in [(100, "24-02-01"), (200, "24-02-05"), (400, "24-02-05")]:
        shop.charge(ana, minor, on)
    shop.run("24-02-10")
    assert totals(ana)[1:] == [("24-02-02", 100), ("24-02-06", 600)]
    back = shop.charge(ana, 800, "24-02-10")
    take_back_charge(back, by=shop.by, at=shop.at("24-02-10"))
    shop.run("24-03-10")
    assert len(totals(ana)) == 3
    assert Subscription.objects.get(pk=ana.pk).next_bill_on is None


def test_a_charge_of_a_day_that_was_over_here(shop: Shop) -> None:
    """Where staff still have the 31st, and the mailbox had its last bill on the 1st."""
    ana = joined(shop)
    shop.use(ana, 3, "24-01-10")
    shop.close(ana, "24-01-31")
    shop.run("24-02-01")
    shop.charge(ana, 100, "24-01-31")
    assert shop.run("24-02-02").set_aside == {}
    assert [minor for _, minor in totals(ana)] == [3100, 100, 100]


def test_recipients_are_a_level(shop: Shop) -> None:
    """Billed on the highest number held in a month, and carried into the next one."""
    ana = joined(shop)
    for quantity, on in [(6, "24-01-05"), (3, "24-01-20"), (5, "24-01-25"), (0, "24-03-01")]:
        shop.use(ana, quantity, on, service=RECIPIENTS)
    shop.run("24-04-01")
    assert [it for it in lines(ana) if "extra" in it] == [
        "24-02-01 extra:recipients 24-01-01/24-02-01 2000",
        "24-03-01 extra:recipients 24-02-01/24-03-01 1000",
    ]


def test_recipients_in_a_month_of_two_plans(shop: Shop) -> None:
    """Each new high is used on its day: by the 15th 6, two over 4; then to 8, over 6 already."""
    ana = joined(shop)
    five = {RECIPIENTS: Allowance(Offer.RESTRICTED, 5, 1, 2000)}
    silver = shop.plan(replace(GOLD, allowances=five), name="Silver")
    shop.use(ana, 6, "24-01-05", service=RECIPIENTS)
    shop.run("24-01-16")
    shop.switch(ana, silver, "24-01-16")
    for quantity, on in [(2, "24-01-17"), (8, "24-01-20"), (3, "24-01-25"), (7, "24-01-31")]:
        shop.use(ana, quantity, on, service=RECIPIENTS)
    shop.run("24-03-01")
    assert [it for it in lines(ana) if "extra" in it] == [
        "24-02-01 extra:recipients 24-01-01/24-01-16 2000",
        "24-02-01 extra:recipients 24-01-16/24-02-01 4000",
        "24-03-01 extra:recipients 24-02-01/24-03-01 4000",
    ]
