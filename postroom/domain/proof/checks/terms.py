"""Terms: those of a subscription tile, anchored on its billing day, and its next bill is due."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from postroom.base.periods import billing_date, next_billing_date, term_from
from postroom.domain.proof.extras import end_of_month, months_billed
from postroom.domain.proof.faults import ONE_DAY, Fault, Looked, Page
from postroom.domain.proof.models import Kind
from postroom.domain.proof.rented import Rented, Term, rented_on
from postroom.domain.subscriptions.models import Basis, SwitchTiming

Days = tuple[date, date]


def look(page: Page) -> Looked:
    """Will look at the terms of a page of subscriptions."""
    rented = rented_on(page)
    if not rented:
        return Looked(None)
    terms = sum(len(it.terms) for it in rented)
    faults = [fault for it in rented for fault in _faults(page, it)]
    return Looked(rented[-1].subscription.id, terms, {"terms": terms}, faults)


def _faults(page: Page, rented: Rented) -> Iterator[Fault]:
    yield from _tile(page, rented)
    for before, term in [(None, rented.terms[0]), *pairwise(rented.terms)]:
        stored, owed = (term.whole_starts_on, term.whole_ends_on), _wholes(before, term)
        if stored != owed:
            said = f"The whole period of the term from {page.day(term.starts_on)} is not anchored"
            days = page.days(*stored), page.days(*owed)
            yield _fault(rented, Kind.PERIOD, f"{said} on its billing day.", *days)
    yield from _next_bill(page, rented)


def _fault(rented: Rented, kind: Kind, said: str, stored: str, right: str) -> Fault:
    return Fault(kind, said, stored, right, subscription=rented.subscription.id)


def _tile(page: Page, rented: Rented) -> Iterator[Fault]:
    """Will name gaps and overlaps, from the start on."""
    reached = rented.subscription.starts_on
    for place, term in enumerate(rented.terms, 1):
        stored, right = page.day(term.starts_on), page.day(reached)
        said = f"the term from {stored} and what comes before it, to {right}"
        if term.starts_on > reached:
            yield _fault(rented, Kind.GAP, f"There is a gap between {said}.", stored, right)
        elif term.starts_on < reached:
            yield _fault(rented, Kind.OVERLAP, f"There is an overlap of {said}.", stored, right)
        if term.seq != place:
            said = f"The term from {stored} is not the next by its number."
            yield _fault(rented, Kind.GAP, said, f"number {term.seq}", f"number {place}")
        reached = term.ends_on


def _wholes(before: Term | None, term: Term) -> Days:
    """Will return the whole period that a term should have."""
    if before is None:
        return _first(term)
    continues = term.basis == Basis.ON_DATE or (
        term.basis == Basis.OWN_ACT
        and term.timing != SwitchTiming.NEXT_TERM
        and term.months == before.months
    )
    if continues:
        return before.whole_starts_on, before.whole_ends_on
    return term.starts_on, billing_date(term.starts_on, term.months, term.billing_day)


def _first(term: Term) -> Days:
    if term.basis != Basis.PAID_BEFORE:
        whole = term_from(term.starts_on, term.months, term.billing_day)[1]
        return whole.starts_on, whole.ends_on
    paid_until = term.whole_ends_on
    whole_from = billing_date(paid_until, -term.months, term.billing_day)
    return min(whole_from, term.starts_on), billing_date(paid_until, 0, term.billing_day)


def _next_bill(page: Page, rented: Rented) -> Iterator[Fault]:
    """Will name cursors that do not fit the last term, or would leave something unbilled."""
    stands, last = rented.subscription, rented.terms[-1]
    has = stands.plan_id, stands.version_id, stands.months, stands.billing_day
    if has != (last.plan_id, last.version_id, last.months, last.billing_day):
        said = "The subscription's plan, version, months and billing day are not its last term's."
        yield _fault(rented, Kind.CURSOR, said, "", "")
    if stands.next_term_on != last.ends_on:
        days = page.day(stands.next_term_on), page.day(last.ends_on)
        yield _fault(rented, Kind.CURSOR, "The next term is not due when the last ends.", *days)
    if stands.billed_seq > last.seq:
        said = "More terms are said to be billed than there are."
        yield _fault(rented, Kind.CURSOR, said, str(stands.billed_seq), str(last.seq))
    if _has_left(rented):
        yield from _last_day(page, rented)
        return
    yield from _running_month(page, rented)
    by = min(last.ends_on, stands.month_ends_on, *_unbilled(rented))
    if stands.next_bill_on is None or stands.next_bill_on > by:
        due = page.day(stands.next_bill_on) if stands.next_bill_on else "never"
        yield _fault(rented, Kind.CURSOR, "The next bill comes too late.", due, page.day(by))


def _has_left(rented: Rented) -> bool:
    """Will tell whether the month after the closing day runs: the last bill is written or due."""
    stands = rented.subscription
    return stands.closes_on is not None and stands.month_starts_on > stands.closes_on


def _last_day(page: Page, rented: Rented) -> Iterator[Fault]:
    """Will name a last term that does not end with the closing day, after the last bill."""
    stands, ends_on = rented.subscription, rented.terms[-1].ends_on
    if stands.closes_on is None or stands.next_bill_on is not None:
        return
    if ends_on != stands.closes_on + ONE_DAY:
        days = page.day(ends_on - ONE_DAY), page.day(stands.closes_on)
        yield _fault(rented, Kind.CURSOR, "The last term does not end with the closing day.", *days)


def _unbilled(rented: Rented) -> list[date]:
    """Will return the days from which on terms are to be billed that are not."""
    return [
        it.starts_on
        for it in rented.terms
        if it.seq > rented.subscription.billed_seq and it.basis != Basis.PAID_BEFORE
    ]


def _running_month(page: Page, rented: Rented) -> Iterator[Fault]:
    """Will name a running month that does not follow the months before it."""
    stands = rented.subscription
    months = months_billed(rented)
    begins = end_of_month(rented, months[-1].starts_on) if months else stands.starts_on
    if stands.month_starts_on != begins:
        days = page.day(stands.month_starts_on), page.day(begins)
        yield _fault(rented, Kind.CURSOR, "The running month begins where no month ends.", *days)
    elif stands.month_ends_on != (end := next_billing_date(begins, stands.billing_day)):
        days = page.day(stands.month_ends_on), page.day(end)
        yield _fault(rented, Kind.CURSOR, "The running month does not end on a billing day.", *days)
