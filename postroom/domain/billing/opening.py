"""Opening the term of a due date: his own choice, a move, a renewal, or the same period on."""

from dataclasses import dataclass, replace
from datetime import date

from postroom.base.periods import Period, billing_date
from postroom.domain.billing.facts import Life, Move, Switch
from postroom.domain.billing.standing import Opened, Standing, Term
from postroom.domain.plans.services import Timing
from postroom.domain.subscriptions.rule import move_is_met, version_for


@dataclass(frozen=True)
class When:
    """The date that is billed, and the day of the run, which knows more if it comes late."""

    due: date
    known: date


def next_term(life: Life, now: Standing, when: When) -> Standing:
    """Will open the term that starts on the due date: his own choice, a renewal or the same on."""
    before, chosen = now.term, now.waiting
    renews = before.whole.ends_on == when.due
    if isinstance(chosen, Move):
        if renews and _is_met(life, now, chosen, when):
            return _moved(replace(now, waiting=None), chosen, when)
    elif chosen is not None and (chosen.now or renews):
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


def _is_met(life: Life, now: Standing, move: Move, when: When) -> bool:
    """Will tell whether the rule on moves allows one on this day."""
    held = now.term
    versions = life.candidates(held.plan, known=when.known)
    return move.not_before <= when.due and move_is_met(
        life.holding(
            move.plan, held.number, held.months, known=when.known, chosen_on=now.chosen_on
        ),
        next(it for it in versions if it.number == held.number),
        move.number,
        life.candidates(move.plan, known=when.known),
        on=when.due,
    )


def _moved(now: Standing, move: Move, when: When) -> Standing:
    """Will open the term of the operator's move: his billing day and length of term stay."""
    before = now.term
    whole = Period(when.due, billing_date(when.due, before.months, before.billing_day))
    term = replace(before, plan=move.plan, number=move.number, whole=whole, opened=Opened.MOVE)
    return _opened(now, term, when)


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
