"""The facts of a page of subscriptions: how they stand, their terms, what was promised in those."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django.db import connection

from postroom.base.sql import rows, statement
from postroom.domain.plans.models import PlanVersion
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.terms import Terms
from postroom.domain.proof.faults import SQL, Page


class Subscription(NamedTuple):
    """How a subscription stands."""

    id: int
    starts_on: date
    closes_on: date | None
    plan_id: int
    version_id: int
    months: int
    billing_day: int
    next_term_on: date
    month_starts_on: date
    month_ends_on: date
    next_bill_on: date | None
    billed_seq: int
    late_from: date | None


class Term(NamedTuple):
    """A term as stored, with its version's plan and the timing of the switch that opened it."""

    subscription_id: int
    id: int
    seq: int
    version_id: int
    plan_id: int
    months: int
    billing_day: int
    starts_on: date
    ends_on: date
    whole_starts_on: date
    whole_ends_on: date
    basis: str
    opened_at: datetime
    timing: str | None

    @property
    def is_empty(self) -> bool:
        return self.starts_on == self.ends_on

    @property
    def whole_days(self) -> int:
        return (self.whole_ends_on - self.whole_starts_on).days


class Line(NamedTuple):
    """A line that a term was billed on, and the document that it is on."""

    id: int
    invoice_id: int
    number: int
    subscription_id: int
    issued_at: datetime
    kind: str
    term_id: int
    service: str
    starts_on: date
    ends_on: date
    revision: int
    amount_minor: int
    version_id: int | None
    rate_minor: int | None
    days: int | None
    whole_days: int | None
    used_before: int | None
    used: int | None
    limit: int | None
    over: int | None
    extra_count: int | None
    extra_fee_minor: int | None
    billed_before_minor: int
    tax_percent: Decimal | None
    tax_included: bool


@dataclass(frozen=True)
class Rented:
    """A subscription with its terms in order."""

    subscription: Subscription
    terms: list[Term]


Row = TypeVar("Row", Subscription, Term, Line)


def read(kind: type[Row], file: Path, facts: Mapping[str, Any]) -> Iterator[Row]:
    """Will run a statement whose columns are those of a kind of row."""
    with connection.cursor() as cursor:
        cursor.execute(statement(file), facts)
        for row in cursor.fetchall():
            yield kind._make(row)


def rented_on(page: Page) -> list[Rented]:
    """Will return the subscriptions of a page with their terms, in the order of their ids."""
    ids = [it["id"] for it in rows(SQL / "page_of_subscriptions.sql", page.facts)]
    if not ids:
        return []
    facts = page.facts | {"subscriptions": ids}
    terms = defaultdict[int, list[Term]](list)
    for term in read(Term, SQL / "terms.sql", facts):
        terms[term.subscription_id].append(term)
    return [Rented(it, terms[it.id]) for it in read(Subscription, SQL / "subscriptions.sql", facts)]


def promised_in(versions: Collection[int]) -> Mapping[int, Terms]:
    """Will return what versions promise, by their id."""
    return terms_of(list(PlanVersion.objects.filter(pk__in=versions)))
