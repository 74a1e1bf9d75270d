"""The page of a change: what it is, how far it has come, and how it ends for each customer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.periods import local_day
from postroom.domain.events.queries import events_of
from postroom.domain.events.sentences import sentence
from postroom.domain.notices.models import EnvelopeState
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.looking import (
    Happening,
    Stage,
    can_be_taken_back,
    changes_staged,
    correction_of,
    envelopes_by_state,
    having,
    joined_and_left,
    look_again,
    stage_of,
    timeline,
)
from postroom.domain.plan_changes.models import Outcome, PlanChange, Sheet
from postroom.domain.plan_changes.reversing import terms_before
from postroom.domain.plans.plain_words import difference_in_words
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.terms import differences
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.plans.worked_out import Ending, WorkedOut
from postroom.web.desk.reports.figures import House

TONES = {
    Stage.SCHEDULED: "muted",
    Stage.ANNOUNCED: "info",
    Stage.IN_FORCE: "good",
    Stage.WITHDRAWN: "bad",
    Stage.EDITED: "muted",
}
#: Who is stuck, and what can be done about it.
STUCK = {
    Outcome.UNDELIVERABLE: (
        "Open their notice: mend the address and send it again. Or print the letters, below, and "
        "record that they are posted."
    ),
    Outcome.DEFERRED: (
        "Nothing needs to be done: they are told in time for their next renewal. "
        "A letter or a call, recorded at their notice, counts as well."
    ),
    Outcome.NO_LAWFUL_DAY: (
        "The rules where they are leave no day to tell them. They keep their terms."
    ),
}
#: What happened, in words after a number of customers.
HAPPENED = {
    "accepted": ("notice sent", "notices sent"),
    "put_off": ("notice put off by the mail server", "notices put off by the mail server"),
    "refused": ("notice refused by the mail server", "notices refused by the mail server"),
    "bounced": ("notice came back", "notices came back"),
    "posted": ("letter posted", "letters posted"),
    "told": ("customer told by hand", "customers told by hand"),
    "voided": ("notice made void", "notices made void"),
    "answer_accepted": ("customer accepted", "customers accepted"),
    "answer_switched": ("customer took another plan", "customers took another plan"),
    "answer_leaves": ("customer leaves", "customers leave"),
    "answer_stays": ("customer stays after all", "customers stay after all"),
    "answer_asked": ("customer asks or objects", "customers ask or object"),
    "in_force": ("customer has the new terms", "customers have the new terms"),
}


@dataclass(frozen=True)
class Stuck:
    """Customers who are stuck in one way, and what to do about them."""

    ending: Ending
    what_to_do: str


@dataclass(frozen=True)
class Moment:
    """A line of the timeline."""

    on: date
    words: str


@desk(May.SEE_MONEY)
def change(request: DeskRequest, change_id: int) -> HttpResponse:
    """One change, with how it stands now."""
    found = get_object_or_404(changes_staged(), pk=change_id)
    stage = stage_of(found, on=request.on)
    context: dict[str, Any] = {
        "change": found,
        "stage": stage.value,
        "tone": TONES[stage],
        "differences": _differences(request, found),
        "envelopes": _envelopes(found),
        "waits": _waits(found),
        "correction": correction_of(found) if found.withdrawn_at else None,
        "timeline": _timeline(request, found),
        "can_be_taken_back": can_be_taken_back(found),
        "may_run": request.may("run_plans"),
        "may_tell": request.may("run_customers"),
    }
    if found.withdrawn_at is None:
        sheet = look_again(
            found, by=request.user, at=request.at, on=request.on, anew="anew" in request.GET
        )
        context |= _now(request, found, sheet)
    return render(request, "desk/changes/change.html", context)


@desk(May.SEE_MONEY)
def customers(request: DeskRequest, change_id: int) -> HttpResponse:
    """Leads to every customer of a change, as of now."""
    found = get_object_or_404(changes_staged().filter(withdrawn_at=None), pk=change_id)
    sheet = look_again(found, by=request.user, at=request.at, on=request.on)
    address = WorkedOut(sheet, House(request.operator)).all
    return redirect(f"{address}?{request.GET.urlencode()}" if request.GET else address)


def _now(request: DeskRequest, change: PlanChange, sheet: Sheet) -> dict[str, Any]:
    it = WorkedOut(sheet, House(request.operator))
    has_it, unreached = having(sheet), it.sums.ending(Outcome.UNDELIVERABLE)
    joined, left = joined_and_left(change, customers=it.sums.customers)
    return {
        "sheet": sheet,
        "it": it,
        "sums": it.sums,
        "has_it": has_it,
        "to_come": max(0, it.sums.reached - has_it - unreached),
        "unreached": unreached,
        "stuck": [
            Stuck(ending, STUCK[ending.outcome]) for ending in it.endings if ending.outcome in STUCK
        ],
        "joined": joined,
        "went": left,
    }


def _differences(request: DeskRequest, change: PlanChange) -> list[Any]:
    """Will set what stood before beside what the change brings."""
    before = terms_before(change)
    if before is None:
        return []
    new = terms_of([change.version])[change.version_id]
    return [difference_in_words(it, request.operator.show) for it in differences(before, new)]


def _envelopes(change: PlanChange) -> list[tuple[str, str, int]]:
    counted = envelopes_by_state(change)
    return [(it.value, it.label, counted[it]) for it in EnvelopeState if counted.get(it)]


def _waits(change: PlanChange) -> bool:
    """Whether something is on its way, so that the page looks again by itself."""
    waiting = envelopes_by_state(change).get(EnvelopeState.WAITING, 0)
    return change.withdrawn_at is None and (bool(waiting) or change.announced_on is None)


def _timeline(request: DeskRequest, change: PlanChange) -> list[Moment]:
    """Will put what staff did and what became of it in one order, the latest day first."""
    operator = request.operator
    done = [
        Moment(local_day(it.at, operator.time_zone), sentence(it, operator.locale))
        for it in events_of(change)
    ]
    both = [*done, *(_moment(it) for it in timeline(change))]
    return sorted(both, key=lambda it: it.on, reverse=True)


def _moment(it: Happening) -> Moment:
    one, many = HAPPENED.get(it.what, (it.what, it.what))
    return Moment(it.on, f"{it.customers:,} {one if it.customers == 1 else many}")
