"""Payments by hand: what they pay, what is taken back, what is paid back.

Gold is 31.00 a month; Ana's invoices are numbered 1, 2 and 3, of January to March.
"""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from postroom.domain.billing.allocating import (
    PutsBelowZero,
    PutsMoreThanIsOwed,
    PutsMoreThanThereIs,
    PutsTowardsAnother,
    left_to_put,
    payables,
    put_towards,
)
from postroom.domain.billing.models import Account, Invoice, Method, OpenItem, Payment, Posting
from postroom.domain.billing.payments import (
    OnlyMoneyReceived,
    PaymentAhead,
    PaymentOfNothing,
    PaymentPaidBack,
    PaymentSentBefore,
    PaymentTakenBack,
    PaysBackTooMuch,
    SaysNoReason,
    in_favour_of,
    pay_back,
    record_payment,
    take_back_payment,
)
from postroom.domain.events.models import Event
from tests.rooms.billing_worlds import GOLD, Shop, day


def bill(shop: Shop, until: str = "24-03-01", who: str = "Ana") -> None:
    shop.join(shop.plan(name=f"Gold of {who}"), "24-01-01", who=who)
    shop.run(until)


def pay(shop: Shop, minor: int, on: str = "24-03-05", *, who: str = "Ana", **facts: Any) -> Payment:
    """Will record a check of a customer on its day."""
    return record_payment(
        shop.who(who),
        **{"method": Method.CHECK, "received_on": day(on), "form": uuid4()} | facts,
        amount_minor=minor,
        by=shop.by,
        at=shop.at(on),
        on=day(on),
    )


def take_back(shop: Shop, payment: Payment, on: str = "24-03-09", **facts: Any) -> Payment:
    said = {"reason": "It bounced", "form": uuid4()} | facts
    return take_back_payment(payment, **said, by=shop.by, at=shop.at(on), on=day(on))


def refund(shop: Shop, minor: int, on: str = "24-03-10", **facts: Any) -> Payment:
    return pay_back(
        shop.who("Ana"),
        **{"method": Method.TRANSFER, "reason": "Paid twice", "form": uuid4()} | facts,
        amount_minor=minor,
        paid_on=day(on),
        by=shop.by,
        at=shop.at(on),
        on=day(on),
    )


def left() -> dict[int, int]:
    """Will return what is left of each invoice, by number."""
    items = OpenItem.objects.filter(invoice__isnull=False).order_by("invoice__number")
    return dict(items.values_list("invoice__number", "left_minor"))


def keys(*numbers: int) -> list[int]:
    return [Invoice.objects.get(number=it).pk for it in numbers]


def accounts() -> dict[str, int]:
    """Will return what each account comes to."""
    sums: dict[str, int] = {}
    for account, minor in Posting.objects.values_list("account", "amount_minor"):
        sums[account] = sums.get(account, 0) + minor
    return {account: minor for account, minor in sums.items() if minor}


def test_a_payment_pays_the_oldest_first(shop: Shop) -> None:
    bill(shop)
    payment = pay(shop, 5000)
    assert left() == {1: 0, 2: 1200, 3: 3100}
    assert left_to_put(payment) == 0
    assert accounts() == {Account.REVENUE: -9300, Account.RECEIVABLE: 4300, Account.CHECK: 5000}
    assert Event.objects.filter(act="payment.recorded").count() == 1


def test_what_is_paid_ahead_pays_the_next_invoices(shop: Shop) -> None:
    bill(shop)
    payment = pay(shop, 9300 + 4000)
    assert in_favour_of(shop.who("Ana")) == 4000
    shop.run("24-05-01", page=1)
    assert left() == {1: 0, 2: 0, 3: 0, 4: 0, 5: 2200}
    assert left_to_put(payment) == 0
    assert Invoice.objects.get(number=4).credited_minor == 0


def test_nobody_pays_for_somebody_else(shop: Shop) -> None:
    bill(shop)
    bill(shop, who="Bo")
    pay(shop, 100_000)
    assert sum(left().values()) == 9300
    shop.run("24-04-01")
    assert sum(left().values()) == 9300 + 3100


def test_people_choose_what_a_payment_pays(shop: Shop) -> None:
    bill(shop)
    [first, third] = keys(1, 3)
    payment = pay(shop, 4000, towards={third: 3100, first: 500})
    assert left() == {1: 2600, 2: 3100, 3: 0}
    assert left_to_put(payment) == 400
    chosen = {it.invoice.number: (it.left_minor, it.put_minor) for it in payables(shop.who("Ana"))}
    assert chosen == {1: (2600, 0), 2: (3100, 0)}
    again = {it.invoice.number: it.most_minor for it in payables(shop.who("Ana"), payment)}
    assert again == {1: 3100, 2: 3100, 3: 3100}


