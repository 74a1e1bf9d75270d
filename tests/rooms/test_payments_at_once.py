"""Payments and adjustments at once, beside each other and beside the run.

On committed rows of a shop of its own, since each connection must see the other's work.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.domain.billing.allocating import hold_books, left_to_put
from postroom.domain.billing.models import Payment
from postroom.domain.billing.payments import PaymentTakenBack, in_favour_of
from tests.rooms.billing_crowds import meanwhile
from tests.rooms.billing_worlds import Shop, open_shop
from tests.rooms.test_adjusting import put_right
from tests.rooms.test_books import agree
from tests.rooms.test_payments import bill, left, pay, take_back


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, written for good."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    """A shop whose books agree in the end."""
    shop = open_shop()
    with as_operator(shop.operator.pk):
        bill(shop)
    yield shop
    with as_operator(shop.operator.pk):
        agree(shop)


def test_two_payments_pay_an_invoice_once(shop: Shop) -> None:
    meanwhile(shop, lambda: pay(shop, 5000), lambda: pay(shop, 5000))
    with as_operator(shop.operator.pk):
        assert left() == {1: 0, 2: 0, 3: 0}
        assert in_favour_of(shop.who("Ana")) == 700


def test_a_payment_is_taken_back_once(shop: Shop) -> None:
    with as_operator(shop.operator.pk):
        payment = pay(shop, 5000)

    def again() -> str:
        try:
            take_back(shop, payment)
        except PaymentTakenBack as refusal:
            return refusal.code
        return "taken back twice"

    _, said = meanwhile(shop, lambda: take_back(shop, payment), again)
    assert said == "payment_taken_back"
    with as_operator(shop.operator.pk):
        assert Payment.objects.count() == 2


def test_the_run_and_what_was_paid_ahead(shop: Shop) -> None:
    """Whoever comes first, what is paid ahead pays the new invoice."""
    meanwhile(shop, lambda: shop.run("24-04-01"), lambda: pay(shop, 12_400))
    with as_operator(shop.operator.pk):
        assert left() == {1: 0, 2: 0, 3: 0, 4: 0}
        ahead = pay(shop, 3100)
        hold_books(shop.operator)
        assert left_to_put(ahead) == 3100
    meanwhile(shop, lambda: pay(shop, 50), lambda: shop.run("24-05-01"))
    with as_operator(shop.operator.pk):
        assert left()[5] == 0
        assert in_favour_of(shop.who("Ana")) == 50


def test_the_run_and_an_adjustment(shop: Shop) -> None:
    """They hold the subscription first and the books second: nobody waits in a ring."""
    meanwhile(shop, lambda: shop.run("24-04-01"), lambda: put_right(shop, 1, -500))
    with as_operator(shop.operator.pk):
        assert left() == {1: 2600, 2: 3100, 3: 3100, 4: 3100, 5: 0}


def test_a_double_click_before_the_first_invoice(db: None) -> None:
    """Nothing has a number yet: there is no series to hold."""
    new, form = open_shop(), uuid4()
    with as_operator(new.operator.pk):
        new.who("Ana")
    first, second = meanwhile(
        new, lambda: pay(new, 5000, form=form), lambda: pay(new, 5000, form=form)
    )
    assert first == second
    with as_operator(new.operator.pk):
        assert in_favour_of(new.who("Ana")) == 5000
