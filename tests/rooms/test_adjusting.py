"""Adjustments by hand: documents of their own that put an invoice right.

Gold is 31.00 a month; Ana's invoices are numbered 1, 2 and 3, of January to March.
"""

from typing import Any
from uuid import uuid4

import pytest

from postroom.domain.billing.adjusting import (
    AdjustmentSaysNoReason,
    AdjustmentSentBefore,
    AdjustsAnAdjustment,
    AdjustsByNothing,
    CreditsMoreThanBilled,
    adjust,
    preview_adjustment,
)
from postroom.domain.billing.models import Account, Allocation, Invoice, InvoiceLine, LineKind
from postroom.domain.billing.payments import in_favour_of
from tests.rooms.billing_worlds import Shop, day
from tests.rooms.test_payments import accounts, bill, left, pay


def put_right(shop: Shop, number: int, minor: int, **facts: Any) -> Invoice:
    said = {"reason": "The scanner was down", "form": uuid4(), "on": day("24-03-10")} | facts
    invoice = Invoice.objects.get(number=number)
    return adjust(invoice, amount_minor=minor, **said, by=shop.by, at=shop.at("24-03-10"))


def test_a_credit_pays_its_own_invoice(shop: Shop) -> None:
    bill(shop)
    note = put_right(shop, 2, -1000)
    assert (note.number, note.total_minor, note.adjusts_id) == (
        4,
        -1000,
        Invoice.objects.get(number=2).pk,
    )
    assert left() == {1: 3100, 2: 2100, 3: 3100, 4: 0}
    line = InvoiceLine.objects.get(invoice=note)
    assert (line.kind, line.text) == (LineKind.ADJUSTMENT, "The scanner was down")
    assert accounts() == {Account.REVENUE: -8300, Account.RECEIVABLE: 8300}
    shop.run("24-04-01")
    assert left()[5] == 3100


def test_a_credit_of_a_paid_invoice_pays_the_next_one(shop: Shop) -> None:
    bill(shop)
    pay(shop, 9300)
    put_right(shop, 2, -1000)
    assert in_favour_of(shop.who("Ana")) == 1000
    shop.run("24-04-01")
    assert Invoice.objects.get(number=5).due_minor == 2100
    assert Allocation.objects.get(at_issue=True).amount_minor == 1000


def test_more_is_charged(shop: Shop) -> None:
    bill(shop)
    pay(shop, 10_000)
    more = put_right(shop, 3, 500)
    assert not more.is_credit_note
    assert left()[4] == 0
    assert in_favour_of(shop.who("Ana")) == 200


@pytest.mark.parametrize(
    ("included", "sums"),
    [(False, (-1000, -89, 0, -1089)), (True, (-1000, 0, -82, -1000))],
)
def test_an_adjustment_is_taxed_as_its_invoice_was(
    shop: Shop, included: bool, sums: tuple[int, ...]
) -> None:
    shop.tax("8.875", included=included)
    bill(shop)
    shop.tax(None)
    note = put_right(shop, 1, -1000)
    assert sums == (
        note.subtotal_minor,
        note.tax_minor,
        note.included_tax_minor,
        note.total_minor,
    )
    assert sum(accounts().values()) == 0


def test_no_more_is_credited_than_was_billed(shop: Shop) -> None:
    bill(shop)
    put_right(shop, 1, -3000)
    with pytest.raises(CreditsMoreThanBilled, match=r"\$1\.01, and the invoice to \$1\.00"):
        put_right(shop, 1, -101)
    put_right(shop, 1, 50)
    put_right(shop, 1, -150)
    assert left()[1] == 0


def test_what_is_no_adjustment(shop: Shop) -> None:
    bill(shop)
    with pytest.raises(AdjustsByNothing):
        put_right(shop, 1, 0)
    with pytest.raises(AdjustmentSaysNoReason):
        put_right(shop, 1, -5, reason=" ")
    note = put_right(shop, 1, -5)
    with pytest.raises(AdjustsAnAdjustment, match="invoice 1"):
        preview_adjustment(note, amount_minor=-1)


def test_a_form_adjusts_once(shop: Shop) -> None:
    bill(shop)
    form = uuid4()
    assert put_right(shop, 1, -5, form=form) == put_right(shop, 1, -5, form=form)
    with pytest.raises(AdjustmentSentBefore):
        put_right(shop, 1, -6, form=form)
    with pytest.raises(AdjustmentSentBefore):
        put_right(shop, 1, -5, form=form, reason="Something else")
    with pytest.raises(AdjustmentSentBefore):
        put_right(shop, 2, -5, form=form)


def test_adjusting_on_the_billing_date_leaves_the_run_alone(shop: Shop) -> None:
    bill(shop)
    put_right(shop, 3, -5, on=day("24-04-01"))
    shop.run("24-04-01")
    totals = Invoice.objects.filter(billed_on=day("24-04-01")).order_by("number")
    assert [it.total_minor for it in totals] == [-5, 3100]
