"""Update: words and visibility save at once; terms too while nobody is on the plan."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.events.models import Event
from postroom.domain.events.queries import events_of
from postroom.domain.plan_changes.guards import rate_slips, refuse_slips
from postroom.domain.plans.actions import (
    RateMissing,
    Words,
    keep_draft,
    publish_version,
    save_words,
)
from postroom.domain.plans.models import Draft, Plan, PlanVersion
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.plans.terms import Terms, differences
from postroom.domain.subscriptions.queries import open_on
from postroom.domain.users.models import User


class PlanChangedMeanwhile(Refused):
    """Somebody else saved this plan while you had it open. What you typed is still here."""

    def __init__(self, since: list[Event]) -> None:
        """Will keep the saves of words since the page was opened, newest first, to be shown."""
        super().__init__()
        self.since = since


@dataclass(frozen=True)
class Seen:
    """What the plan was when its form was opened: counts of its saves and of its versions."""

    revision: int
    version: int
    #: The id of the draft whose terms the form showed.
    draft: int = 0


@dataclass(frozen=True)
class Updated:
    """What an Update did: words saved, a version published, or terms that wait for an answer."""

    words: dict[str, list[Any]] = field(default_factory=dict)
    version: PlanVersion | None = None
    #: Set when somebody is on the plan: the question must be answered first.
    question: Draft | None = None


@transaction.atomic
def update(
    plan: Plan,
    *,
    words: Words,
    terms: Terms,
    seen: Seen,
    by: User,
    at: datetime,
    on: date,
    reason: str = "",
    sure: Collection[str] | None = (),
) -> Updated:
    """Will save a plan's words and visibility, and its terms or the question about them.

    ``on`` is the operator's local day, from which changed terms are sold where nobody is on the
    plan. ``sure`` are the keys of the slips that somebody said yes to; None where all was shown
    before. Raises PlanChangedMeanwhile, RateMissing, LooksLikeASlip, NameMissing or NameTaken;
    then nothing is saved.
    """
    plan = locked(plan)
    latest = latest_version(plan)
    if (plan.revision, latest.number) != (seen.revision, seen.version):
        raise PlanChangedMeanwhile(since=_words_saved_since(plan, seen))
    if not terms.rates:
        raise RateMissing()
    changes = save_words(plan, words=words, by=by, at=at)
    old, waiting = terms_of([latest])[latest.pk], _waiting(plan, seen, by)
    if not differences(old, terms) and waiting is None:
        return Updated(words=changes)
    if somebody_is_on(plan, on=on):
        draft = keep_draft(
            plan,
            terms=terms,
            changed_from=latest.number,
            reason=reason,
            replaces=waiting.replaces if waiting else None,
            reverses=waiting.reverses if waiting else None,
            by=by,
            at=at,
        )
        return Updated(words=changes, question=draft)
    if sure is not None:
        refuse_slips(rate_slips(old, terms), sure)
    version = publish_version(
        plan, terms=terms, sold_from=on, existing_from=on, by=by, at=at, reason=reason
    )
    return Updated(words=changes, version=version)


def _waiting(plan: Plan, seen: Seen, by: User) -> Draft | None:
    """Will return the draft that is gone on with, if it edits or takes back a change."""
    drafts = Draft.objects.filter(plan=plan, by=by, pk=seen.draft)
    return drafts.exclude(replaces=None, reverses=None).first()


def _words_saved_since(plan: Plan, seen: Seen) -> list[Event]:
    """Will return the events of the saves that the revision has counted since it was seen."""
    saves = max(0, plan.revision - seen.revision)
    return list(events_of(plan).filter(act="plan.words_changed")[:saves])


def locked(plan: Plan) -> Plan:
    """Will return the plan, held so that nobody joins or edits it until the transaction ends."""
    return Plan.objects.select_for_update(no_key=True, of=("self",)).get(pk=plan.pk)


def somebody_is_on(plan: Plan, *, on: date) -> bool:
    """Will tell whether any subscription to the plan is open on or after that day."""
    return open_on(on).filter(plan=plan).exists()
