"""Faith: nobody has worse terms without having been told, but by their own act.

Who is on another plan is so by their own act, or moved by the operator.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from postroom.base.sql import rows
from postroom.domain.plans.terms import Terms, is_worse
from postroom.domain.proof.faults import SQL, Fault, Looked, Page
from postroom.domain.proof.models import Kind
from postroom.domain.proof.rented import Term, promised_in, rented_on
from postroom.domain.subscriptions.models import Basis

#: A term carries the instant at which its run began: what was recorded in that while may count.
GRACE = timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """That a customer was told of a version, for terms whose first day lies in these days."""

    version_id: int
    plan_id: int
    first_day: date
    last_day: date | None
    recorded_at: datetime
    voided_at: datetime | None

    def held(self, term: Term) -> bool:
        """Will tell whether this was known and not void when a term opened, and for its days."""
        return (
            self.plan_id == term.plan_id
            and self.first_day <= term.starts_on
            and (self.last_day is None or self.last_day >= term.starts_on)
            and self.recorded_at <= term.opened_at + GRACE
            and (self.voided_at is None or self.voided_at >= term.opened_at - GRACE)
        )


def look(page: Page) -> Looked:
    """Will look at the terms of a page that hold another version than the ones before them."""
    rented = rented_on(page)
    if not rented:
        return Looked(None)
    moved = [pair for it in rented for pair in pairwise(it.terms) if _moved(*pair)]
    promised = promised_in({it.version_id for pair in moved for it in pair})
    worse = [pair for pair in moved if _is_worse(promised, *pair)]
    told = _told(page, [term for _, term in worse])
    promised = {**promised, **_others(promised, told)}
    looked = Looked(rented[-1].subscription.id, sum(len(it.terms) for it in rented))
    for _, term in worse:
        if not _cleared(promised, term, told[term.subscription_id]):
            looked.faults.append(_fault(page, term))
    return looked


def _moved(before: Term, term: Term) -> bool:
    return (
        term.version_id != before.version_id
        and (term.plan_id == before.plan_id or term.basis == Basis.MOVED)
        and term.basis != Basis.OWN_ACT
    )


def _is_worse(promised: Mapping[int, Terms], before: Term, term: Term) -> bool:
    return is_worse(promised[before.version_id], promised[term.version_id], term.months)


def _told(page: Page, terms: Sequence[Term]) -> Mapping[int, list[Told]]:
    told = defaultdict[int, list[Told]](list)
    if terms:
        ids = {"subscriptions": sorted({it.subscription_id for it in terms})}
        for row in rows(SQL / "clearances.sql", page.facts | ids):
            told[row.pop("subscription_id")].append(Told(**row))
    return told


def _others(
    promised: Mapping[int, Terms], told: Mapping[int, Sequence[Told]]
) -> Mapping[int, Terms]:
    """Will read what versions promise that customers were told of and never had."""
    versions = {it.version_id for of_one in told.values() for it in of_one} - set(promised)
    return promised_in(versions) if versions else {}


def _cleared(promised: Mapping[int, Terms], term: Term, told: Sequence[Told]) -> bool:
    """Will tell whether a customer was told of a term's version, or of one no better than it."""
    return any(
        it.held(term)
        and (
            it.version_id == term.version_id
            or not is_worse(promised[it.version_id], promised[term.version_id], term.months)
        )
        for it in told
    )


def _fault(page: Page, term: Term) -> Fault:
    day = page.day(term.starts_on)
    return Fault(
        Kind.UNTOLD,
        f"The term from {day} has worse terms than the one before it, of which nobody told them.",
        "worse terms",
        "the terms of the term before it",
        subscription=term.subscription_id,
    )
