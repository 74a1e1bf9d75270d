"""What terms owe in advance: their rates, credits for days not used, and the fees of joining."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from postroom.domain.billing.models import LineKind
from postroom.domain.billing.rating import credit, share
from postroom.domain.plans.terms import Terms
from postroom.domain.proof.lines_owed import Lines, in_order
from postroom.domain.proof.rented import Line, Rented, Term
from postroom.domain.subscriptions.models import Basis


def rate_terms(rented: Rented, promised: Mapping[int, Terms], lines: Lines) -> None:
    """Will rate each term that was billed, and hold its lines against that."""
    billed = [it for it in rented.terms if it.seq <= rented.subscription.billed_seq]
    for term in billed:
        if term.basis == Basis.PAID_BEFORE:
            continue
        rate = lines.take_one(term.id, LineKind.RATE)
        if rate is not None:
            rate_minor = promised[term.version_id].rates.get(term.months, 0)
            _rate(term, rate_minor, rate, lines)
            _credits(rented, term, Charged(rate_minor, term.whole_days, rate), lines)
        elif not term.is_empty:
            minor = _share(term, promised[term.version_id])
            lines.miss(LineKind.RATE, term.starts_on, term.ends_on, minor)
        if term.basis == Basis.JOINED:
            _fees(rented, term, rate, promised[term.version_id], lines)


def _share(term: Term, terms: Terms) -> int:
    days = (term.ends_on - term.starts_on).days
    return share(terms.rates.get(term.months, 0), days=days, whole_days=term.whole_days)


def _rate(term: Term, rate_minor: int, line: Line, lines: Lines) -> None:
    """Will hold a rate's line against its term: billed up to its end, or beyond it if cut since."""
    ends_on = min(max(line.ends_on, term.ends_on), term.whole_ends_on)
    days = (ends_on - term.starts_on).days
    owed = {
        "starts_on": term.starts_on,
        "ends_on": ends_on,
        "days": days,
        "whole_days": term.whole_days,
        "rate_minor": rate_minor,
        "version_id": term.version_id,
        "billed_before_minor": 0,
        "revision": 0,
        "amount_minor": share(rate_minor, days=days, whole_days=term.whole_days),
    }
    lines.hold(line, owed)


@dataclass(frozen=True)
class Charged:
    """A rate as it was charged, for days of a whole period, on a line."""

    rate_minor: int
    whole_days: int
    line: Line

    def due(self, since: date, *, before: int) -> int:
        """Will return the credit for the days from one on, after what was credited before."""
        days = (self.line.ends_on - self.line.starts_on).days
        return credit(
            self.rate_minor,
            unused=(self.line.ends_on - since).days,
            whole_days=self.whole_days,
            charged_minor=share(self.rate_minor, days=days, whole_days=self.whole_days),
            credited_minor=-before,
        )


def _credits(rented: Rented, term: Term, charged: Charged, lines: Lines) -> None:
    """Will hold credits against the days that a term lost since it was billed, each in turn."""
    rate = charged.line
    given = sorted(lines.take(term.id, LineKind.CREDIT), key=lambda it: it.ends_on, reverse=True)
    reached = rate.ends_on
    for line, before in in_order(given):
        owed = {
            "starts_on": max(line.starts_on, term.ends_on),
            "ends_on": reached,
            "days": (rate.ends_on - line.starts_on).days,
            "whole_days": term.whole_days,
            "rate_minor": charged.rate_minor,
            "version_id": term.version_id,
            "billed_before_minor": before,
            "tax_percent": rate.tax_percent,
            "tax_included": rate.tax_included,
            "amount_minor": charged.due(line.starts_on, before=before),
        }
        lines.hold(line, owed)
        reached = line.starts_on
    if reached > term.ends_on and not _waits_for_credit(rented, term):
        minor = charged.due(term.ends_on, before=sum(it.amount_minor for it in given))
        if minor:
            lines.miss(LineKind.CREDIT, term.ends_on, reached, minor)


def _waits_for_credit(rented: Rented, term: Term) -> bool:
    """Will tell whether a term was cut and its bill has not come yet."""
    due = rented.subscription.next_bill_on
    return term is rented.terms[-1] and due is not None and due <= term.ends_on


def _fees(rented: Rented, term: Term, rate: Line | None, terms: Terms, lines: Lines) -> None:
    """Will hold setup fee, deposit and its return against the version that was joined."""
    starts_on, ends_on = term.starts_on, rate.ends_on if rate else term.ends_on
    days = {"starts_on": starts_on, "ends_on": ends_on, "version_id": term.version_id}
    for kind, minor in [
        (LineKind.SETUP, terms.setup_fee_minor),
        (LineKind.DEPOSIT, terms.deposit_minor),
    ]:
        line = lines.take_one(term.id, kind) if minor else None
        if line is not None:
            lines.hold(line, days | {"amount_minor": minor})
        elif minor:
            lines.miss(kind, starts_on, ends_on, minor)
    if terms.deposit_minor and rented.subscription.closes_on is not None:
        returned = lines.take_one(term.id, LineKind.DEPOSIT_RETURN)
        if returned is not None:
            lines.hold(returned, days | {"amount_minor": -terms.deposit_minor})
        elif rented.subscription.next_bill_on is None:
            lines.miss(LineKind.DEPOSIT_RETURN, starts_on, ends_on, -terms.deposit_minor)
