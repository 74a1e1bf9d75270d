"""Credit notes pay a customer's next bills: the oldest first, and no more than they are for.

Gold is 31.00 a month, so a day of January costs 1.00.
"""

from dataclasses import replace

import pytest
from django.db import transaction

from postroom.domain.billing.models import Allocation, Invoice
from tests.rooms.billing_worlds import GOLD, Shop, totals


def spent() -> list[tuple[int, int, int]]:
    """Will return the numbers of note and invoice, and the amount, of each use of a credit."""
    uses = Allocation.objects.order_by("credit_note__number", "invoice__number")
    return list(uses.values_list("credit_note__number", "invoice__number", "amount_minor"))


def credited(shop: Shop) -> dict[int, int]:
    """Will give Ana notes of 10.00 and 5.00, numbers 4 and 5, and Bo one of 1.00, number 6."""
    gold, leaving = shop.plan(), [("Ana", "24-01-21"), ("Ana", "24-01-26"), ("Bo", "24-01-30")]
    left = [shop.join(gold, "24-01-01", who=who) for who, _ in leaving]
    shop.run("24-01-01")
    for it, (_, on) in zip(left, leaving, strict=True):
        shop.close(it, on)
    shop.run("24-01-31")
    notes = Invoice.objects.filter(total_minor__lt=0).order_by("number")
    return dict(notes.values_list("number", "total_minor"))


@pytest.mark.parametrize("page", [1, 2, 5_000])
def test_credits_are_spent_first_and_once(shop: Shop, page: int) -> None:
    assert credited(shop) == {4: -1000, 5: -500, 6: -100}
    for minor, who in [(700, "Ana"), (600, "Ana"), (50, "Bo"), (3100, "Ana"), (20, "Cy")]:
        plan = shop.plan(replace(GOLD, rates={1: minor}), name=f"{who} {minor}")
        shop.join(plan, "24-02-01", who=who)
    shop.run("24-02-01", page=page)
    # 7.00 of the first note, its last 3.00 and 3.00 of the second, the last 2.00 of that.
    assert spent() == [(4, 7, 700), (4, 8, 300), (5, 8, 300), (5, 10, 200), (6, 9, 50)]
    bills = Invoice.objects.filter(number__gt=6).order_by("number")
    assert [(it.total_minor, it.credited_minor, it.due_minor) for it in bills] == [
        (700, 700, 0),
        (600, 600, 0),
        (50, 50, 0),
        (3100, 200, 2900),
        (20, 0, 20),
    ]
    shop.run("24-03-01", page=page)
    # Bo's third invoice of the five takes the rest of his.
    assert spent()[5:] == [(6, 14, 50)]


def test_a_credit_lasts_over_many_bills_and_is_never_overspent(shop: Shop) -> None:
    credited(shop)
    shop.join(shop.plan(replace(GOLD, rates={1: 400}), name="Small"), "24-02-01")
    with transaction.atomic():
        shop.run("24-09-01")
        at_once = spent()
        transaction.set_rollback(True)
    for month in range(2, 10):
        shop.run(f"24-{month:02}-01", page=1)
    # 15.00 pay 4.00 thrice and 3.00 of the fourth.
    assert spent() == at_once == [(4, 7, 400), (4, 8, 400), (4, 9, 200), (5, 9, 200), (5, 10, 300)]


def test_a_note_of_the_switch_pays_the_next_bill(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-01-01")
    shop.run("24-01-01")
    shop.switch(ana, shop.plan(replace(GOLD, rates={1: 1550}), name="Half"), "24-01-11")
    shop.run("24-02-01")
    # 21 of 31 days: 10.50 less 21.00.
    assert totals(ana)[1:] == [("24-01-11", -1050), ("24-02-01", 1550)]
    assert spent() == [(2, 3, 1050)]
