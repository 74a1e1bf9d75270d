"""While the run is at work: versions, charges, switches, dry runs, stops and lost backends.

On committed rows of a shop of its own, since each connection must see the other's work.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import OperationalError, connection
from django.db.models import Sum
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.domain.billing.charges import ChargeBilled, take_back_charge
from postroom.domain.billing.dry_run import do_dry_run, plan_dry_run
from postroom.domain.billing.models import Allocation, BillingRun, Charge, Invoice, RunState
from postroom.domain.billing.run import Job, bill_due, bill_page
from postroom.domain.billing.running import ask_to_stop, bill_operator
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import Timing
from postroom.domain.subscriptions.models import Subscription
from tests.rooms.billing_crowds import crowd, meanwhile
from tests.rooms.billing_worlds import (
    GOLD,
    Shop,
    assert_gapless,
    books_at_once,
    day,
    lines_on,
    open_shop,
    totals,
)
from tests.tables import ask

HALF = replace(GOLD, rates={1: 1550, 12: 18250})


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, written for good."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop()


@pytest.fixture
def gold(shop: Shop) -> Plan:
    with as_operator(shop.operator.pk):
        return shop.plan()


def came(shop: Shop, plan: Plan, count: int, on: str = "24-01-01") -> list[Subscription]:
    """Will move so many in on one day, and bill their first month."""
    with as_operator(shop.operator.pk):
        found = [shop.join(plan, on, who=f"W{n}") for n in range(count)]
        shop.run(on)
    return found


def publish_elsewhere(shop: Shop, plan: Plan, on: str, timing: Timing) -> None:
    """Will publish half the rate on a connection of its own."""

    def publish() -> None:
        with as_operator(shop.operator.pk):
            shop.publish(plan, HALF, on=on, at=on, timing=timing)
        connection.close()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(publish).result(20)


def bill_a_page(shop: Shop, on: str, *, page: int) -> list[int]:
    """Will do what the driver does: a page in a transaction of its own."""
    with as_operator(shop.operator.pk):
        places = [it.pk for it in shop.places]
        before = set(Invoice.objects.values_list("pk", flat=True))
        bill_page(Job(shop.operator, places, day(on), shop.at(on)), page=page)
        written = Invoice.objects.exclude(pk__in=before).order_by("number")
        return list(written.values_list("total_minor", flat=True))


@pytest.mark.parametrize("timing", Timing)
def test_a_version_between_two_pages(shop: Shop, gold: Plan, timing: Timing) -> None:
    """Whoever was billed has what the rule gave that day, the others what it gives now."""
    people = came(shop, gold, 9)
    assert bill_a_page(shop, "24-02-01", page=4) == [3100] * 4
    publish_elsewhere(shop, gold, "24-02-01", timing)
    assert bill_a_page(shop, "24-02-01", page=4) == [1550] * 4
    assert bill_a_page(shop, "24-02-01", page=4) == [1550]
    bill_operator(shop.operator, at=shop.at("24-03-01"))
    # 28 of 29 days from the second day of the term on: 14.9655 less 29.9310.
    split = [("24-02-02", 1497 - 2993)] if timing == Timing.ON_DATE else []
    with as_operator(shop.operator.pk):
        for n, it in enumerate(people):
            february = [("24-02-01", 3100), *split] if n < 4 else [("24-02-01", 1550)]
            assert totals(it)[1:] == [*february, ("24-03-01", 1550)]
        assert_gapless(shop.operator)


def test_a_version_for_a_later_day(shop: Shop, gold: Plan) -> None:
    """Before and after it is published, 1 February costs the same; 1 March costs everybody less."""
    people = came(shop, gold, 6)
    assert bill_a_page(shop, "24-02-01", page=3) == [3100] * 3
    publish_elsewhere(shop, gold, "24-02-15", Timing.NEXT_TERM)
    bill_operator(shop.operator, at=shop.at("24-03-02"), page=2)
    with as_operator(shop.operator.pk):
        bills = [totals(it)[1:] for it in people]
    assert bills == [[("24-02-01", 3100), ("24-03-01", 1550)]] * 6


def test_a_charge_waits_for_the_run(shop: Shop, gold: Plan) -> None:
    [ana] = came(shop, gold, 1)
    _, charge = meanwhile(
        shop, lambda: shop.run("24-02-01"), lambda: shop.charge(ana, 500, "24-02-01")
    )
    with as_operator(shop.operator.pk):
        assert totals(ana)[1:] == [("24-02-01", 3100)]
        shop.run("24-03-01")
        assert lines_on(ana, "24-03-01")[1:] == ["charge 24-02-01/24-02-02 500"]
        assert Charge.objects.get(pk=charge.pk).billed_on == day("24-03-01")


def test_a_charge_is_taken_back_or_billed_but_never_both(shop: Shop, gold: Plan) -> None:
    ana, bo = came(shop, gold, 2)
    with as_operator(shop.operator.pk):
        late, soon = shop.charge(ana, 500, "24-01-10"), shop.charge(bo, 500, "24-01-10")

    def take_back(charge: Charge) -> object:
        try:
            return take_back_charge(charge, by=shop.by, at=shop.at("24-02-01"))
        except ChargeBilled as refusal:
            return refusal.code

    one = [it.pk for it in shop.places]
    job = Job(shop.operator, one, day("24-02-01"), shop.at("24-02-01"))
    [_, said] = meanwhile(shop, lambda: bill_page(job, page=1), lambda: take_back(late))
    assert said == "charge_billed"
    meanwhile(shop, lambda: take_back(soon), lambda: shop.run("24-02-01"))
    with as_operator(shop.operator.pk):
        assert totals(ana)[1:] == [("24-02-01", 3600)]
        assert totals(bo)[1:] == [("24-02-01", 3100)]


def test_a_switch_and_the_run(shop: Shop, gold: Plan) -> None:
    """Whoever comes first, the renewal is billed once and the switch by itself."""
    ana, bo = came(shop, gold, 2)
    with as_operator(shop.operator.pk):
        half = shop.plan(HALF, name="Half")
    meanwhile(shop, lambda: shop.run("24-02-01"), lambda: shop.switch(ana, half, "24-02-01"))
    with as_operator(shop.operator.pk):
        shop.run("24-02-29")
    meanwhile(shop, lambda: shop.switch(bo, half, "24-03-01"), lambda: shop.run("24-03-01"))
    with as_operator(shop.operator.pk):
        assert totals(ana)[1:] == [("24-02-01", 3100), ("24-02-01", -1550), ("24-03-01", 1550)]
        assert totals(bo)[2:] == [("24-03-01", 3100), ("24-03-01", -1550)]
        assert Allocation.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 1550
        assert_gapless(shop.operator)


def test_nobody_waits_in_a_ring(db: None) -> None:
    """A transaction that bills twice meets a page with another subscription of its customer."""
    shop = open_shop(zones=("America/New_York",) * 3)
    with as_operator(shop.operator.pk):
        gold = shop.plan()
        left = shop.join(gold, "24-01-01", who="Ana")
        shop.run("24-01-01")
        shop.close(left, "24-01-10")
        shop.run("24-01-11")
        people = [("Bo", 0), ("Ana", 1), ("Ana", 2)]
        came = [shop.join(gold, "24-02-05", who=who, place=n) for who, n in people]

    def bill(n: int) -> Callable[[], object]:
        own = {"on": day("24-02-05"), "at": shop.at("24-02-05")}
        return lambda: bill_due(shop.operator, locations=[shop.places[n].pk], **own)

    meanwhile(shop, bill(0), bill(2), bill(1))
    with as_operator(shop.operator.pk):
        assert [totals(it) for it in came] == [[("24-02-05", 3100)]] * 3
        # 11 to 31 January go back: 21.00, spent once.
        assert Allocation.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 2100
        assert_gapless(shop.operator)


def test_a_dry_run_passes_over_what_a_run_holds(shop: Shop, gold: Plan) -> None:
    came(shop, gold, 9)
    at = shop.at("24-02-01")
    job = Job(shop.operator, [it.pk for it in shop.places], day("24-02-01"), at)
    with as_operator(shop.operator.pk):
        wanted = plan_dry_run(shop.operator, on=None, by=shop.by, at=at)
    _, run = meanwhile(
        shop, lambda: bill_page(job, page=4), lambda: do_dry_run(shop.operator, wanted, at=at)
    )
    assert (run.state, run.billed, run.invoices) == (RunState.FINISHED, 5, 5)
    with as_operator(shop.operator.pk):
        assert Invoice.objects.count() == 9 + 4
        assert shop.run("24-02-01").invoices == 5
        assert_gapless(shop.operator)


def test_both_drivers_of_a_run_stop_when_asked(shop: Shop, gold: Plan) -> None:
    came(shop, gold, 40)
    with ThreadPoolExecutor(2) as threads:
        drivers = [threads.submit(_drive, shop) for _ in range(2)]
        while not _asked(shop):
            time.sleep(0.005)
        runs = [run for it in drivers for run in it.result(30)]
    assert {it.state for it in runs} == {RunState.STOPPED}
    with as_operator(shop.operator.pk):
        left = Subscription.objects.filter(next_bill_on=day("24-02-01")).count()
    assert 0 < left < 40
    [run] = bill_operator(shop.operator, at=shop.at("24-02-01"))
    assert (run.state, run.billed, run.invoices) == (RunState.FINISHED, 40, 40)


def _drive(shop: Shop) -> list[BillingRun]:
    try:
        return bill_operator(shop.operator, at=shop.at("24-02-01"), page=1)
    finally:
        connection.close()


def _asked(shop: Shop) -> bool:
    """Will ask the run to stop once it has written something."""
    with as_operator(shop.operator.pk):
        run = BillingRun.objects.filter(billed__gt=0).first()
        if run is not None:
            ask_to_stop(run, at=shop.at("24-02-01"))
    return run is not None


def shake(shop: Shop, on: str) -> list[str]:
    """Will end the backend of runs until one is done. Returns what the others stopped with."""
    errors = list[str]()
    with ThreadPoolExecutor(1) as threads:
        while True:
            backend = threads.submit(lambda: ask("SELECT pg_backend_pid()")[0][0]).result(10)
            running = threads.submit(bill_operator, shop.operator, at=shop.at(on), page=2)
            end_after(backend, 0.02 + 0.01 * len(errors))
            try:
                running.result(60)
            except OperationalError as error:
                errors.append(str(error))
            else:
                threads.submit(hang_up).result(10)
                return errors


def test_its_backend_is_ended_again_and_again(db: None) -> None:
    """As when the database restarts: it stops with the reason, and goes on when started again."""
    shaken, calm = open_shop(), open_shop()
    for shop in (shaken, calm):
        with as_operator(shop.operator.pk):
            crowd(shop, 10, days=3)
    on = "24-04-10"
    errors = shake(shaken, on)
    assert len(errors) > 2
    assert "terminating connection due to administrator command" in errors[0]
    [whole] = bill_operator(calm.operator, at=calm.at(on))
    with as_operator(calm.operator.pk):
        expected = books_at_once(calm.operator)
    with as_operator(shaken.operator.pk):
        assert books_at_once(shaken.operator) == expected
        assert_gapless(shaken.operator)
        run = BillingRun.objects.get()
    assert (run.state, run.billed, run.invoices) == ("finished", whole.billed, whole.invoices)


def hang_up() -> None:
    """Will close the connection of the thread that does it."""
    connection.close()


def end_after(backend: int, seconds: float) -> None:
    """Will end a backend, as its login may."""
    time.sleep(seconds)
    ask("RESET ROLE")
    ask("SELECT pg_terminate_backend(%s)", backend)
    connection.close()
