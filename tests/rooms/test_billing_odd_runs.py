"""Runs that nobody should start, operators with nothing in them, and dry runs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from postroom.base.tenancy import as_operator, as_platform
from postroom.domain.billing.dry_run import DryRunTooFar, do_dry_run, plan_dry_run
from postroom.domain.billing.models import BillingRun, RunState
from postroom.domain.billing.running import RunAhead, bill_operator
from postroom.domain.operators.actions import open_operator
from postroom.domain.operators.models import Operator
from postroom.domain.subscriptions.models import Subscription
from tests.rooms.billing_crowds import crowd
from tests.rooms.billing_worlds import Shop, assert_gapless, day, lines, open_shop, totals
from tests.tables import tenant_models

COUNTS = "billed", "invoices", "credit_notes", "total_minor", "set_aside"


@pytest.fixture
def empty(db: None) -> Iterator[Operator]:
    """An operator without locations."""
    at = datetime(2024, 1, 1, tzinfo=UTC)
    with as_platform():
        operator = open_operator(name="Empty", slug="empty-shop", at=at, by=None)
    with as_operator(operator.pk):
        yield operator


def counts(run: BillingRun) -> dict[str, Any]:
    return {count: getattr(run, count) for count in COUNTS}


def dry(shop: Shop, on: str, *, at: datetime, page: int = 5_000) -> BillingRun:
    run = plan_dry_run(shop.operator, on=day(on), by=shop.by, at=at)
    return do_dry_run(shop.operator, run, at=at, page=page)


def everything() -> dict[str, list[Any]]:
    """Will return every row of the operator but its runs."""
    models = [it for it in tenant_models() if it is not BillingRun]
    return {it.__name__: list(it.objects.order_by("pk").values_list()) for it in models}


def test_ahead(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-01-01")
    for on in ("24-01-02", "34-01-01"):
        with pytest.raises(RunAhead, match="today, 01 January 2024"):
            bill_operator(shop.operator, at=shop.at("24-01-01"), on=day(on))
    assert (BillingRun.objects.count(), totals(ana)) == (0, [])


def test_before_the_first_term(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-03-01")
    for on in ("24-02-29", "10-01-01"):
        assert bill_operator(shop.operator, at=shop.at("24-02-29"), on=day(on)) == []
    assert bill_operator(shop.operator, at=shop.at("24-03-05"), on=day("24-02-29")) == []
    assert (BillingRun.objects.count(), totals(ana)) == (0, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--on", "tomorrow"], "invalid"),
        (["--on", "2024-02-30"], "invalid"),
        (["--on", ""], "invalid"),
        (["--on", "2999-01-01"], "lies ahead"),
        (["--page", "0"], "at least one"),
        (["--page", "-5"], "at least one"),
        (["--page", "many"], "invalid"),
        (["--dry-run", "--on", "9999-12-31"], "a year ahead"),
    ],
)
def test_commands_that_nobody_can_mean(shop: Shop, words: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("bill", "--operator", shop.operator.slug, *words)
    assert BillingRun.objects.count() == 0


def test_an_unknown_operator(shop: Shop) -> None:
    with pytest.raises(CommandError, match="no operator “nobody”"):
        call_command("bill", "--operator", "nobody")


def test_without_locations(empty: Operator) -> None:
    at = datetime(2024, 1, 1, 12, tzinfo=UTC)
    assert bill_operator(empty, at=at) == []
    run = do_dry_run(empty, plan_dry_run(empty, on=None, by=None, at=at), at=at)
    assert (run.state, run.due, *counts(run).values()) == (RunState.FINISHED, *[0] * 6)
    with pytest.raises(DryRunTooFar):
        plan_dry_run(empty, on=date.max, by=None, at=at)


def test_without_customers_and_without_tax(shop: Shop) -> None:
    at = shop.at("24-01-01")
    assert bill_operator(shop.operator, at=at) == []
    assert counts(dry(shop, "24-01-31", at=at)) == dict.fromkeys(COUNTS, 0)
    ana = shop.join(shop.plan(), "24-01-01")
    [run] = bill_operator(shop.operator, at=at)
    assert counts(run) == dict(zip(COUNTS, (1, 1, 0, 3100, 0), strict=True))
    assert lines(ana) == ["24-01-01 rate 24-01-01/24-02-01 3100"]


@pytest.mark.parametrize("page", [7, 5_000])
def test_a_dry_run_is_the_real_one_and_leaves_nothing(shop: Shop, page: int) -> None:
    came = crowd(shop, 24, days=6)
    # One that cannot be billed at its next renewal, but on a date before that.
    Subscription.objects.filter(pk=came[3].pk).update(months=3)
    before, at = everything(), shop.at("24-04-15")
    dry_run_done = dry(shop, "24-04-15", at=at, page=page)
    assert everything() == before
    assert_gapless(shop.operator)
    [real] = bill_operator(shop.operator, at=at)
    assert counts(real) == counts(dry_run_done)
    assert real.credit_notes > 3
    assert real.set_aside == 1
    assert dry_run_done.due == real.due
    [again] = [dry(shop, "24-04-15", at=at, page=page)]
    assert (again.invoices, again.set_aside) == (0, 1), "nothing is left but the bad one"


def test_a_dry_run_looks_ahead(shop: Shop) -> None:
    crowd(shop, 12, days=6)
    with transaction.atomic():
        dry_run_done = dry(shop, "24-06-30", at=shop.at("24-02-11"), page=5)
    [real] = bill_operator(shop.operator, at=shop.at("24-06-30"))
    assert counts(real) == counts(dry_run_done)
    assert real.invoices > 40
    with pytest.raises(DryRunTooFar, match="11 February 2025"):
        dry(shop, "25-02-12", at=shop.at("24-02-11"))


def test_a_dry_run_goes_by_the_same_calendars(db: None) -> None:
    """At five in the morning of 1 July by Greenwich, New York has July and Los Angeles has June."""
    shop = open_shop(zones=("America/New_York", "America/Los_Angeles"))
    at = datetime(2024, 7, 1, 5, tzinfo=UTC)
    with as_operator(shop.operator.pk):
        gold = shop.plan()
        for place, start in [(0, "24-07-01"), (1, "24-07-01"), (1, "24-06-30")]:
            shop.join(gold, start, place=place)
        for on in (day("24-07-01"), None):
            run = plan_dry_run(shop.operator, on=on, by=shop.by, at=at)
            run = do_dry_run(shop.operator, run, at=at)
            assert (run.on, run.due, run.invoices) == (day("24-07-01"), 2, 2)
        runs = bill_operator(shop.operator, at=at)
        assert [(it.on, it.invoices) for it in runs] == [
            (day("24-06-30"), 1),
            (day("24-07-01"), 1),
        ]
