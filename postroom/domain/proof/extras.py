"""What months owe in arrears: the extras of what was used beyond what their terms allow."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from postroom.base.periods import Period, next_billing_date
from postroom.domain.billing.models import LineKind
from postroom.domain.billing.rating import Part, Span, parts_of
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Terms
from postroom.domain.proof.lines_owed import Lines, in_order
from postroom.domain.proof.rented import Line, Rented, Subscription, Term

#: What a service used, by days within a month: by the first days of spans, or by new highs.
Used = dict[tuple[Period, Service], dict[date, int]]

#: What a line should say.
Figures = Mapping[str, Any]

#: Entries recorded so shortly before a bill may have come after it: both take a while.
GRACE = timedelta(hours=1)


@dataclass(frozen=True)
class Doubt:
    """A line that agrees but for what was used: right if something was entered after it."""

    line: Line
    month: Period
    #: What it should say by what it says was used, and by what is known.
    says: Figures
    knows: Figures

    @property
    def since(self) -> datetime:
        return self.line.issued_at - GRACE


@dataclass
class Rated:
    """What came of rating months beside faults: how many wait, and what is in doubt."""

    waiting: int = 0
    doubts: list[Doubt] = field(default_factory=list)


def months_billed(rented: Rented) -> list[Period]:
    """Will return the months before the running one, from billing day to billing day."""
    until = rented.subscription.month_starts_on
    months, start = list[Period](), rented.subscription.starts_on
    while start < until:
        months.append(Period(start, min(end_of_month(rented, start), until)))
        start = months[-1].ends_on
    return months


def end_of_month(rented: Rented, start: date) -> date:
    """Will return the end of the month of allowances that begins on a day.

    A switch that moves the billing day ends the month that it falls in.
    """
    anchor = rented.subscription.billing_day
    for term in rented.terms:
        if term.starts_on <= start:
            anchor = term.billing_day
        elif term.billing_day != anchor and not term.is_empty:
            return min(next_billing_date(start, anchor), term.starts_on)
    return next_billing_date(start, anchor)


def spans_of(rented: Rented, month: Period) -> Iterator[tuple[Term, Period]]:
    """Will yield the terms that held in a month, with their days in it."""
    for term in rented.terms:
        starts_on = max(term.starts_on, month.starts_on)
        ends_on = min(term.ends_on, month.ends_on)
        if starts_on < ends_on:
            yield term, Period(starts_on, ends_on)


def rate_months(rented: Rented, promised: Mapping[int, Terms], used: Used, lines: Lines) -> Rated:
    """Will rate the extras of each month that was billed, and hold its lines against that."""
    rated = Rated()
    by_part = _by_part(rented, lines)
    services = defaultdict[Period, set[Service]](set)
    for month, service in used:
        services[month].add(service)
    for month in months_billed(rented):
        waits = _waits(rented.subscription, month)
        rated.waiting += waits
        spans = list(spans_of(rented, month))
        # Recipients may have come to none by a correction, which leaves no high at all.
        stored = {Service.RECIPIENTS} if _has(by_part, Service.RECIPIENTS, month) else set()
        for service in sorted(services[month] | stored):
            days = [
                Span(it.starts_on, it.ends_on, promised[term.version_id].allowance(service))
                for term, it in spans
            ]
            for part in parts_of(days, used.get((month, service), {})):
                owes = Owes(service, part, _term_of(part, spans), waits=waits)
                of_part = _stored(owes, by_part, lines)
                if figures := _hold(lines, of_part, owes):
                    rated.doubts.append(Doubt(of_part[-1], month, *figures))
    for left in by_part.values():
        lines.of[left[0].term_id, LineKind.EXTRA.value] += left
    return rated


def _has(by_part: Collection[tuple[Service, date]], service: Service, month: Period) -> bool:
    """Will tell whether lines are stored for a service in a month."""
    return any(it == service and day in month for it, day in by_part)


def _term_of(part: Part, spans: list[tuple[Term, Period]]) -> Term:
    """Will return the term that a part begins in."""
    return next(term for term, days in spans if days.starts_on == part.starts_on)


def _stored(
    owes: "Owes", by_part: dict[tuple[Service, date], list[Line]], lines: Lines
) -> list[Line]:
    """Will take the lines of a part; those on another term than it begins in are not owed."""
    found = by_part.pop((owes.service, owes.part.starts_on), [])
    wrong = [it for it in found if it.term_id != owes.term.id]
    for it in wrong:
        lines.of[it.term_id, LineKind.EXTRA.value].append(it)
    return [it for it in found if it not in wrong] if wrong else found


def _by_part(rented: Rented, lines: Lines) -> dict[tuple[Service, date], list[Line]]:
    found = defaultdict[tuple[Service, date], list[Line]](list)
    for term in rented.terms:
        for line in lines.take(term.id, LineKind.EXTRA):
            if line.service:
                found[Service(line.service), line.starts_on].append(line)
            else:
                lines.of[term.id, "extra"].append(line)
    return found


def _waits(subscription: Subscription, month: Period) -> bool:
    """Will tell whether usage of a month came late, and its correction is still to be billed."""
    return subscription.late_from is not None and month.ends_on > subscription.late_from


@dataclass(frozen=True)
class Owes:
    """A part of a month, for a service, under the term that it begins in."""

    service: Service
    part: Part
    term: Term
    #: Its usage came late, and the next bill corrects it.
    waits: bool

    def figures(self, line: Line, place: int, before: int, *, known: bool) -> dict[str, Any]:
        """Will return what a line should say, by what is known to be used or by what it says."""
        part = self.part
        if not known:
            part = replace(part, used_before=line.used_before or 0, used=line.used or 0)
        allowance, offered = part.allowance, part.allowance.offer != Offer.NOT_OFFERED
        return {
            "ends_on": part.ends_on,
            "used_before": part.used_before,
            "used": part.used,
            "limit": allowance.limit,
            "over": part.over,
            "extra_count": allowance.extra_count if offered else None,
            "extra_fee_minor": allowance.extra_fee_minor if offered else None,
            "version_id": self.term.version_id,
            "revision": place,
            "billed_before_minor": before,
            "amount_minor": part.amount_minor - before,
        }


def _hold(lines: Lines, stored: list[Line], owes: Owes) -> tuple[Figures, Figures] | None:
    """Will hold the lines of a part against what it owes, the latest against what is known now.

    Returns what the latest should say, either way, where it differs in what was used.
    """
    for place, (line, before) in enumerate(in_order(stored)):
        says = owes.figures(line, place, before, known=False)
        knows = owes.figures(line, place, before, known=True)
        if owes.waits or line is not stored[-1]:
            lines.hold(line, says)
        elif knows["amount_minor"] != line.amount_minor:
            lines.hold(line, knows)
        elif any(getattr(line, it) != knows[it] for it in USED):
            return says, knows
        else:
            lines.hold(line, says)
    if not stored and not owes.waits and owes.part.amount_minor:
        part = owes.part
        days = part.starts_on, part.ends_on
        lines.miss(LineKind.EXTRA, *days, part.amount_minor, owes.service.value)
    return None


#: Figures that may be others by now without another amount.
USED = ("used_before", "used", "over")