def test_a_payment_is_put_elsewhere(shop: Shop) -> None:
    bill(shop)
    first, second, third = keys(1, 2, 3)
    payment = pay(shop, 4000)
    who = {"by": shop.by, "at": shop.at("24-03-06"), "on": day("24-03-06")}
    put_towards(payment, {second: 3100, third: 900}, **who)
    assert left() == {1: 3100, 2: 0, 3: 2200}
    put_towards(payment, {first: 10}, **who)
    assert left() == {1: 3090, 2: 3100, 3: 3100}
    assert left_to_put(payment) == 3990
    put_towards(payment, {first: 10}, **who)
    assert Event.objects.filter(act="payment.put_towards").count() == 2


def test_what_cannot_be_put(shop: Shop) -> None:
    bill(shop)
    bill(shop, who="Bo")
    mine, theirs = keys(1)[0], Invoice.objects.filter(customer=shop.who("Bo"))[0].pk
    refused: list[tuple[dict[int, int], type[Exception]]] = [
        ({mine: 3101}, PutsMoreThanIsOwed),
        ({mine: 3100, theirs: 100}, PutsTowardsAnother),
        ({mine: 3000, keys(3)[0]: 2001}, PutsMoreThanThereIs),
        ({mine: -1}, PutsBelowZero),
        ({-1: 5}, PutsTowardsAnother),
    ]
    for wanted, refusal in refused:
        with pytest.raises(refusal):
            pay(shop, 5000, towards=wanted)


@pytest.mark.parametrize(
    ("minor", "facts", "refusal"),
    [
        (0, {}, PaymentOfNothing),
        (-5, {}, PaymentOfNothing),
        (5, {"received_on": day("24-03-06")}, PaymentAhead),
    ],
)
def test_what_is_no_payment(
    shop: Shop, minor: int, facts: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        pay(shop, minor, **facts)


def test_a_form_records_once(shop: Shop) -> None:
    bill(shop)
    form = uuid4()
    payment = pay(shop, 3100, form=form, reference=" 1044 ")
    assert pay(shop, 3100, form=form, reference="1044") == payment
    with pytest.raises(PaymentSentBefore):
        pay(shop, 3200, form=form, reference="1044")
    assert left() == {1: 0, 2: 3100, 3: 3100}


def test_a_bounced_payment_is_taken_back(shop: Shop) -> None:
    bill(shop)
    payment = pay(shop, 20_000)
    form = uuid4()
    taken = take_back(shop, payment, form=form)
    assert take_back(shop, payment, form=form) == taken
    assert left() == {1: 3100, 2: 3100, 3: 3100}
    assert in_favour_of(shop.who("Ana")) == 0
    assert accounts() == {Account.REVENUE: -9300, Account.RECEIVABLE: 9300}
    with pytest.raises(PaymentTakenBack, match="09 March 2024"):
        take_back(shop, payment)
    with pytest.raises(OnlyMoneyReceived):
        take_back(shop, taken)
    with pytest.raises(SaysNoReason):
        take_back(shop, payment, reason=" ")


def test_money_is_paid_back(shop: Shop) -> None:
    bill(shop)
    payment = pay(shop, 10_000)
    form = uuid4()
    paid = refund(shop, 600, form=form)
    assert refund(shop, 600, form=form) == paid
    assert in_favour_of(shop.who("Ana")) == 100
    with pytest.raises(PaysBackTooMuch, match=r"\$1\.00 is in the customer's favour"):
        refund(shop, 101)
    with pytest.raises(PaymentPaidBack, match=r"\$6\.00 of this payment"):
        take_back(shop, payment)
    assert accounts()[Account.TRANSFER] == -600


def test_a_deposit_is_paid_back_from_its_credit_note(shop: Shop) -> None:
    plan = shop.plan(replace(GOLD, deposit_minor=5000), name="With a deposit")
    ana = shop.join(plan, "24-01-01")
    shop.run("24-01-01")
    pay(shop, 8100, "24-01-02")
    assert accounts()[Account.DEPOSITS] == -5000
    shop.close(ana, "24-01-31")
    shop.run("24-02-01")
    refund(shop, 5000)
    assert in_favour_of(shop.who("Ana")) == 0
    assert accounts() == {
        Account.CHECK: 8100,
        Account.REVENUE: -3100,
        Account.TRANSFER: -5000,
    }
