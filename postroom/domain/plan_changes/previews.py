"""Previews: one kept to each person and plan, to page and to sort, and thrown away after a day."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.asking import unpack as unpack_asked
from postroom.domain.plan_changes.grounds import grounds_for
from postroom.domain.plan_changes.models import Sheet, SheetRow
from postroom.domain.plan_changes.scheduling import refuse_past
from postroom.domain.plan_changes.sheets import work_out
from postroom.domain.plans.models import Draft
from postroom.domain.plans.terms import unpack as unpack_terms
from postroom.domain.users.models import User

#: So long a preview serves again, where nothing that it was worked out from has changed.
FRESH = timedelta(minutes=10)
#: So long sheets are kept at all.
KEPT = timedelta(days=1)


@transaction.atomic
def preview(
    draft: Draft, asked: Asked, *, by: User, at: datetime, on: date, anew: bool = False
) -> Sheet:
    """Will return what a draft's terms would do: as worked out a moment ago, or ``anew``.

    A person's earlier preview of the plan makes way for it, and what is older than a day goes.
    Raises SoldFromInThePast or ExistingFromInThePast.
    """
    refuse_past(asked, on=on)
    new = unpack_terms(draft.terms)
    grounds = grounds_for(draft.plan, new, asked, on=on, besides=draft.replaces)
    own = Sheet.objects.filter(plan=draft.plan, change=None, by=by)
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
