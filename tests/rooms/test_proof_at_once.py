"""The proof beside the billing run, and beside itself.

On committed rows of a shop of its own, since each connection must see the other's work.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.running import bill_operator
from postroom.domain.proof.acts import one_picture, prove
from tests.rooms.billing_worlds import Shop, open_shop
from tests.rooms.proof_worlds import LATER, proved


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, written for good."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def shop(db: None) -> Shop:
    """A shop with nine customers, none of whom is billed yet."""
    shop = open_shop()
    with as_operator(shop.operator.pk):
        gold = shop.plan()
        for n in range(9):
            it = shop.join(gold, f"24-01-0{n + 1}", who=f"W{n}")
            shop.use(it, 3 + n, "24-01-20")
    return shop


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    def closing(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [it.result(60) for it in [threads.submit(closing, act) for act in acts]]


def billed(shop: Shop) -> None:
    bill_operator(shop.operator, at=shop.at(LATER), page=1)


def test_a_page_is_looked_at_as_of_one_instant(shop: Shop) -> None:
    with one_picture(shop.operator):
        assert Invoice.objects.count() == 0
        at_once(lambda: billed(shop))
        assert Invoice.objects.count() == 0
    with as_operator(shop.operator.pk):
        assert Invoice.objects.count() == 32


def test_nothing_differs_while_bills_are_written(shop: Shop) -> None:
    def look() -> int:
        proofs = [prove(shop.operator, at=shop.at(LATER), page=2) for _ in range(5)]
        return sum(it.differences for it in proofs)

    _, found = at_once(lambda: billed(shop), look)
    assert found == 0
    with as_operator(shop.operator.pk):
        proof, differences = proved(shop.operator, shop.at(LATER))
    assert (proof.invoices, differences) == (32, [])


def test_two_workers_count_a_page_once(shop: Shop) -> None:
    billed(shop)
    works = [lambda: prove(shop.operator, at=shop.at(LATER), page=2)] * 3
    for proof in at_once(*works):
        assert (proof.invoices, proof.documents, proof.lines) == (32, 32, 32 + 9)
        assert proof.differences == 0
