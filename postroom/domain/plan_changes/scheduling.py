"""YES: the change comes to existing customers too. Scheduled in one act, flat in their number."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.events.actions import record
from postroom.domain.notices.models import Announcement, Subject
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.drafts import both_terms, plan_of
from postroom.domain.plan_changes.grounds import Grounds, grounds_for, what_differs
from postroom.domain.plan_changes.groups import Group, members
from postroom.domain.plan_changes.groups import pack as pack_group
from postroom.domain.plan_changes.guards import rate_slips, refuse_slips, too_soon_slips
from postroom.domain.plan_changes.models import ChangeKind, PlanChange, Sheet
from postroom.domain.plan_changes.stopping import refuse_withdrawn, stop
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.models import Draft, Plan, PlanVersion
from postroom.domain.subscriptions.models import Chosen
from postroom.domain.users.models import User

#: What those who were told of a change read when it is edited.
ANOTHER_COMES = (
    "Another change takes its place. Before it starts for you, we write to you with what it means."
)


class DateInThePast(Refused):
    """Choose today or a later day."""


class SoldFromInThePast(DateInThePast):
    """Choose today or a later day."""

    field = "sold_from"


class ExistingFromInThePast(DateInThePast):
    """Choose today or a later day."""

    field = "existing_from"


class NobodyChosen(Refused):
    """Nobody on this plan is in the group that you chose."""

    field = "group"


class ShownOutdated(Refused):
    """The figures that you saw hold no more: {what}. Here are the new ones. Please look again."""

    def __init__(self, what: Collection[str]) -> None:
        """Will keep what differs, in words."""
        super().__init__(what=", ".join(what))
        self.what = what


@dataclass(frozen=True)
class Entry:
    """What a change is entered with, whatever its kind."""

    asked: Asked
    shown: Sheet
    words: str
    reason: str
    by: User | None
    at: datetime


@transaction.atomic
def schedule(
    draft: Draft,
    *,
    asked: Asked,
    seen: str,
    words: str = "",
    sure: Collection[str] = (),
    by: User,
    at: datetime,
    on: date,
) -> PlanChange:
    """Will publish the draft's terms with a day for new and a day for existing customers.

    ``seen`` is the fingerprint of the sheet that was shown; ``words`` the operator's own paragraph
    for the notices; ``sure`` the keys of the slips that somebody said yes to. Writes no row per
    customer, but for a chosen group. A draft that replaces a change stops that one first, and
    whoever was told of it is told so.

    Raises QuestionAnswered, DraftOutdated, SoldFromInThePast, ExistingFromInThePast, NobodyChosen,
    ChangeOver, ShownOutdated or LooksLikeASlip.
    """
    plan = plan_of(draft)
    refuse_past(asked, on=on)
    old, new = both_terms(draft)
    shown = refuse_unseen(grounds_for(plan, new, asked, on=on, besides=draft.replaces), seen)
    soon = too_soon_slips(plan, old, new, existing_from=asked.existing_from, on=on)
    refuse_slips([*rate_slips(old, new), *soon], sure)
    replaced = _stop_replaced(draft, by=by, at=at)
    version = publish_version(
        plan,
        terms=new,
        sold_from=asked.sold_from,
        existing_from=asked.existing_from,
        timing=asked.timing,
        for_chosen=asked.group is not None,
        by=by,
        at=at,
        reason=draft.reason,
    )
    if asked.group:
        choose(plan, version, asked.group, on=on)
    entry = Entry(asked, shown, words, draft.reason, by, at)
    change = enter(plan, version, entry, replaces=replaced, reverses=draft.reverses)
    draft.delete()
    return change


def refuse_past(asked: Asked, *, on: date) -> None:
    """Will raise SoldFromInThePast or ExistingFromInThePast for a day before ``on``."""
    if asked.sold_from < on:
        raise SoldFromInThePast()
    if asked.existing_from < on:
        raise ExistingFromInThePast()


def refuse_unseen(grounds: Grounds, seen: str) -> Sheet:
    """Will return the sheet that was shown of just these grounds, or raise ShownOutdated."""
    if grounds.fingerprint != seen:
        raise ShownOutdated(what_differs(seen, grounds.fingerprint))
    sheets = Sheet.objects.filter(plan=grounds.plan, fingerprint=seen, change=None)
    if (sheet := sheets.first()) is None:
        raise ShownOutdated(["they are more than a day old"])
    return sheet


def choose(plan: Plan, version: PlanVersion, group: Group, *, on: date) -> None:
    """Will write for whom a version is that is for chosen customers alone. Raises NobodyChosen."""
    chosen = list(members(plan, group, on=on))
    if not chosen:
        raise NobodyChosen()
    own = {"operator_id": plan.operator_id, "version": version}
    Chosen.objects.bulk_create((Chosen(**own, subscription_id=it) for it in chosen), 1000)


def enter(
    plan: Plan,
    version: PlanVersion,
    entry: Entry,
    *,
    kind: ChangeKind = ChangeKind.TERMS,
    replaces: PlanChange | None = None,
    reverses: PlanVersion | None = None,
) -> PlanChange:
    """Will enter a change of a plan, and that its customers are told of it."""
    asked, own = entry.asked, {"operator_id": plan.operator_id, "plan": plan, "version": version}
    announcement = Announcement.objects.create(
        **own,
        subject=Subject.MOVE if kind == ChangeKind.MOVE else Subject.CHANGE,
        existing_from=asked.existing_from,
        words=entry.words,
        by=entry.by,
        at=entry.at,
    )
    change = PlanChange.objects.create(
        **own,
        kind=kind,
        announcement=announcement,
        existing_from=asked.existing_from,
        revision=replaces.revision + 1 if replaces else 1,
        replaces=replaces,
        reverses=reverses,
        reason=entry.reason,
        group=pack_group(asked.group) if asked.group else {},
        fingerprint=entry.shown.fingerprint,
        shown=entry.shown.sums,
        scheduled_by=entry.by,
        scheduled_at=entry.at,
        written_to=0 if kind == ChangeKind.MOVE else None,
    )
    _record(change, entry)
    return change


def _record(change: PlanChange, entry: Entry) -> None:
    facts = {
        "version": change.version.number,
        "plan": change.version.plan.name,
        "existing_from": change.existing_from.isoformat(),
        "timing": entry.asked.timing.value,
        "revision": change.revision,
    }
    record("change.scheduled", change, by=entry.by, at=entry.at, facts=facts)
    if change.is_move:
        record("plan.move_scheduled", change.plan, by=entry.by, at=entry.at, facts=facts)


def _stop_replaced(draft: Draft, *, by: User, at: datetime) -> PlanChange | None:
    if draft.replaces is None:
        return None
    replaced = PlanChange.objects.select_for_update(of=("self",)).get(
        version=draft.replaces, kind=ChangeKind.TERMS
    )
    refuse_withdrawn(replaced)
    stop(replaced, reason="Edited", tell=True, words=ANOTHER_COMES, by=by, at=at)
    return replaced
