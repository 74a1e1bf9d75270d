"""The one rule as a pure function: the twin of ``version_for`` in ``sql/the_one_rule.sql``.

It previews, explains and checks; the SQL is the one that opens terms. A property test holds the
two equal.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from postroom.domain.plans.terms import Terms, is_worse


@dataclass(frozen=True)
class Candidate:
    """A published version as the rule sees it."""

    number: int
    terms: Terms
    existing_from: date | None
    withdrawn: bool = False


@dataclass(frozen=True)
class Told:
    """A clearance: told of version ``number``, for terms whose first day lies in these days."""

    number: int
    first_day: date
    last_day: date | None = None
    void: bool = False


@dataclass(frozen=True)
class Holding:
    """What a customer has: a version, terms of so many months, and what protects him."""

    number: int
    months: int
    pinned: bool = False
    locked_until: date | None = None
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
        and holding.months in version.terms.rates
        and not holding.pinned
        and _may_be_given(holding, held, version, known, on)
    ]
    return max(allowed, default=holding.number)


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
        and told.first_day <= on
        and (told.last_day is None or on <= told.last_day)
        and (
            told.number == version.number
            or not is_worse(known[told.number].terms, version.terms, holding.months)
        )
        for told in holding.told
    )
