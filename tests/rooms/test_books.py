"""The books agree with each other, whatever people do in whatever order."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.base.refusals import Refused
from postroom.domain.billing.adjusting import adjust
from postroom.domain.billing.allocating import payables, put_towards
from postroom.domain.billing.models import Account, Invoice, OpenItem, Payment, Posting
from postroom.domain.billing.receivables import receivables, receivables_by_customer
from postroom.domain.billing.statements import statement
from tests.rooms.billing_worlds import Shop, day
from tests.rooms.test_payments import bill, pay, refund, take_back

AMOUNTS = st.integers(1, 9000)


def put_elsewhere(shop: Shop, which: int, minor: int) -> None:
    """Will put a payment towards the newest of what it could pay."""
    payment = nth(Payment.objects.filter(amount_minor__gt=0), which)
    some = payables(payment.customer, payment)
    wanted = {some[-1].invoice.pk: min(minor, some[-1].most_minor, payment.amount_minor)}
    who = {"by": shop.by, "at": shop.at("24-03-11"), "on": day("24-03-11")}
    put_towards(payment, wanted if some else {}, **who)


def put_right(shop: Shop, which: int, minor: int) -> None:
    invoice = nth(Invoice.objects.filter(adjusts=None), which)
    who = {"by": shop.by, "at": shop.at("24-03-12"), "on": day("24-03-12")}
    adjust(invoice, amount_minor=-minor, reason="A slip", form=uuid4(), **who)


def nth(found, which: int):  # type: ignore[no-untyped-def]
    """Will return one of what there is, or refuse to go on."""
    count = found.count()
    if not count:
        raise Refused()
    return found.order_by("pk")[which % count]


ACTS: list[Callable[[Shop, int, int], object]] = [
    lambda shop, which, minor: pay(shop, minor),
    lambda shop, which, minor: pay(shop, minor, who="Bo"),
    lambda shop, which, minor: take_back(shop, nth(Payment.objects.all(), which)),
    lambda shop, which, minor: refund(shop, minor % 500 + 1),
    put_elsewhere,
    put_right,
    lambda shop, which, minor: shop.run(f"24-{4 + which % 3:02}-01"),
]


@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9), AMOUNTS), max_size=25))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_books_agree(shop: Shop, acts: list[tuple[Callable[..., object], int, int]]) -> None:
    shop.customers.clear()
    with transaction.atomic():
        bill(shop)
        bill(shop, who="Bo")
        for act, which, minor in acts:
            try:
                with transaction.atomic():
                    act(shop, which, minor)
            except (Refused, IndexError):
                continue
        agree(shop)
        transaction.set_rollback(True)


def agree(shop: Shop) -> None:
    """Will assert that items, postings, statements and receivables say the same."""
    for customer in shop.customers.values():
        left = sum(OpenItem.objects.filter(customer=customer).values_list("left_minor", flat=True))
        told = statement(customer, since=day("24-01-01"), until=day("24-12-31"))
        later = statement(customer, since=day("24-03-06"), until=day("24-12-31"))
        assert left == told.closing_minor == later.closing_minor
        assert told.closing_minor == told.billed_minor - told.paid_minor
    owed = Posting.objects.filter(account=Account.RECEIVABLE).aggregate(sum=Sum("amount_minor"))
    sums = receivables(on=day("24-06-01"))
    assert sums.total == owed["sum"]
    rows = receivables_by_customer(on=day("24-06-01"))
    assert sum(it["total"] for it in rows) == sums.total
    assert len(rows) == sums.customers
    assert Posting.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 0


@pytest.mark.parametrize(
    ("age", "name"),
    [
        (0, "recent"),
        (30, "recent"),
        (31, "older"),
        (60, "older"),
        (61, "old"),
        (90, "old"),
        (91, "oldest"),
    ],
)
def test_receivables_are_told_apart_by_age(shop: Shop, age: int, name: str) -> None:
    bill(shop, "24-01-01")
    pay(shop, 100, who="Bo")
    on = day("24-01-01") + timedelta(days=age)
    sums = receivables(on=on)
    assert (getattr(sums, name), sums.owed, sums.in_favour, sums.customers) == (3100, 3100, -100, 2)
    [ana] = receivables_by_customer(on=on, customers=[shop.who("Ana").pk])
    assert (ana[name], ana["total"], ana["since"]) == (3100, 3100, day("24-01-01"))
    assert ana["customer__name"] == "Ana"
    assert (sums.owing, sums.late) == (1, 0 if name == "recent" else 3100)
