"""What happens on a due date: a term opens, and what has come due goes on one bill.

The steps are those of the billing run, in its order. Each takes how the subscription stands and
returns how it stands then, with the lines that it adds to the bill.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from postroom.base.periods import Period, next_billing_date
from postroom.domain.billing.facts import Life
from postroom.domain.billing.lines import Bill, Line, Tax, taxed
from postroom.domain.billing.opening import When, next_term
from postroom.domain.billing.rating import Part, Span, credit, parts_of, share
from postroom.domain.billing.standing import DAY, Opened, Standing, Term, split_of, terms_of
from postroom.domain.plans.services import COUNTED, Service

Step = tuple[Standing, list[Line]]


def bill(
    life: Life, now: Standing, *, due: date, known: date, by_switch: bool = False
) -> tuple[Standing, Bill | None]:
    """Will bill one due date; there is no bill if it has no lines."""
    when = When(due, known)
    if now.is_gone_by(due):
        now = now.cut_to(now.gone_on)
    elif now.term.ends_on == due:
        now = next_term(life, now, when)
    lines = list[Line]()
    for step in (_rate, _credits, _extras, _deposit_returned, _charges):
        now, more = step(life, now, when)
        lines += more
    return now, Bill(due, tuple(taxed(lines)), by_switch) if lines else None


def _rate(life: Life, now: Standing, when: When) -> Step:
    """Will charge a term that is not billed yet for its days, with the fees of the first one.

    It ends where a version will take over inside it, as known by now, or where he leaves.
    """
    if now.term.billed_to is not None:
        return now, []
    now = now.cut_to(now.gone_on)
    now = now.cut_to(split_of(life, now, known=when.known))
    term, terms = now.term, terms_of(life, now.term)
    days = (term.ends_on - term.starts_on).days
    amount = share(terms.rates[term.months], days=days, whole_days=term.whole.days)
    tax = life.tax(known=when.known)
    line = Line(
        "rate",
        term.starts_on,
        term.ends_on,
        amount,
        plan=term.plan,
        version=term.number,
        days=days,
        whole_days=term.whole.days,
        tax=tax,
    )
    now = now.with_term(
        replace(term, billed_to=term.ends_on, paid_to=term.ends_on, charged_minor=amount, tax=tax)
    )
    return _fees(life, now, line) if term.opened is Opened.JOINING else (now, [line])


def _fees(life: Life, now: Standing, rate: Line) -> Step:
    """Will add what joining costs to the first term's rate. A deposit is not taxed."""
    terms = terms_of(life, now.term)
    fee = replace(rate, days=None, whole_days=None)
    setup = replace(fee, kind="setup", amount_minor=terms.setup_fee_minor)
    deposit = replace(fee, kind="deposit", amount_minor=terms.deposit_minor, tax=None)
    fees = [it for it in (setup, deposit) if it.amount_minor]
    return replace(now, deposit=deposit if deposit in fees else None), [rate, *fees]


def _credits(life: Life, now: Standing, _when: When) -> Step:
    """Will give back what terms were billed for days that they lost since."""
    terms, lines = list[Term](), list[Line]()
    for term in now.terms:
        line = _credit(terms_of(life, term).rates[term.months], term)
        terms.append(term if line is None else term.credited(line.amount_minor))
        lines += [] if line is None else [line]
    return replace(now, terms=tuple(terms)), lines


def _credit(rate_minor: int, term: Term) -> Line | None:
    """Will return the credit that a term is due, if it comes to anything; taxed as it was."""
    if term.billed_to is None or term.paid_to is None or term.ends_on >= term.paid_to:
        return None
    unused = (term.billed_to - term.ends_on).days
    amount = credit(
        rate_minor,
        unused=unused,
        whole_days=term.whole.days,
        charged_minor=term.charged_minor,
        credited_minor=term.credited_minor,
    )
    line = Line(
        "credit",
        term.ends_on,
        term.paid_to,
        amount,
        plan=term.plan,
        version=term.number,
        days=unused,
        whole_days=term.whole.days,
        tax=term.tax,
    )
    return line if amount else None


def _extras(life: Life, now: Standing, when: When) -> Step:
    """Will charge the extras of a month that ended, and correct those of months billed before."""
    now = _month_ended(now, when)
    lines, billed = list[Line](), dict(now.extras_minor)
    for month in now.months_billed:
        for service, part in _parts(life, now, month, when):
            key = service, part.starts_on
            amount = part.amount_minor - billed.get(key, 0)
            if amount:
                billed[key] = part.amount_minor
                tax = life.tax(known=when.known)
                lines.append(_extra(now, service, part, amount, tax))
    return replace(now, extras_minor=billed), lines


def _month_ended(now: Standing, when: When) -> Standing:
    """Will move on to the next month of allowances if the running one ended, or he left.

    A month that he left is billed for the days of its terms.
    """
    ends_on, gone = now.month_ends_on, now.is_gone_by(when.due)
    if ends_on is None:
        return replace(now, finished_on=when.known)
    if when.due < ends_on and not gone:
        return now
    if now.month_starts_on < ends_on:
        month = Period(now.month_starts_on, ends_on)
        now = replace(now, months_billed=(*now.months_billed, month))
    if gone:
        return replace(now, month_ends_on=None, finished_on=when.known)
    next_end = next_billing_date(ends_on, now.term.billing_day)
    return replace(now, month_starts_on=ends_on, month_ends_on=next_end)


def _parts(life: Life, now: Standing, month: Period, when: When) -> Iterator[tuple[Service, Part]]:
    """Will yield the parts of a month that used anything, or were billed, for each service."""
    for service in COUNTED:
        units = life.units(service, month, known=when.known)
        if not units:
            continue
        spans = [
            Span(
                max(term.starts_on, month.starts_on),
                min(term.ends_on, month.ends_on),
                terms_of(life, term).allowance(service),
            )
            for term in now.terms
        ]
        for part in parts_of(spans, units):
            yield service, part


def _extra(now: Standing, service: Service, part: Part, amount: int, tax: Tax | None) -> Line:
    """Will write the line of a part, under the term that it begins in."""
    term = next(it for it in now.terms if it.starts_on <= part.starts_on < it.ends_on)
    return Line(
        "extra",
        part.starts_on,
        part.ends_on,
        amount,
        service=service,
        plan=term.plan,
        version=term.number,
        used_before=part.used_before,
        used=part.used,
        over=part.over,
        tax=tax,
    )


def _deposit_returned(_life: Life, now: Standing, _when: When) -> Step:
    """Will give the deposit back on the final bill."""
    if now.month_ends_on is not None or now.deposit is None:
        return now, []
    amount = -now.deposit.amount_minor
    line = replace(now.deposit, kind="deposit_return", amount_minor=amount)
    return replace(now, deposit=None), [line]


def _charges(life: Life, now: Standing, when: When) -> Step:
    """Will add what was charged by hand by the due date and is not billed yet."""
    known = [it for it in life.charges if it.on <= when.due]
    lines = [
        Line(
            "charge",
            it.on,
            it.on + DAY,
            it.amount_minor,
            tax=life.tax(known=when.known) if it.taxable else None,
        )
        for it in known[now.charges_billed :]
    ]
    return replace(now, charges_billed=len(known)), lines
