"""Lines: what each term and each month that was billed owes, worked out again from the facts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from postroom.base.periods import Period
from postroom.base.sql import rows
from postroom.domain.billing.rating import new_highs
from postroom.domain.plans.services import Service
from postroom.domain.proof.extras import Doubt, Rated, Used, months_billed, rate_months, spans_of
from postroom.domain.proof.faults import SQL, Looked, Page
from postroom.domain.proof.lines_owed import Lines
from postroom.domain.proof.rates import rate_terms
from postroom.domain.proof.rented import Line, Rented, promised_in, read, rented_on
from postroom.domain.usage.queries import COUNTS

#: A day, when on it if that is known, and how many are held from then on.
Level = tuple[date, datetime | None, int]


def look(page: Page) -> Looked:
    """Will rate a page of subscriptions again."""
    rented = rented_on(page)
    if not rented:
        return Looked(None)
    promised = promised_in({term.version_id for it in rented for term in it.terms})
    stored, used = _lines_of(page, rented), _used_by(page, rented)
    looked, rated = Looked(rented[-1].subscription.id), Rated()
    every, doubted = list[Lines](), list[tuple[Lines, Doubt]]()
    for it in rented:
        lines = Lines(page, it, stored[it.subscription.id])
        looked.looked_at += len(stored[it.subscription.id])
        rate_terms(it, promised, lines)
        rated = rate_months(it, promised, used[it.subscription.id], lines)
        looked.counts = {"waiting": looked.counts.get("waiting", 0) + rated.waiting}
        doubted += [(lines, doubt) for doubt in rated.doubts]
        lines.name_what_is_left()
        every.append(lines)
    _settle(page, doubted)
    looked.faults = [fault for lines in every for fault in lines.faults]
    return looked


def _lines_of(page: Page, rented: Sequence[Rented]) -> dict[int, list[Line]]:
    """Will read the lines of the terms of a page, by the subscription whose terms they are."""
    whose = {term.id: it.subscription.id for it in rented for term in it.terms}
    found = defaultdict[int, list[Line]](list)
    for line in read(Line, SQL / "lines.sql", page.facts | {"terms": list(whose)}):
        found[whose[line.term_id]].append(line)
    return found


def _used_by(page: Page, rented: Sequence[Rented]) -> Mapping[int, Used]:
    """Will read what the months of a page that were billed have used, by subscription."""
    spans = [
        (it.subscription.id, month, days)
        for it in rented
        for month in months_billed(it)
        for _, days in spans_of(it, month)
    ]
    facts = {
        "subscriptions": [it for it, _, _ in spans],
        "first_days": [days.starts_on for _, _, days in spans],
        "end_days": [days.ends_on for _, _, days in spans],
        "counts": COUNTS,
    }
    used = defaultdict[int, Used](dict)
    for row in rows(SQL / "used.sql", page.facts | facts):
        subscription, month, days = spans[row["place"] - 1]
        by_day = used[subscription].setdefault((month, Service(row["service"])), {})
        by_day[days.starts_on] = row["quantity"]
    for subscription, month, units in _recipients(page, rented):
        used[subscription][month, Service.RECIPIENTS] = units
    return used


def _recipients(
    page: Page, rented: Sequence[Rented]
) -> Iterator[tuple[int, Period, dict[date, int]]]:
    """Will yield the new highs of each month of those who ever had recipients."""
    levels = defaultdict[int, list[Level]](list)
    ids = {"subscriptions": [it.subscription.id for it in rented]}
    for row in rows(SQL / "levels.sql", page.facts | ids):
        levels[row["subscription_id"]].append((row["on"], row["happened_at"], row["held"]))
    for it in rented:
        if (held := levels.get(it.subscription.id)) is not None:
            held.sort(key=_in_order)
            for month in months_billed(it):
                if units := _highs(held, month):
                    yield it.subscription.id, month, units


def _in_order(level: Level) -> tuple[date, bool, float, int]:
    """Will sort levels: of one day the last by the clock holds, without it the higher."""
    on, at, held = level
    return on, at is not None, at.timestamp() if at else 0.0, held


def _highs(held: Sequence[Level], month: Period) -> dict[date, int]:
    within = [(on, n) for on, _, n in held if on in month]
    earlier = [n for on, _, n in held if on < month.starts_on]
    anew = any(on == month.starts_on for on, _ in within)
    carried = earlier[-1] if earlier and not anew else 0
    return new_highs(within, carried=carried, starts_on=month.starts_on)


def _settle(page: Page, doubted: Sequence[tuple[Lines, Doubt]]) -> None:
    """Will hold lines that say other use than there is, which may have been entered since."""
    if not doubted:
        return
    doubts = [doubt for _, doubt in doubted]
    facts = {
        "subscriptions": [lines.rented.subscription.id for lines, _ in doubted],
        "services": [it.line.service for it in doubts],
        "first_days": [it.month.starts_on for it in doubts],
        "end_days": [it.month.ends_on for it in doubts],
        "instants": [it.since for it in doubts],
    }
    since = {row["place"] for row in rows(SQL / "entered_since.sql", page.facts | facts)}
    for place, (lines, doubt) in enumerate(doubted, 1):
        lines.hold(doubt.line, doubt.says if place in since else doubt.knows)
