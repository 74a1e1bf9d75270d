"""The run started twice, at once, in other pages, late and by several calendars: one set of bills.

Two at once work on connections of their own, and so on committed rows of a shop of their own.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import Allocation, BillingRun, Invoice, RunState
from postroom.domain.billing.running import bill_operator
from tests.rooms.billing_crowds import crowd
from tests.rooms.billing_worlds import (
    Shop,
    assert_gapless,
    books,
    books_at_once,
    day,
    lines,
    open_shop,
    totals,
)


@pytest.fixture
def twins(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Shop]]:
    """Two shops with the same crowd, written for good."""
    with django_db_blocker.unblock():
        shops = [open_shop(), open_shop()]
        for shop in shops:
            with as_operator(shop.operator.pk):
                crowd(shop, 30, days=9)
        yield shops


def written(shop: Shop, *days: str, page: int = 5_000) -> list[Any]:
    """Will return the books after runs on those days, and take the runs back."""
    with transaction.atomic():
        for on in days:
            shop.run(on, page=page)
        assert_gapless(shop.operator)
        found = books(shop.operator)
        transaction.set_rollback(True)
    return found


def test_the_second_start_writes_nothing(shop: Shop) -> None:
    crowd(shop, 12, days=6)
    first = shop.run("24-04-15")
    assert first.invoices + first.credit_notes > 20
    before = books(shop.operator)
    second = shop.run("24-04-15")
    assert (second.billed, second.invoices, second.credit_notes, second.odd) == (0, 0, 0, [])
    assert books(shop.operator) == before


def test_page_sizes_and_missed_days_do_not_matter(shop: Shop) -> None:
    crowd(shop, 30, days=9)
    at_once = written(shop, "24-04-15")
    assert len(at_once) > 100
    assert len({it[3] for it in at_once if it[3] > "2024-02-11"}) > 9, "billing dates"
    assert written(shop, "24-04-15", page=7) == at_once
    in_time = "24-02-16", "24-02-20", "24-03-01", "24-03-08", "24-03-31", "24-04-15"
    assert written(shop, *in_time, page=7) == at_once


def test_who_gets_a_credit_does_not_hang_on_the_page(shop: Shop) -> None:
    gold = shop.plan()
    leaves = shop.join(gold, "24-01-20")
    stays = shop.join(gold, "24-01-01")
    shop.run("24-01-31")
    shop.close(leaves, "24-01-31")
    large, small = (written(shop, "24-03-01", page=page) for page in (5_000, 1))
    assert large == small
    shop.run("24-03-01")
    # 1 to 19 February are 19 of the 31 days from 20 January.
    assert totals(leaves)[-1] == ("24-02-01", -1900)
    assert totals(stays)[1:] == [("24-02-01", 3100), ("24-03-01", 3100)]
    assert [it.amount_minor for it in Allocation.objects.all()] == [1900]


def both_at_once(shop: Shop, on: str, *, page: int) -> list[BillingRun]:
    """Will start the run on two connections at the same moment, and return how each left it."""
    start = Barrier(2)

    def one(_: int) -> list[BillingRun]:
        try:
            start.wait(10)
            return bill_operator(shop.operator, at=shop.at(on), page=page)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        return [run for runs in threads.map(one, range(2)) for run in runs]


def test_two_at_once_write_what_one_would(twins: list[Shop]) -> None:
    twice, once = twins
    on = "24-03-20"
    runs = both_at_once(twice, on, page=3)
    assert {it.pk for it in runs} == {runs[0].pk}
    bill_operator(once.operator, at=once.at(on))
    with as_operator(once.operator.pk):
        expected = books_at_once(once.operator)
        [alone] = BillingRun.objects.all()
    with as_operator(twice.operator.pk):
        assert books_at_once(twice.operator) == expected
        assert_gapless(twice.operator)
        [run] = BillingRun.objects.all()
        assert Invoice.objects.filter(run=run).count() == run.invoices + run.credit_notes
    for count in ("billed", "invoices", "credit_notes", "total_minor", "set_aside"):
        assert getattr(run, count) == getattr(alone, count), count
    assert (run.state, alone.state) == (RunState.FINISHED, RunState.FINISHED)
    assert run.billed > 40


def test_a_missed_day_is_billed_as_of_its_own_date(shop: Shop) -> None:
    it = shop.join(shop.plan(), "24-01-05")
    shop.use(it, 3, "24-02-04")
    runs = bill_operator(shop.operator, at=shop.at("24-03-09"))
    assert [(run.on, run.billed, run.invoices) for run in runs] == [(day("24-03-09"), 3, 3)]
    assert lines(it) == [
        "24-01-05 rate 24-01-05/24-02-05 3100",
        "24-02-05 rate 24-02-05/24-03-05 3100",
        "24-02-05 extra:shred 24-01-05/24-02-05 100",
        "24-03-05 rate 24-03-05/24-04-05 3100",
    ]
    issued = set(Invoice.objects.values_list("issued_at", flat=True))
    assert issued == {shop.at("24-03-09")}


#: Late on 29 February in Pago Pago, early on 1 March in Honolulu and on 2 March in Kiritimati.
THREE_DAYS_AT_ONCE = datetime(2024, 3, 1, 10, 5, tzinfo=UTC)


def test_each_location_is_billed_by_its_own_calendar(db: None) -> None:
    shop = open_shop(zones=("Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Kiritimati"))
    with as_operator(shop.operator.pk):
        gold = shop.plan()
        late, _, early = (shop.join(gold, "24-03-01", place=place) for place in range(3))
        ahead = shop.join(gold, "24-03-02", place=2)
        assert bill_operator(shop.operator, at=THREE_DAYS_AT_ONCE, on=day("24-02-29")) == []
        runs = bill_operator(shop.operator, at=THREE_DAYS_AT_ONCE)
        assert [(run.on, run.invoices) for run in runs] == [
            (day("24-03-01"), 1),
            (day("24-03-02"), 2),
        ]
        assert [totals(it) for it in (late, early, ahead)] == [
            [],
            [("24-03-01", 3100)],
            [("24-03-02", 3100)],
        ]
        an_hour_later = THREE_DAYS_AT_ONCE.replace(hour=11)
        [run] = bill_operator(shop.operator, at=an_hour_later)
        assert (run.on, run.billed, run.invoices) == (day("24-03-01"), 2, 2)
        assert totals(late) == [("24-03-01", 3100)]
        assert_gapless(shop.operator)
