"""Where a plan's customers are, and what the rules on notice come to in each of those places."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from postroom.base.sql import rows
from postroom.domain.notices.models import NoticeRule
from postroom.domain.notices.windows import Place, Rule, cleared, that_apply, window
from postroom.domain.plans.models import Plan

SQL = Path(__file__).parent / "sql"

#: As far ahead as anybody's next renewal but one may lie.
HORIZON = timedelta(days=800)


@dataclass(frozen=True)
class Whereabouts:
    """A location and a customer's address, with the rules of both."""

    number: int
    location_id: int
    country: str
    state: str
    rules: tuple[Rule, ...]

    @property
    def least(self) -> int:
        """The fewest calendar days ahead; working days are asked day by day."""
        return max(it.least for it in self.rules if not it.working)

    @property
    def most(self) -> int | None:
        return min((it.most for it in self.rules if it.most is not None), default=None)

    @property
    def in_working_days(self) -> bool:
        return any(it.working for it in self.rules)

    def lawful_from(self, *, on: date) -> date:
        """Will return the earliest first day for which telling on a day is not too late."""
        return cleared(on, self.rules)[0]

    def facts(self, *, on: date) -> dict[str, Any]:
        """Will return it as a statement takes it."""
        return {
            "place": self.number,
            "location_id": self.location_id,
            "country": self.country,
            "state": self.state,
            "least": self.least,
            "most": self.most,
            "lawful_from": self.lawful_from(on=on).isoformat(),
        }

    def closes(self, *, on: date) -> list[dict[str, Any]]:
        """Will return the last day of telling for each first day ahead, where it needs a look."""
        if not self.in_working_days:
            return []
        days = (on + timedelta(days=it) for it in range(HORIZON.days))
        return [
            {
                "place": self.number,
                "first_day": day.isoformat(),
                "closes_on": window(day, self.rules).closes_on.isoformat(),
            }
            for day in days
        ]


def places_of(
    plan: Plan, rules: Sequence[NoticeRule], *, on: date, besides: Collection[int] = ()
) -> list[Whereabouts]:
    """Will return where the customers are whose subscriptions to a plan are open on a day.

    And those of some subscriptions ``besides``.
    """
    asked = {
        "operator": plan.operator_id,
        "plan": plan.pk,
        "on": on,
        "besides": list(besides),
    }
    in_days = [it.rule for it in rules]
    return [
        Whereabouts(
            number,
            it["location_id"],
            it["country"],
            it["state"],
            tuple(
                that_apply(
                    in_days,
                    [
                        Place(it["location_country"], it["location_state"]),
                        Place(it["country"], it["state"]),
                    ],
                )
            ),
        )
        for number, it in enumerate(rows(SQL / "places.sql", asked))
    ]
