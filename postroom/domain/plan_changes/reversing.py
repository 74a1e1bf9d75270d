"""Taking a change back after it took effect: as a change of its own, previewed like any other."""

from datetime import date, datetime

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plan_changes.update import locked
from postroom.domain.plans.actions import keep_draft
from postroom.domain.plans.models import Draft, PlanVersion
from postroom.domain.plans.queries import all_standing_versions, latest_version, terms_of
from postroom.domain.plans.services import Timing
from postroom.domain.users.models import User


class NothingBefore(Refused):
    """There are no earlier terms of this plan to go back to."""


class MoveNotReversed(Refused):
    """A move to another plan is taken back by moving these customers again."""


@transaction.atomic
def propose(change: PlanChange, *, by: User, at: datetime) -> Draft:
    """Will draft the terms that stood before a change, for the question to be asked about them.

    Raises MoveNotReversed or NothingBefore.
    """
    if change.is_move:
        raise MoveNotReversed()
    plan = locked(change.plan)
    before = _before(change)
    return keep_draft(
        plan,
        terms=terms_of([before])[before.pk],
        changed_from=latest_version(plan).number,
        reason=f"Takes back version {change.version.number}.",
        reverses=change.version,
        by=by,
        at=at,
    )


def asked_at_first(draft: Draft, *, on: date) -> Asked:
    """Will return what a reversal asks unless somebody says otherwise: at once, and prorated."""
    return Asked(sold_from=on, existing_from=on, timing=Timing.ON_DATE)


def _before(change: PlanChange) -> PlanVersion:
    earlier = all_standing_versions().filter(
        plan_id=change.plan_id, number__lt=change.version.number
    )
    if (version := earlier.order_by("-number").first()) is None:
        raise NothingBefore()
    return version
