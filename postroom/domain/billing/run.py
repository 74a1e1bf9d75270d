"""The billing of a page: its steps, in order, one statement each. Never commits."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from postroom.base.sql import changed, rows
from postroom.domain.operators.models import Location, Operator
from postroom.domain.subscriptions.terms import (
    PAGE,
    bring_up,
    claim,
    cut_closed,
    open_terms,
    split_first,
)
from postroom.domain.usage.queries import COUNTS

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Job:
    """What is billed: an operator's subscriptions at these locations, due by ``on``."""

    operator: Operator
    locations: Collection[int]
    on: date
    at: datetime
    run: int | None = None


@dataclass
class Tally:
    """What was written: how many, and their sum in minor units; what was set aside, and why."""

    billed: int = 0
    invoices: int = 0
    credit_notes: int = 0
    total_minor: int = 0
    set_aside: dict[int, str] = field(default_factory=dict)
    #: What people should look at, as plain facts.
    odd: list[dict[str, Any]] = field(default_factory=list)

    def __iadd__(self, other: "Tally") -> "Tally":
        self.billed += other.billed
        self.invoices += other.invoices
        self.credit_notes += other.credit_notes
        self.total_minor += other.total_minor
        self.set_aside |= other.set_aside
        self.odd += other.odd
        return self


def bill(job: Job, subscriptions: Collection[int]) -> Tally:
    """Will bill subscriptions that are held and due, each on its own due date."""
    page = facts(job, subscriptions)
    open_drafts()
    cut_closed(job.operator, subscriptions)
    split_first(job.operator, subscriptions)
    open_terms(job.operator, subscriptions, on=job.on, at=job.at)
    changed(SQL / "due.sql", page)
    changed(SQL / "rates.sql", page)
    changed(SQL / "credits.sql", page)
    changed(SQL / "months.sql", page)
    changed(SQL / "spans.sql", page)
    changed(SQL / "used_by_span.sql", page)
    changed(SQL / "extras.sql", page)
    changed(SQL / "fees.sql", page)
    changed(SQL / "charges.sql", page)
    changed(SQL / "taxes.sql", page)
    changed(SQL / "mark_charges.sql", page)
    tally = issue(page)
    tally.odd = rows(SQL / "odd_ones.sql", page)
    changed(SQL / "move_on.sql", page)
    # What the database checks at the end of a transaction, while the page can still be halved.
    check_now()
    tally.billed = len(subscriptions)
    return tally


def issue(page: dict[str, Any]) -> Tally:
    """Will number the drafts of a page and write them as invoices. Returns what it wrote.

    Taking the numbers holds the operator's series until the transaction ends: from here on pages
    of one operator follow each other, and none spends a credit note that another is spending.
    """
    wanted = rows(SQL / "count_drafts.sql", page)[0]["count"]
    if not wanted:
        return Tally()
    [series] = rows(SQL / "numbers.sql", page | {"wanted": wanted})
    numbers = {
        "first_number": series["last_number"] - wanted + 1,
        "last_number": series["last_number"],
    }
    changed(SQL / "credits_first.sql", page)
    [written] = rows(SQL / "invoices.sql", page | numbers)
    changed(SQL / "lines.sql", page | numbers)
    enter_in_books(page | numbers)
    changed(SQL / "allocations_at_issue.sql", page | numbers)
    pay_from_account(page)
    return Tally(
        invoices=written["invoices"],
        credit_notes=written["credit_notes"],
        total_minor=int(written["total_minor"]),
    )


def enter_in_books(numbered: dict[str, Any]) -> None:
    """Will open an item for each invoice of a span of numbers, and post it."""
    changed(SQL / "open_items.sql", numbered)
    changed(SQL / "postings.sql", numbered)


def pay_from_account(page: dict[str, Any]) -> None:
    """Will put what the page's customers have paid ahead towards what they owe."""
    ahead = [it["customer_id"] for it in rows(SQL / "paid_ahead.sql", page)]
    if ahead:
        changed(SQL / "from_account.sql", page | {"customers": ahead})


def bill_page(job: Job, *, page: int = PAGE, besides: Collection[int] = ()) -> Tally:
    """Will bill up to ``page`` due subscriptions, setting aside those that cannot be.

    Nothing billed and nothing set aside means that nothing is due.
    """
    subscriptions = claim(
        job.operator, locations=job.locations, on=job.on, page=page, besides=besides
    )
    return bill_or_set_aside(job, subscriptions) if subscriptions else Tally()


def bill_or_set_aside(job: Job, subscriptions: list[int]) -> Tally:
    """Will bill a page; where the database refuses, halves of it, until the culprit is alone."""
    try:
        with transaction.atomic():
            return bill(job, subscriptions)
    except DatabaseError as error:
        if not is_of_a_row(error):
            raise
        if len(subscriptions) == 1:
            return Tally(set_aside={subscriptions[0]: reason(error)})
    middle = len(subscriptions) // 2
    tally = bill_or_set_aside(job, subscriptions[:middle])
    tally += bill_or_set_aside(job, subscriptions[middle:])
    return tally


def bill_due(
    operator: Operator,
    *,
    on: date,
    at: datetime,
    locations: Collection[int] | None = None,
    page: int = PAGE,
    run: int | None = None,
) -> Tally:
    """Will bill everything due by ``on``, in the caller's transaction."""
    if locations is None:
        locations = list(Location.objects.values_list("pk", flat=True))
    job = Job(operator, locations, on, at, run)
    bring_all_up(job, page=page)
    tally = Tally()
    while (done := bill_page(job, page=page, besides=tally.set_aside)).billed or done.set_aside:
        tally += done
    return tally


def bring_all_up(job: Job, *, page: int = PAGE) -> None:
    """Will make those due whom a version reached on its date inside their running term."""
    after: int | None = 0
    while after is not None:
        after = bring_up(job.operator, locations=job.locations, on=job.on, after=after, page=page)


def facts(job: Job, subscriptions: Collection[int]) -> dict[str, Any]:
    """Will return what the statements of a page ask for."""
    return {
        "operator": job.operator.pk,
        "subscriptions": list(subscriptions),
        "on": job.on,
        "at": job.at,
        "run": job.run,
        "counts": COUNTS,
    }


def open_drafts() -> None:
    """Will make the page's scratch tables, or empty them."""
    changed(SQL / "drafts.sql", None)


def check_now() -> None:
    """Will have the database check now what it would check at the end."""
    changed(SQL / "check_now.sql", None)


def is_of_a_row(error: DatabaseError) -> bool:
    """Will tell whether the database refuses what a row says: bad data or a broken rule.

    Anything else, such as a lost connection or a deadlock, is not to be blamed on a subscription.
    """
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state[:2] in {"22", "23", "P0"}


def reason(error: DatabaseError) -> str:
    """Will say why the database refused a subscription: the broken rule's English name."""
    diagnostics = getattr(error.__cause__, "diag", None)
    name = getattr(diagnostics, "constraint_name", None)
    said = name.replace("_", " ") if name else getattr(diagnostics, "message_primary", None)
    return (said or str(error))[:500]
