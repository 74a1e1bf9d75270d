"""Months of the calendar, and what a report looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from postroom.base.periods import billing_date
from postroom.domain.operators.models import Operator

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Month:
    """A month of the calendar up to its last day; of the running one, up to today."""

    first_day: date
    last_day: date

    @property
    def day_before(self) -> date:
        """The last day of the month before."""
        return self.first_day - DAY


def months_up_to(on: date, count: int) -> tuple[Month, ...]:
    """Will return the running month and those before it, the earliest first."""
    firsts = [billing_date(on, ago, 1) for ago in range(1 - count, 2)]
    return tuple(Month(first, min(following - DAY, on)) for first, following in pairwise(firsts))


@dataclass(frozen=True)
class View:
    """What a report looks at: months, and of a location or a plan alone where one is given."""

    operator: Operator
    months: tuple[Month, ...]
    location_id: int | None = None
    plan_id: int | None = None

    @property
    def first_day(self) -> date:
        return self.months[0].first_day

    @property
    def last_day(self) -> date:
        return self.months[-1].last_day

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the statements take."""
        return {
            "operator": self.operator.pk,
            "location": self.location_id,
            "plan": self.plan_id,
            "first_days": [it.first_day for it in self.months],
            "last_day": self.last_day,
        }
