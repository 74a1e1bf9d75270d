"""The life of one subscription as it is billed, in pure Python: the twin of the billing run.

It previews, explains and checks; the SQL is what bills. Random worlds hold the two equal to the
cent, line by line. Amounts are minor units, days are days of the location's own calendar.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from postroom.domain.billing.due_date import bill
from postroom.domain.billing.facts import Closing, Life, Move, Switch
from postroom.domain.billing.lines import Bill
from postroom.domain.billing.standing import (
    DAY,
    Opened,
    Standing,
    begin,
    next_bill_on,
    split_of,
)

Billed = tuple[Standing, list[Bill]]


@dataclass(frozen=True)
class Lived:
    """How a subscription stands after the last day, and every bill that it had."""

    now: Standing
    bills: list[Bill]


def live(life: Life, *, runs: Collection[date]) -> Lived | None:
    """Will bill a life by runs on those days, or return None where he could not join.

    A day that is left out is caught up by the next run. What is done on a day is done after its
    run.
    """
    now = begin(life)
    if now is None:
        return None
    acts = {it.on for some in (life.switches, life.moves, life.closings) for it in some}
    acts |= {it.taken_back_on for it in life.moves if it.taken_back_on}
    bills = list[Bill]()
    for day in sorted(it for it in {*runs, *acts} if it >= life.starts_on):
        if day in runs:
            now, more = run(life, now, on=day)
            bills += more
        now, more = act(life, now, on=day)
        bills += more
    return Lived(now, bills)


def run(life: Life, now: Standing, *, on: date) -> Billed:
    """Will bill all that is due by a day, each due date on its own, the oldest first."""
    return settle(life, _brought_up(life, now, on=on), on=on)


def settle(life: Life, now: Standing, *, on: date) -> Billed:
    """Will bill the due dates that have come."""
    bills = list[Bill]()
    while (due := next_bill_on(life, now)) is not None and due <= on:
        now, one = bill(life, now, due=due, known=on)
        bills += [one] if one else []
    return now, bills


def _brought_up(life: Life, now: Standing, *, on: date) -> Standing:
    """Will cut a term that was billed whole where a version has taken over on its date since.

    After the final bill nothing takes over any more.
    """
    split = None if now.month_ends_on is None else split_of(life, now, known=on)
    return now if split is None or split > on else now.cut_to(split)


def act(life: Life, now: Standing, *, on: date) -> Billed:
    """Will do what was done on a day after its run: moves first, then switches, then closing."""
    bills = list[Bill]()
    for move in life.moves:
        now = moved(life, now, move, on=on)
    for switch in life.switches:
        if switch.on == on:
            now, more = switched(life, now, switch)
            bills += more
    for closing in life.closings:
        if closing.on == on:
            now = closed(now, closing)
    return now, bills


def moved(life: Life, now: Standing, move: Move, *, on: date) -> Standing:
    """Will enter a move on its day, or take it back; whatever waits already keeps it away."""
    if move.taken_back_on == on and now.waiting == move:
        now = replace(now, waiting=None)
    has_rate = now.term.months in life.terms(move.plan, move.number).rates
    if move.on == on and now.waiting is None and now.term.plan != move.plan and has_rate:
        return replace(now, waiting=move)
    return now


def switched(life: Life, now: Standing, switch: Switch) -> Billed:
    """Will do a switch: one for now is billed at once, another waits for the renewal.

    What is due by that day is billed first. Refused, and so left out, where he left, the plan is
    not sold for so many months on its day, he has just these terms, or the running term was paid
    elsewhere.
    """
    day = switch.on
    after, bills = settle(life, now, on=day)
    if _is_refused(life, after, switch):
        return now, []
    after = replace(after, waiting=switch)
    if switch.now:
        after, one = bill(life, after.cut_to(day), due=day, known=day, by_switch=True)
        bills += [one] if one else []
    return after, bills


def _is_refused(life: Life, now: Standing, switch: Switch) -> bool:
    starts_on = switch.on if switch.now else now.term.whole.ends_on
    number = life.on_sale(switch.plan, switch.months, on=starts_on, known=switch.on)
    if number is None or now.is_gone_by(switch.on):
        return True
    has = now.term.plan, now.term.number, now.term.months
    same = has == (switch.plan, number, switch.months)
    return switch.now and (same or now.term.opened is Opened.PAID_BEFORE)


def closed(now: Standing, closing: Closing) -> Standing:
    """Will note the last day used, or take it back while it has not passed.

    It is billed on the day after it was entered at the earliest. Refused, and so left out, where
    he left before, or where the day lies before what was billed last.
    """
    if now.is_gone_by(closing.on):
        return now
    if closing.closes_on is None:
        return replace(now, gone_on=None, final_bill_on=None)
    since = max(now.term.starts_on, now.month_starts_on)
    if closing.closes_on < max(since - DAY, now.terms[0].starts_on):
        return now
    final_bill_on = max(closing.closes_on, closing.on) + DAY
    return replace(now, gone_on=closing.closes_on + DAY, final_bill_on=final_bill_on)
