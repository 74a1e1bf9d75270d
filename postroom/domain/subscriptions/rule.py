"""The one rule, and the one on moves, as pure functions: the twins of ``sql/the_one_rule.sql``.

They preview, explain and check; the SQL is what opens terms. A property test holds each two
equal.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from postroom.domain.plans.services import Timing
from postroom.domain.plans.terms import Terms, is_worse


@dataclass(frozen=True)
class Candidate:
    """A published version as the rule sees it."""

    number: int
    terms: Terms
    existing_from: date | None
    withdrawn: bool = False
    #: Whether it is for chosen customers alone.
    for_chosen: bool = False
    timing: Timing = Timing.NEXT_TERM


@dataclass(frozen=True)
class Told:
    """A clearance: told of version ``number``, for terms whose first day lies in these days."""

    number: int
    first_day: date
    last_day: date | None = None
    void: bool = False


@dataclass(frozen=True)
class Holding:
    """What a customer has: a version, terms of so many months, and what protects him.

    Of several price locks, the latest.
    """

    number: int
    months: int
    pinned: bool = False
    locked_until: date | None = None
    #: The numbers of the versions for chosen customers that are for this one.
    chosen: Collection[int] = ()
    told: Collection[Told] = ()


def version_for(holding: Holding, versions: Collection[Candidate], *, on: date) -> int:
    """Will return the number of the version that a term starting on ``on`` opens under."""
    known = {version.number: version for version in versions}
    held = known[holding.number]
    allowed = [
        version.number
        for version in versions
        if version.number > holding.number
        and not version.withdrawn
        and version.existing_from is not None
        and version.existing_from <= on
        and (not version.for_chosen or version.number in holding.chosen)
        and holding.months in version.terms.rates
        and not holding.pinned
        and _may_be_given(holding, held, version, known, on)
    ]
    return max(allowed, default=holding.number)


def move_is_met(
    holding: Holding, held: Candidate, to: int, versions: Collection[Candidate], *, on: date
) -> bool:
    """Will tell whether the operator's move to another plan takes effect with a term.

    One that starts on ``on``, not before the move's day. ``versions`` are that plan's, ``to`` the
    number of the one they move to, and ``holding.told`` what they were told of that plan.
    """
    known = {version.number: version for version in versions}
    target = known[to]
    return (
        not target.withdrawn
        and holding.months in target.terms.rates
        and not holding.pinned
        and _may_be_given(holding, held, target, known, on)
    )


def _may_be_given(
    holding: Holding,
    held: Candidate,
    version: Candidate,
    known: dict[int, Candidate],
    on: date,
) -> bool:
    if not is_worse(held.terms, version.terms, holding.months):
        return True
    locked = holding.locked_until is not None and on < holding.locked_until
    return not locked and any(
        not told.void
        and not known[told.number].withdrawn
        and told.first_day <= on
        and (told.last_day is None or on <= told.last_day)
        and (
            told.number == version.number
            or not is_worse(known[told.number].terms, version.terms, holding.months)
        )
        for told in holding.told
    )


def split_day(
    holding: Holding, versions: Collection[Candidate], *, after: date, before: date
) -> date | None:
    """Will return the day inside a term on which a version takes over on its date, if any does.

    The first day later than ``after``, the first day of the term, and earlier than ``before``, its
    end, on which the rule gives another version than the held one, with that timing. Terms
    longer than a month are never split.
    """
    if holding.months != 1:
        return None
    on_date = {it.number for it in versions if it.timing is Timing.ON_DATE} - {holding.number}
    turns = {it for it in _turns(holding, versions, after) if after < it < before}
    return next(
        (day for day in sorted(turns) if version_for(holding, versions, on=day) in on_date), None
    )


def _turns(holding: Holding, versions: Collection[Candidate], after: date) -> Iterator[date]:
    """Will yield the days on which the rule may give something else than on the day before.

    And the day after ``after``, for what was so already when the term began under less.
    """
    day = timedelta(days=1)
    yield after + day
    for version in versions:
        if version.existing_from is not None:
            yield version.existing_from
    for told in holding.told:
        yield told.first_day
        if told.last_day is not None:
            yield told.last_day + day
    if holding.locked_until is not None:
        yield holding.locked_until
