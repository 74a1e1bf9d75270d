"""The numbers of one customer's notice, as plain values: what is written, and kept as evidence.

``pack`` makes them plain JSON for ``Notice.facts``; ``unpack`` is its inverse. Amounts are minor
units of the operator's currency, before tax.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from postroom.domain.plans import terms as plan_terms
from postroom.domain.plans.services import Service
from postroom.domain.plans.terms import Terms


@dataclass(frozen=True)
class Used:
    """What the last whole month used of a service, and what its extras cost before and after."""

    service: Service
    used: int
    before_minor: int
    after_minor: int


@dataclass(frozen=True)
class LastMonth:
    """The customer's own last whole month of allowances, half-open, rated again."""

    starts_on: date
    ends_on: date
    used: tuple[Used, ...] = ()

    @property
    def before_minor(self) -> int:
        return sum(it.before_minor for it in self.used)

    @property
    def after_minor(self) -> int:
        return sum(it.after_minor for it in self.used)


@dataclass(frozen=True)
class Facts:
    """What changes for one subscription."""

    mailbox: str
    location: str
    plan: str
    #: The plan that they get; another one only where they are moved.
    new_plan: str
    months: int
    old: Terms
    new: Terms
    #: None in a message.
    first_day: date | None
    #: Whether the first day may lie inside a term, prorated.
    on_date: bool = False
    worse: bool = False
    last_month: LastMonth | None = None

    @property
    def rates(self) -> tuple[int, int]:
        """The rate of a term before and after."""
        return self.old.rates[self.months], self.new.rates[self.months]


def pack(facts: Facts) -> dict[str, Any]:
    """Will turn a notice's numbers into plain JSON."""
    month = facts.last_month
    return {
        **vars(facts),
        "old": plan_terms.pack(facts.old),
        "new": plan_terms.pack(facts.new),
        "first_day": facts.first_day.isoformat() if facts.first_day else None,
        "last_month": month
        and {
            "starts_on": month.starts_on.isoformat(),
            "ends_on": month.ends_on.isoformat(),
            "used": [vars(it) | {"service": it.service.value} for it in month.used],
        },
    }


def unpack(packed: Mapping[str, Any]) -> Facts:
    """Will turn what ``pack`` made back into a notice's numbers."""
    first_day, month = packed["first_day"], packed["last_month"]
    facts = Facts(**{**packed, "old": plan_terms.unpack(packed["old"])})
    return replace(
        facts,
        new=plan_terms.unpack(packed["new"]),
        first_day=date.fromisoformat(first_day) if first_day else None,
        last_month=month
        and LastMonth(
            date.fromisoformat(month["starts_on"]),
            date.fromisoformat(month["ends_on"]),
            tuple(Used(**{**it, "service": Service(it["service"])}) for it in month["used"]),
        ),
    )
