"""Previews: one kept to each person and plan, to page and to sort, and thrown away after a day."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.asking import unpack as unpack_asked
from postroom.domain.plan_changes.grounds import Grounds, grounds_for, grounds_for_move
from postroom.domain.plan_changes.models import Sheet, SheetRow
from postroom.domain.plan_changes.scheduling import refuse_past
from postroom.domain.plan_changes.sheets import work_out
from postroom.domain.plans.models import Draft, Plan, PlanVersion
from postroom.domain.plans.terms import unpack as unpack_terms
from postroom.domain.users.models import User

#: So long a preview serves again, where nothing that it was worked out from has changed.
FRESH = timedelta(minutes=10)
#: So long sheets are kept at all.
KEPT = timedelta(days=1)


def preview(
    draft: Draft, asked: Asked, *, by: User, at: datetime, on: date, anew: bool = False
) -> Sheet:
    """Will return what a draft's terms would do: as worked out a moment ago, or ``anew``.

    Raises SoldFromInThePast or ExistingFromInThePast.
    """
    refuse_past(asked, on=on)
    new = unpack_terms(draft.terms)
    grounds = grounds_for(draft.plan, new, asked, on=on, besides=draft.replaces)
    return _kept(grounds, by=by, at=at, anew=anew)


def preview_of_move(
    plan: Plan,
    version: PlanVersion,
    asked: Asked,
    *,
    by: User,
    at: datetime,
    on: date,
    anew: bool = False,
) -> Sheet:
    """Will return what moving a plan's customers to a version of another would do."""
    return _kept(grounds_for_move(plan, version, asked, on=on), by=by, at=at, anew=anew)


@transaction.atomic
def _kept(grounds: Grounds, *, by: User, at: datetime, anew: bool) -> Sheet:
    """Will return a sheet of these grounds: a person's earlier one of the plan makes way for it.

    What is older than a day goes.
    """
    own = Sheet.objects.filter(plan=grounds.plan, change=None, by=by)
    fresh = own.filter(fingerprint=grounds.fingerprint, at__gt=at - FRESH)
    if not anew and (kept := fresh.first()):
        return kept
    throw_away(own)
    throw_away(Sheet.objects.filter(at__lt=at - KEPT))
    return work_out(grounds, by=by, at=at)


def throw_away(sheets: QuerySet[Sheet]) -> None:
    """Will throw sheets away with their lines. What was scheduled by them keeps its sums."""
    ids = list(sheets.values_list("pk", flat=True))
    if ids:
        SheetRow.objects.filter(sheet__in=ids).delete()
        Sheet.objects.filter(pk__in=ids).delete()


def asked_before(draft: Draft, *, by: User, on: date) -> Asked | None:
    """Will return what a person asked last of these terms, today."""
    own = Sheet.objects.filter(plan=draft.plan, change=None, by=by, on=on, at__gte=draft.at)
    sheet = own.first()
    return unpack_asked(sheet.asked) if sheet else None
