"""How one subscription stands between two bills, and when the next one is due."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum

from postroom.base.periods import Period, billing_date, next_billing_date, term_from
from postroom.domain.billing.facts import Life, Move, Switch
from postroom.domain.billing.lines import Line, Tax
from postroom.domain.plans.services import Service
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.rule import split_day

DAY = timedelta(days=1)


class Opened(Enum):
    """What a term was opened by."""

    JOINING = "joining"
    PAID_BEFORE = "paid_before"
    RENEWAL = "renewal"
    SWITCH = "switch"
    MOVE = "move"
    ON_DATE = "on_date"


@dataclass(frozen=True)
class Term:
    """Days under one version of a plan, half-open, and what was billed for them, in minor units.

    ``whole`` is the period that the rate is for. ``billed_to`` is the end that it was billed to,
    none before that; ``ends_on`` may be cut to an earlier day later.
    """

    plan: str
    number: int
    months: int
    billing_day: int
    starts_on: date
    ends_on: date
    whole: Period
    opened: Opened
    billed_to: date | None = None
    charged_minor: int = 0
    credited_minor: int = 0
    #: The end of what was billed and not credited since.
    paid_to: date | None = None
    tax: Tax | None = None

    def credited(self, amount_minor: int) -> "Term":
        """Will note a credit, below zero, for the days up to where the last one began."""
        credited = self.credited_minor - amount_minor
        return replace(self, credited_minor=credited, paid_to=self.ends_on)


@dataclass(frozen=True)
class Standing:
    """The terms so far, the running month of allowances, and what waits.

    After the final bill there is no running month. ``extras_minor`` is what was billed for each
    service and first day of a part.
    """

    terms: tuple[Term, ...]
    month_starts_on: date
    month_ends_on: date | None
    months_billed: tuple[Period, ...] = ()
    extras_minor: Mapping[tuple[Service, date], int] = field(default_factory=dict)
    #: The day after the last one used, and the day on which that is billed at the latest.
    gone_on: date | None = None
    final_bill_on: date | None = None
    waiting: Switch | Move | None = None
    #: The day of his own last switch.
    chosen_on: date | None = None
    #: The line that charged it, until it is given back.
    deposit: Line | None = None
    charges_billed: int = 0
    #: The day of the run that wrote the final bill, or what came after it.
    finished_on: date | None = None

    @property
    def term(self) -> Term:
        """The last term that was opened."""
        return self.terms[-1]

    def is_gone_by(self, day: date) -> bool:
        return self.gone_on is not None and self.gone_on <= day

    def with_term(self, term: Term) -> "Standing":
        """Will put a term in the place of the last one."""
        return replace(self, terms=(*self.terms[:-1], term))

    def cut_to(self, day: date | None) -> "Standing":
        """Will end the last term on a day, if there is one and it does not end before."""
        if day is None or day >= self.term.ends_on:
            return self
        return self.with_term(replace(self.term, ends_on=day))


def begin(life: Life) -> Standing | None:
    """Will give him his first term, or nothing where the plan is not sold so on that day."""
    start = life.starts_on
    number = life.version or life.on_sale(life.plan, life.months, on=start, known=start)
    if number is None:
        return None
    own, whole = term_from(start, life.months, life.billing_day)
    opened = Opened.JOINING
    if life.paid_until is not None:
        own = Period(start, life.paid_until)
        whole_from = billing_date(life.paid_until, -life.months, life.billing_day)
        whole = Period(min(whole_from, start), life.paid_until)
        opened = Opened.PAID_BEFORE
    first = Term(
        life.plan,
        number,
        life.months,
        life.billing_day,
        own.starts_on,
        own.ends_on,
        whole,
        opened,
        # Somebody else billed what he moved in with.
        billed_to=own.ends_on if life.paid_until else None,
    )
    return Standing((first,), start, next_billing_date(start, life.billing_day))


def next_bill_on(life: Life, now: Standing) -> date | None:
    """Will return the first day on which there is something to bill, if there ever will be."""
    if now.month_ends_on is None:
        return _late_due_on(life, now)
    if now.term.billed_to is None:
        return now.term.starts_on
    due = [now.term.ends_on, now.month_ends_on]
    if now.final_bill_on is not None:
        due.append(now.final_bill_on)
    return min(due)


def _late_due_on(life: Life, now: Standing) -> date | None:
    """Will return the day after something was entered that came after the final bill."""
    late = [
        day
        for it in life.used
        for day in it.told_on
        if now.finished_on and day > now.finished_on and not now.is_gone_by(it.on)
    ]
    charged = [it.on for it in life.charges[now.charges_billed :]]
    return min(late + charged) + DAY if late + charged else None


def terms_of(life: Life, term: Term) -> Terms:
    return life.terms(term.plan, term.number)


def split_of(life: Life, now: Standing, *, known: date) -> date | None:
    """Will return the day on which a version takes over inside the last term, as known on a day."""
    term = now.term
    if term.opened is Opened.PAID_BEFORE:
        return None
    before = term.ends_on if now.gone_on is None else min(term.ends_on, now.gone_on)
    return split_day(
        life.holding(term.plan, term.number, term.months, known=known, chosen_on=now.chosen_on),
        life.candidates(term.plan, known=known),
        after=term.starts_on,
        before=before,
    )
