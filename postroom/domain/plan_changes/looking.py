"""Looking at changes: which there are, how far each has come, and what it does now."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from postroom.base.sql import rows
from postroom.domain.notices.models import Announcement, Envelope, EnvelopeState, Subject
from postroom.domain.plan_changes.asking import asked_of
from postroom.domain.plan_changes.grounds import grounds_of
from postroom.domain.plan_changes.models import ChangeKind, Outcome, PlanChange, Sheet, SheetRow
from postroom.domain.plan_changes.previews import throw_away
from postroom.domain.plan_changes.sheets import work_out
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Basis, Subscription, Term
from postroom.domain.subscriptions.queries import open_on
from postroom.domain.users.models import User

SQL = Path(__file__).parent / "sql"

#: So long a change that is in force counts as under way: a month reaches whoever pays monthly, a
#: year whoever has paid ahead.
A_MONTH, A_YEAR = timedelta(days=31), timedelta(days=366)
#: Notices that do not go out by themselves.
STUCK = {EnvelopeState.TO_PRINT, EnvelopeState.BOUNCED}
#: So long a look serves again, for each thousand customers.
FRESH = timedelta(seconds=10)
#: So long a look is kept, for somebody who pages through it while others look again.
KEPT = timedelta(minutes=10)


class Stage(Enum):
    """How far a change has come."""

    SCHEDULED = "Scheduled"
    ANNOUNCED = "Being announced"
    IN_FORCE = "In force"
    WITHDRAWN = "Withdrawn"
    EDITED = "Edited"


@dataclass(frozen=True)
class Happening:
    """What happened on a day to so many customers."""

    on: date
    what: str
    customers: int


def changes_of(plan: Plan) -> QuerySet[PlanChange]:
    """Will return a plan's changes and the moves to it, the newest first, for ``stage_of``."""
    return changes_staged().filter(Q(plan=plan) | Q(kind=ChangeKind.MOVE, version__plan=plan))


def under_way(*, on: date) -> QuerySet[PlanChange]:
    """Will return the changes that somebody may still be waiting for, the newest first."""
    paid_ahead = open_on(on).filter(
        ~Q(version=OuterRef("version")), plan=OuterRef("plan"), months__gt=1
    )
    recent = Q(existing_from__gte=on - A_MONTH)
    waited_for = Q(existing_from__gte=on - A_YEAR) & Exists(paid_ahead)
    return changes_staged().filter(recent | waited_for, withdrawn_at=None)


def stage_of(change: PlanChange, *, on: date) -> Stage:
    """Will tell how far a change has come by a day of the operator's."""
    if change.withdrawn_at is not None:
        return Stage.EDITED if change.was_edited else Stage.WITHDRAWN  # type: ignore[attr-defined]
    if change.existing_from <= on:
        return Stage.IN_FORCE
    return Stage.ANNOUNCED if change.is_told else Stage.SCHEDULED  # type: ignore[attr-defined]


def look_again(
    change: PlanChange, *, by: User | None, at: datetime, on: date, anew: bool = False
) -> Sheet:
    """Will return what a change under way does for everybody, as of a moment ago or ``anew``.

    The more customers there are, the longer a look serves, however often somebody reloads; even
    ``anew``, two looks are at least ``FRESH`` apart.
    """
    with transaction.atomic():
        # Two who look at once share one look.
        PlanChange.objects.select_for_update(no_key=True, of=("self",)).get(pk=change.pk)
        looks = Sheet.objects.filter(change=change).order_by("-id")
        last = looks.first()
        if last and last.on == on and at - last.at < (FRESH if anew else _fresh(last)):
            return last
        throw_away(looks.filter(at__lt=at - KEPT))
        return work_out(grounds_of(change, asked_of(change), on=on), by=by, at=at)


def forget_looks(change: PlanChange) -> None:
    """Will throw the looks at a change away, since somebody changed what they say."""
    throw_away(Sheet.objects.filter(change=change))


def having(sheet: Sheet) -> int:
    """Will count those who have what a look is about already."""
    reached = SheetRow.objects.filter(sheet=sheet, outcome=Outcome.CHANGED)
    return reached.filter(first_day__lte=sheet.on).count()


def can_be_taken_back(change: PlanChange) -> bool:
    """Will tell whether new terms came into force for anybody, so that they can be taken back."""
    given = Term.objects.filter(version=change.version, basis__in=[Basis.RENEWED, Basis.ON_DATE])
    return not change.is_move and given.exists()


def joined_and_left(change: PlanChange, *, customers: int) -> tuple[int, int]:
    """Will count who came to a change's plan since it was scheduled, and who left it.

    ``customers`` are those that a look found on it.
    """
    since = Subscription.objects.filter(plan=change.plan, added_at__gt=change.scheduled_at)
    joined = since.filter(closes_on=None).count()
    then = int(change.shown.get("customers", customers))
    return joined, max(0, then + joined - customers)


def envelopes_by_state(change: PlanChange) -> Mapping[EnvelopeState, int]:
    """Will count the envelopes of a change by how far they have come."""
    found = Envelope.objects.filter(announcement=change.announcement).order_by()
    counted = found.values_list("state").annotate(Count("pk"))
    return {EnvelopeState(state): count for state, count in counted}


def stuck_notices(changes: Collection[PlanChange]) -> Mapping[int, int]:
    """Will count, by announcement, the notices of changes that need somebody's hand."""
    found = Envelope.objects.filter(
        announcement__in=[it.announcement_id for it in changes], state__in=STUCK
    )
    return dict(found.order_by().values_list("announcement").annotate(Count("pk")))


def correction_of(change: PlanChange) -> Announcement | None:
    """Will return what those were told who were told of a change that does not come."""
    later = Announcement.objects.filter(subject=Subject.CORRECTION, version=change.version)
    return later.filter(pk__gt=change.announcement_id).first()


def timeline(change: PlanChange) -> list[Happening]:
    """Will return what a change did to its customers, day by day, the latest first."""
    facts = {
        "operator": change.operator_id,
        "announcement": change.announcement_id,
        "version": change.version_id,
        "is_move": change.is_move,
        "scheduled_at": change.scheduled_at,
        "zone": change.operator.time_zone,
    }
    return [Happening(**it) for it in rows(SQL / "timeline.sql", facts)]


def _fresh(sheet: Sheet) -> timedelta:
    return FRESH * max(1, int(sheet.sums.get("customers", 0)) // 1_000)


def changes_staged() -> QuerySet[PlanChange]:
    """Will return changes with what ``stage_of`` and a page of one need."""
    edited = PlanChange.objects.filter(replaces=OuterRef("pk"))
    told = Envelope.objects.filter(announcement=OuterRef("announcement"))
    found = PlanChange.objects.annotate(was_edited=Exists(edited), is_told=Exists(told))
    return found.select_related("plan", "version__plan", "announcement", "operator", "replaces")
