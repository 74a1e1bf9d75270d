"""A customer's own last months, rated again under other terms by the steps of the billing run."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from postroom.base.money import round_half_away
from postroom.base.sql import changed, rows
from postroom.domain.billing.run import SQL as BILLING
from postroom.domain.billing.run import open_drafts
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.queries import COUNTS

SQL = Path(__file__).parent / "sql"

#: So many of the last whole months are rated again.
MONTHS_BACK = 12


@dataclass(frozen=True)
class Rated:
    """A whole month of allowances, half-open, with the extras of its real usage under a version."""

    starts_on: date
    ends_on: date
    extras_minor: int
    #: What was used and the version does not offer.
    not_offered: tuple[Service, ...] = ()


@dataclass(frozen=True)
class Month:
    """A month in minor units: mine and theirs, each with a month's share of the rate."""

    starts_on: date
    mine_minor: int
    theirs_minor: int

    @property
    def difference_minor(self) -> int:
        """What theirs would have cost more; below zero, less."""
        return self.theirs_minor - self.mine_minor


@dataclass(frozen=True)
class Compared:
    """My last months under my terms and under others, the earliest first."""

    months: Sequence[Month]
    #: What a month would have cost more on the average; below zero, less.
    average_minor: int
    not_offered: Sequence[Service]


def last_months(
    subscription: Subscription, versions: Collection[int]
) -> Mapping[int, Sequence[Rated]]:
    """Will rate the last whole months of a subscription under each of these versions.

    In a fixed number of statements, by the run's own steps, in scratch that only this transaction
    sees. Without a whole month, which ends before the running one, there is nothing.
    """
    facts = {
        "operator": subscription.operator_id,
        "subscriptions": [subscription.pk],
        "counts": COUNTS,
        "back": MONTHS_BACK,
        "versions": list(versions),
    }
    open_drafts()
    changed(SQL / "look_back.sql", facts)
    for step in ("months", "spans", "used_by_span"):
        changed(BILLING / f"{step}.sql", facts)
    found: dict[int, list[Rated]] = {version: [] for version in versions}
    for row in rows(SQL / "months_under.sql", facts):
        missing = tuple(Service(it) for it in row["not_offered"])
        month = Rated(row["starts_on"], row["ends_on"], row["extras_minor"], missing)
        found[row["version_id"]].append(month)
    return found


def compare(
    mine: Sequence[Rated],
    theirs: Sequence[Rated],
    *,
    my_rate: tuple[int, int],
    their_rate: tuple[int, int],
) -> Compared | None:
    """Will set the same months under two sets of terms side by side; None without a month.

    A rate is an amount with the months that it is for: each month bears its share.
    """
    if not mine:
        return None
    of_mine, of_theirs = Fraction(*my_rate), Fraction(*their_rate)
    months = [
        Month(
            my.starts_on,
            my.extras_minor + round_half_away(of_mine),
            its.extras_minor + round_half_away(of_theirs),
        )
        for my, its in zip(mine, theirs, strict=True)
    ]
    extras = sum(it.extras_minor for it in theirs) - sum(it.extras_minor for it in mine)
    average = of_theirs - of_mine + Fraction(extras, len(mine))
    missing = dict.fromkeys(service for it in theirs for service in it.not_offered)
    return Compared(months, round_half_away(average), list(missing))
