"""Rated twice: in random worlds the SQL that bills and the pure life agree, line by line.

``WORLDS=600 pytest tests/rooms/test_worlds.py`` looks at as many, for a long soak.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, seed, settings
from hypothesis import strategies as st

from postroom.demo.cast import House
from postroom.domain.billing.facts import Life
from postroom.domain.billing.life import Lived, live
from postroom.domain.billing.lines import Bill
from postroom.domain.billing.models import Invoice, InvoiceLine
from postroom.domain.billing.standing import next_bill_on
from postroom.domain.subscriptions.models import Subscription, Term
from tests.documents import documents
from tests.happened import OFTEN, SOMETIMES, what_happened
from tests.rooms.proof_worlds import proved
from tests.rooms.worlds_in_house import build
from tests.worlds import days_of, lives

#: Worlds of one family are alike: many small families see more than one large one.
FAMILY = 6
#: When the proof looks at a world, as of facts alone.
AFTER_ALL = datetime(2040, 1, 1, tzinfo=UTC)
FAMILIES = int(os.environ.get("WORLDS", "36")) // FAMILY
slowly = settings(
    max_examples=FAMILY,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


class RolledBack(Exception):
    """The example is over."""


def test_the_database_and_the_pure_life_bill_the_same(in_harbor: House) -> None:
    seen = Counter[str]()

    @slowly
    @given(document=documents(), page=st.sampled_from((1, 2, 5_000, 5_000)))
    def agree(document: dict[str, Any], page: int) -> None:
        seen.update(["a world", *compare(in_harbor, document, page)])

    for family in range(FAMILIES):
        seed(family)(agree)()
    worlds = seen["a world"]
    assert [it for it in OFTEN if seen[it] < worlds / 10] == [], seen
    assert [it for it in SOMETIMES if not seen[it]] == [], seen


def compare(house: House, document: dict[str, Any], page: int) -> set[str]:
    """Will bill a world both ways, undo it, and name what happened in it."""
    pure, runs = lives(document), days_of(document)
    lived = {key: live(life, runs=runs) for key, life in pure.items()}
    try:
        with transaction.atomic():
            bill_and_compare(house, document, pure, lived, page)
            raise RolledBack
    except RolledBack:
        pass
    happened = {it for key in pure for it in what_happened(pure[key], lived[key], runs)}
    for it in happened:
        event(it)
    return happened


def bill_and_compare(
    house: House,
    document: dict[str, Any],
    pure: Mapping[str, Life],
    lived: Mapping[str, Lived | None],
    page: int,
) -> None:
    """Will bill a world by the real run and hold every subscription against its pure life."""
    world = build(house, document["given"], pure, page)
    world.live()
    assert set(world.subscriptions) == {key for key, it in lived.items() if it}
    for key, subscription in world.subscriptions.items():
        same(subscription, pure[key], lived[key])
    _, differences = proved(house.operator, AFTER_ALL, page=page)
    assert [it.sentence for it in differences] == []


def same(subscription: Subscription, life: Life, lived: Lived | None) -> None:
    assert lived is not None
    assert terms_written(subscription) == terms_lived(lived)
    assert lines_written(subscription) == lines_lived(lived.bills)
    assert bills_written(subscription) == bills_lived(lived.bills)
    subscription.refresh_from_db()
    assert subscription.next_bill_on == next_bill_on(life, lived.now)


def terms_written(subscription: Subscription) -> list[str]:
    terms = Term.objects.filter(subscription=subscription).select_related("version__plan")
    return [
        f"{it.version.plan.name} {it.version.number} for {it.months} on {it.billing_day}:"
        f" {it.starts_on} to {it.ends_on} of {it.whole_starts_on} to {it.whole_ends_on}"
        for it in terms.order_by("seq")
    ]


def terms_lived(lived: Lived) -> list[str]:
    return [
        f"{it.plan} {it.number} for {it.months} on {it.billing_day}:"
        f" {it.starts_on} to {it.ends_on} of {it.whole.starts_on} to {it.whole.ends_on}"
        for it in lived.now.terms
    ]


def lines_written(subscription: Subscription) -> list[str]:
    """Will write each line that comes to something, with what it was worked out from."""
    lines = InvoiceLine.objects.filter(invoice__subscription=subscription)
    return sorted(
        f"{it.invoice.billed_on}{' at once' if it.invoice.switch_id else ''}: {it.kind}"
        f" {it.service} {it.starts_on} to {it.ends_on} {it.amount_minor}"
        + (f" {it.plan_name} {it.version.number}" if it.version else "")
        + (f" {it.days}/{it.whole_days}" if it.days is not None else "")
        + (f" {it.used_before}+{it.used}: {it.over} over" if it.over is not None else "")
        for it in lines.select_related("invoice", "version")
        if it.amount_minor
    )


def lines_lived(bills: Iterable[Bill]) -> list[str]:
    return sorted(
        f"{bill.billed_on}{' at once' if bill.by_switch else ''}: {it.kind}"
        f" {it.service.value if it.service else ''} {it.starts_on} to {it.ends_on}"
        f" {it.amount_minor}"
        + (f" {it.plan} {it.version}" if it.version else "")
        + (f" {it.days}/{it.whole_days}" if it.days is not None else "")
        + (f" {it.used_before}+{it.used}: {it.over} over" if it.over is not None else "")
        for bill in bills
        for it in bill.lines
        if it.amount_minor
    )


def bills_written(subscription: Subscription) -> list[str]:
    return sorted(
        f"{it.billed_on} {bool(it.switch_id)} {it.total_minor} with tax {it.included_tax_minor}"
        for it in Invoice.objects.filter(subscription=subscription)
    )


def bills_lived(bills: Iterable[Bill]) -> list[str]:
    return sorted(
        f"{it.billed_on} {it.by_switch} {it.total_minor} with tax {it.included_tax_minor}"
        for it in bills
    )
