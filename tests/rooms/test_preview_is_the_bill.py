"""A preview equals the bill, to the cent, for every customer, if nothing happens in between."""

import os
from collections import defaultdict
from datetime import date

import pytest
from django.db import transaction

from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import Invoice
from postroom.domain.plan_changes.models import Outcome, SheetRow
from postroom.domain.subscriptions.models import Term
from tests.rooms.preview_worlds import World, bill_of

#: ``PREVIEWS=200 pytest tests/rooms/test_preview_is_the_bill.py`` looks at as many worlds.
WORLDS = int(os.environ.get("PREVIEWS", "12"))
#: How a change ends for somebody whom it reaches, unless they cannot be told.
REACHED = {Outcome.CHANGED, Outcome.LOCKED, Outcome.PAID_TERM, Outcome.DEFERRED}


class RolledBack(Exception):
    """That was the other life."""


@pytest.mark.parametrize("seed", range(WORLDS))
def test_every_row_of_a_preview_is_the_bill_that_the_run_writes(db: None, seed: int) -> None:
    world = World(seed)
    with as_operator(world.shop.operator.pk):
        world.live()
        draft, asked = world.ask()
        sheet = world.look(draft, asked)
        rows = list(SheetRow.objects.filter(sheet=sheet))
        reached = [it for it in rows if it.first_day and it.outcome in REACHED]
        last = max((it.first_day for it in reached), default=world.today)
        before = bills_without(world, last, reached)
        change = world.schedule(draft, asked, sheet)
        world.run_until(last, {it.first_day for it in reached}, told_on(reached), change)
        for row in reached:
            found = {
                "before": (row.bill_before_minor, before[row.subscription_id]),
                "after": (row.bill_after_minor, bill_of(row)),
                "version": (change.version_id, version_on(row)),
            }
            wrong = {name: pair for name, pair in found.items() if pair[0] != pair[1]}
            assert not wrong, f"{wrong}\n{describe(row)}\n{asked}"
        others = {it.subscription_id: it for it in rows if it not in reached}
        given = Term.objects.filter(subscription__in=others, version=change.version)
        assert not [describe(others[it.subscription_id]) for it in given], asked


def bills_without(world: World, last: date, rows: list[SheetRow]) -> dict[int, int]:
    """Will return each one's bill of the same day in a life in which nothing is changed."""
    found: dict[int, int] = {}
    try:
        with transaction.atomic():
            world.run_until(last, set(), {}, None)
            found = {it.subscription_id: bill_of(it) for it in rows}
            raise RolledBack
    except RolledBack:
        return found


def told_on(rows: list[SheetRow]) -> dict[date, list[SheetRow]]:
    days = defaultdict(list)
    for row in rows:
        if row.worse and row.notice_on:
            days[row.notice_on].append(row)
    return days


def version_on(row: SheetRow) -> int:
    terms = Term.objects.filter(subscription=row.subscription_id, starts_on__lte=row.first_day)
    return terms.order_by("-seq").values_list("version_id", flat=True)[0]


def describe(row: SheetRow) -> str:
    kept = ("subscription_id", "months", "outcome", "worse", "first_day", "notice_on", "until")
    told = {name: str(getattr(row, name)) for name in kept}
    terms = Term.objects.filter(subscription=row.subscription_id).order_by("seq")
    said = [f"{it.starts_on}/{it.ends_on} v{it.version_id} {it.basis}" for it in terms]
    bills = Invoice.objects.filter(subscription=row.subscription_id).order_by("number")
    return "\n".join(map(str, [told, *said, *((it.billed_on, it.total_minor) for it in bills)]))
