"""Saying yes as a person does: after a look at what the change does."""

from collections.abc import Collection
from datetime import date, datetime

from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plan_changes.previews import preview
from postroom.domain.plan_changes.scheduling import schedule
from postroom.domain.plans.models import Draft
from postroom.domain.users.models import User


class Anything(set[str]):
    """Says yes to every slip."""

    def __contains__(self, key: object) -> bool:
        return True


def say_yes(
    draft: Draft,
    *,
    sold_from: date,
    existing_from: date,
    by: User,
    at: datetime,
    on: date,
    sure: Collection[str] = (),
) -> PlanChange:
    """Will schedule a change for everybody, at each one's next renewal."""
    asked = Asked(sold_from, existing_from)
    sheet = preview(draft, asked, by=by, at=at, on=on, anew=True)
    return schedule(draft, asked=asked, seen=sheet.fingerprint, sure=sure, by=by, at=at, on=on)
