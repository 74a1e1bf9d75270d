"""NO: existing customers keep their plan, which becomes a legacy plan."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.events.actions import record
from postroom.domain.plan_changes.drafts import both_terms, plan_of
from postroom.domain.plan_changes.guards import rate_slips, refuse_slips
from postroom.domain.plans.actions import (
    Words,
    create_plan,
    new_link,
    save_words,
    words_of,
)
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.queries import standing_versions
from postroom.domain.plans.terms import unpack
from postroom.domain.users.models import User


class ChangePending(Refused):
    """Version {version} still reaches existing customers on {day}. Answer again after that day."""


@transaction.atomic
def grandfather(
    draft: Draft,
    *,
    legacy_name: str,
    by: User,
    at: datetime,
    on: date,
    sure: Collection[str] = (),
) -> Plan:
    """NO: will make the plan a legacy plan and a new one take its name, visibility and link.

    The customers stay on the old plan, their terms untouched; the new plan has the draft's terms
    from ``on``. One transaction, no row per customer. ``sure`` are the keys of the slips that
    somebody said yes to. Returns the new plan.

    Raises QuestionAnswered, DraftOutdated, ChangePending, LooksLikeASlip, NameMissing or NameTaken.
    """
    legacy = plan_of(draft)
    _refuse_while_a_change_is_pending(legacy, on=on)
    refuse_slips(rate_slips(*both_terms(draft)), sure)
    words, link = words_of(legacy), legacy.link
    hidden = Words(legacy_name, words.description, internal=True, locations=words.locations)
    save_words(legacy, words=hidden, by=by, at=at)
    legacy.link = new_link()
    legacy.save(update_fields=["link"])
    new = create_plan(
        legacy.operator,
        words=words,
        terms=unpack(draft.terms),
        by=by,
        at=at,
        on=on,
        copied_from=legacy,
    )
    new.link = link
    new.save(update_fields=["link"])
    legacy.succeeded_by, legacy.succeeded_on = new, on
    legacy.save(update_fields=["succeeded_by", "succeeded_on"])
    facts = {"legacy": legacy.name, "name": new.name, "reason": draft.reason}
    record("plan.made_legacy", legacy, by=by, at=at, facts=facts)
    record("plan.took_over", new, by=by, at=at, facts=facts)
    draft.delete()
    return new


def _refuse_while_a_change_is_pending(plan: Plan, *, on: date) -> None:
    pending = standing_versions(plan).filter(existing_from__gt=on).first()
    if pending is not None:
        raise ChangePending(version=pending.number, day=f"{pending.existing_from:%d %B %Y}")
