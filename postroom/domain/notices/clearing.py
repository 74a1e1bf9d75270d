"""What being told clears, notice by notice, and what takes that back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from postroom.base.periods import local_day
from postroom.domain.notices.models import Notice, NoticeClearance, NoticeRule
from postroom.domain.notices.rules import places_of, rules_in_force
from postroom.domain.notices.windows import Place, cleared, that_apply
from postroom.domain.subscriptions.models import Clearance, ClearanceVoid, Means
from postroom.domain.users.models import User

#: What a notice comes with to be cleared.
WITH = ("announcement", "subscription__mailbox__location", "subscription__customer")


@dataclass
class RuleBook:
    """The rules in force on a day, read once for each day, and what they come to where."""

    days: dict[date, list[NoticeRule]] = field(default_factory=dict)
    known: dict[tuple[object, ...], tuple[date, date | None]] = field(default_factory=dict)

    def cleared(self, day: date, places: Sequence[Place]) -> tuple[date, date | None]:
        """Will return the first and last first day that telling on a day clears."""
        key = day, *places
        if key not in self.known:
            if day not in self.days:
                self.days[day] = rules_in_force(on=day)
            self.known[key] = cleared(day, that_apply([it.rule for it in self.days[day]], places))
        return self.known[key]


@dataclass(frozen=True)
class Told:
    """How somebody was told: by what means, by whom, and the words for it."""

    means: Means
    told_by: str
    reason: str
    by: User | None
    at: datetime
    #: The local day of telling; None is that of the instant, where each mailbox is.
    on: date | None = None


def day_at(notice: Notice, at: datetime) -> date:
    """Will return the day of an instant where a notice's mailbox is."""
    return local_day(at, notice.subscription.mailbox.location.time_zone)


def clear(notices: Iterable[Notice], told: Told, *, rules: RuleBook) -> list[Clearance]:
    """Will write the clearance of each gating notice, for the first days that the rules allow.

    ``notices`` come with ``WITH``. Where telling on that day is in no window, none is written.
    """
    pairs = [(it, new) for it in notices if it.gates and (new := _clearance(it, told, rules))]
    made = Clearance.objects.bulk_create(clearance for _, clearance in pairs)
    NoticeClearance.objects.bulk_create(
        NoticeClearance(operator_id=it.operator_id, notice=it, clearance=clearance)
        for (it, _), clearance in zip(pairs, made, strict=True)
    )
    return made


def _clearance(notice: Notice, told: Told, rules: RuleBook) -> Clearance | None:
    on = told.on or day_at(notice, told.at)
    first_day, last_day = rules.cleared(on, places_of(notice.subscription))
    first_day = max(first_day, notice.first_day)
    if last_day is not None and last_day < first_day:
        return None
    return Clearance(
        operator_id=notice.operator_id,
        subscription=notice.subscription,
        version_id=notice.announcement.version_id,
        told_on=on,
        means=told.means,
        first_day=first_day,
        last_day=last_day,
        told_by=told.told_by[:120],
        reason=told.reason[:300],
        recorded_by=told.by,
        recorded_at=told.at,
    )


def take_back(
    envelopes: Sequence[int],
    *,
    reason: str,
    by: User | None,
    at: datetime,
    recorded_at: datetime | None = None,
) -> int:
    """Will void what the notices in some envelopes brought; returns how many clearances.

    With ``recorded_at`` alone those recorded at that instant.
    """
    void = ClearanceVoid.objects.filter(clearance=OuterRef("clearance"))
    found = NoticeClearance.objects.filter(~Exists(void), notice__envelope__in=envelopes)
    if recorded_at is not None:
        found = found.filter(clearance__recorded_at=recorded_at)
    made = ClearanceVoid.objects.bulk_create(
        ClearanceVoid(
            operator_id=it.operator_id,
            clearance_id=it.clearance_id,
            reason=reason[:300],
            by=by,
            at=at,
        )
        for it in found
    )
    return len(made)
