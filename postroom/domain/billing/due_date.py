"""What happens on a due date: a term opens, and what has come due goes on one bill.

The steps are those of the billing run, in its order. Each takes how the subscription stands and
returns how it stands then, with the lines that it adds to the bill.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from postroom.base.periods import Period, billing_date, next_billing_date
from postroom.domain.billing.facts import Life, Switch
from postroom.domain.billing.lines import Bill, Line, taxed
from postroom.domain.billing.rating import Part, Span, credit, parts_of, share
from postroom.domain.billing.standing import DAY, Opened, Standing, Term, split_of, terms_of
from postroom.domain.plans.services import COUNTED, Service, Timing
from postroom.domain.subscriptions.rule import version_for

Step = tuple[Standing, list[Line]]


@dataclass(frozen=True)
class When:
    """The date that is billed, and the day of the run, which knows more if it comes late."""

    due: date
    known: date


def bill(
    life: Life, now: Standing, *, due: date, known: date, by_switch: bool = False
) -> tuple[Standing, Bill | None]:
    """Will bill one due date; there is no bill if it has no lines."""
    when = When(due, known)
    if now.is_closed_before(due) and now.closes_on:
        now = now.cut_to(now.closes_on + DAY)
    if now.term.ends_on == due and not now.is_closed_before(due) and now.term.billed_to:
        now = _next_term(life, now, when)
    lines = list[Line]()
    for step in (_rate, _credits, _extras, _deposit_returned, _charges):
        now, more = step(life, now, when)
        lines += more
    return now, Bill(due, tuple(taxed(lines)), by_switch) if lines else None


def _next_term(life: Life, now: Standing, when: When) -> Standing:
    """Will open the term that starts on the due date: his own choice, a renewal or the same on."""
    before, chosen = now.term, now.waiting
    renews = before.whole.ends_on == when.due
    if chosen is not None and (chosen.now or renews):
        number = life.on_sale(chosen.plan, chosen.months, on=when.due, known=when.known)
        now = replace(now, waiting=None)
        if number is not None:
            return _chosen(now, chosen, number, when)
    whole = before.whole
    if renews:
        whole = Period(when.due, billing_date(when.due, before.months, before.billing_day))
    return _opened(
        now,
        replace(
            before,
            number=_by_the_rule(life, now, when),
            whole=whole,
            opened=Opened.RENEWAL if renews else Opened.ON_DATE,
        ),
        when,
    )


def _chosen(now: Standing, chosen: Switch, number: int, when: When) -> Standing:
    """Will open the term of a switch.

    Now and for as many months, he goes on to the end of the running period. Now and for other
    months, a new billing day, period and month of allowances begin. At a renewal the billing
    day stays.
    """
    before, anchor = now.term, now.term.billing_day
    whole = before.whole
    if not chosen.now:
        whole = Period(when.due, billing_date(when.due, chosen.months, anchor))
    elif chosen.months != before.months:
        anchor = when.due.day
        whole = Period(when.due, billing_date(when.due, chosen.months, anchor))
        now = replace(now, month_ends_on=when.due)
    term = replace(
        before,
        plan=chosen.plan,
        number=number,
        months=chosen.months,
        billing_day=anchor,
        whole=whole,
        opened=Opened.SWITCH,
    )
    return _opened(replace(now, chosen_on=when.known), term, when)


def _opened(now: Standing, term: Term, when: When) -> Standing:
    """Will add a term from the due date to the end of its whole period, with nothing billed."""
    term = replace(
        term,
        starts_on=when.due,
        ends_on=term.whole.ends_on,
        billed_to=None,
        charged_minor=0,
        credited_minor=0,
        paid_to=None,
    )
    return replace(now, terms=(*now.terms, term))


def _by_the_rule(life: Life, now: Standing, when: When) -> int:
    """Will return the version that the rule gives; inside a period only one with that timing."""
    held = now.term
    candidates = life.candidates(held.plan, known=when.known)
    given = version_for(
        life.holding(
            held.plan, held.number, held.months, known=when.known, chosen_on=now.chosen_on
        ),
        candidates,
        on=when.due,
    )
    renews = held.whole.ends_on == when.due
    on_date = {it.number for it in candidates if it.timing is Timing.ON_DATE}
    return given if renews or given in on_date else held.number


def _rate(life: Life, now: Standing, when: When) -> Step:
    """Will charge a term that is not billed yet for its days, with the fees of the first one.

    It ends where a version will take over inside it, as known by now, or where he leaves.
    """
    if now.term.billed_to is not None:
        return now, []
    if now.closes_on is not None and not now.is_closed_before(now.term.starts_on):
        now = now.cut_to(now.closes_on + DAY)
    split = split_of(life, now, known=when.known)
    now = now if split is None else now.cut_to(split)
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
        unused = max(0, (term.billed_to - term.ends_on).days) if term.billed_to else 0
        amount = credit(
            terms_of(life, term).rates[term.months],
            unused=unused,
            whole_days=term.whole.days,
            charged_minor=term.charged_minor,
            credited_minor=term.credited_minor,
        )
        terms.append(term.credited(amount) if amount else term)
        if amount and term.paid_to:
            lines.append(
                Line(
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
            )
    return replace(now, terms=tuple(terms)), lines


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
                lines.append(_extra(now, service, part, amount, life, when))
    return replace(now, extras_minor=billed), lines


def _month_ended(now: Standing, when: When) -> Standing:
    """Will move on to the next month of allowances if the running one ended, or he left."""
    left = now.is_closed_before(when.due)
    if now.month_ends_on is None or (not left and when.due < now.month_ends_on):
        return now if now.month_ends_on else replace(now, finished_on=when.known)
    ends_on = now.month_ends_on
    if left and now.closes_on:
        ends_on = min(ends_on, now.closes_on + DAY)
    if now.month_starts_on < ends_on:
        month = Period(now.month_starts_on, ends_on)
        now = replace(now, months_billed=(*now.months_billed, month))
    if left:
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


def _extra(
    now: Standing, service: Service, part: Part, amount: int, life: Life, when: When
) -> Line:
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
        tax=life.tax(known=when.known),
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
