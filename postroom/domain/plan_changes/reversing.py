"""Taking a change back after it took effect: as a change of its own, previewed like any other."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.plan_changes.asking import Asked, asked_of
from postroom.domain.plan_changes.models import ChangeKind, PlanChange
from postroom.domain.plan_changes.update import locked
from postroom.domain.plans.actions import keep_draft
from postroom.domain.plans.models import Draft, PlanVersion
from postroom.domain.plans.queries import all_standing_versions, latest_version, terms_of
from postroom.domain.plans.services import Timing
from postroom.domain.plans.terms import Terms
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


def asked_at_first(draft: Draft, *, on: date) -> Asked | None:
    """Will return what is asked of a draft unless somebody says otherwise, where that is known.

    What takes a change back comes at once, and prorated; what edits one, as that one would.
    """
    if draft.reverses is not None:
        return Asked(sold_from=on, existing_from=on, timing=Timing.ON_DATE)
    if draft.replaces is None:
        return None
    asked = asked_of(PlanChange.objects.get(version=draft.replaces, kind=ChangeKind.TERMS))
    return replace(
        asked,
        sold_from=max(on, asked.sold_from),
        existing_from=max(on, asked.existing_from),
    )


def terms_before(change: PlanChange) -> Terms | None:
    """Will return the terms that stood before a change; of a move, those of the plan it is from."""
    if change.is_move:
        before = latest_version(change.plan)
        return terms_of([before])[before.pk]
    try:
        version = _before(change)
    except NothingBefore:
        return None
    return terms_of([version])[version.pk]


def _before(change: PlanChange) -> PlanVersion:
    earlier = all_standing_versions().filter(
        plan_id=change.plan_id, number__lt=change.version.number
    )
    if (version := earlier.order_by("-number").first()) is None:
        raise NothingBefore()
    return version
