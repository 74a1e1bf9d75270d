"""Taking NO back, while nobody has joined the new plan."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from postroom.base.refusals import Refused
from postroom.domain.events.actions import record
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plans.actions import Words, new_link, save_words, words_of
from postroom.domain.plans.models import NAME_LENGTH, Plan
from postroom.domain.plans.queries import free_name
from postroom.domain.subscriptions.models import Lead, Switch, SwitchState, Term
from postroom.domain.users.models import User


class NothingToUndo(Refused):
    """“{plan}” did not take the name of another plan, or does not have it any more."""


class CannotBeUndone(Refused):
    """{why}, so this cannot be taken back any more."""


@transaction.atomic
def undo_grandfather(new: Plan, *, by: User | None, at: datetime, on: date) -> Plan:
    """Will give a plan's name, words, visibility, locations and link back to the one it took from.

    As they stand now, so what was changed of them since stays. The new plan, which nobody had, is
    retired under another name, and its lineage says what came after it. One transaction, no row
    per customer. Returns the plan that is legacy no more. Raises NothingToUndo or CannotBeUndone.
    """
    new, legacy = _both_locked(new)
    if why := why_not_undone(new):
        raise CannotBeUndone(why=why)
    words, link, of_legacy = words_of(new), new.link, legacy.link
    retired = free_name(f"{new.name} (taken back)"[:NAME_LENGTH])
    out_of_sight = Words(retired, words.description, internal=False, locations=words.locations)
    save_words(new, words=out_of_sight, by=by, at=at)
    was = legacy.name
    save_words(legacy, words=words, by=by, at=at)
    _give_link(new, new_link())
    _give_link(legacy, link)
    # Whoever has the legacy plan's own link lands on it still, by succession.
    _give_link(new, of_legacy)
    _succeed(legacy, None, None)
    _succeed(new, legacy, on)
    facts = {"legacy": was, "name": legacy.name, "retired": new.name}
    record("plan.legacy_undone", legacy, by=by, at=at, facts=facts)
    record("plan.gave_back", new, by=by, at=at, facts=facts)
    return legacy


def legacy_of(plan: Plan) -> Plan | None:
    """Will return the plan whose name, visibility and link this one took, if it has them still."""
    legacy: Plan | None = plan.copied_from
    took = legacy is not None and legacy.succeeded_by_id == plan.pk
    return legacy if took and plan.succeeded_by_id is None else None


def that_took_over(plan: Plan) -> Plan | None:
    """Will return which of a plan and the one that took its name may give it back, if any.

    The plan itself, or of a legacy plan the one that succeeded it.
    """
    if legacy_of(plan) is not None:
        return plan
    heir: Plan | None = plan.succeeded_by
    return heir if heir is not None and legacy_of(heir) == plan else None


def why_not_undone(new: Plan) -> str:
    """Will say what keeps a plan from giving back what it took: empty if nothing does."""
    if Term.objects.filter(version__plan=new).exists():
        return f"Somebody has joined {new}"
    waiting = Switch.objects.filter(state=SwitchState.PENDING)
    if waiting.filter(Q(plan=new) | Q(moves_to__plan=new)).exists():
        return f"Somebody is about to switch to {new}"
    if PlanChange.objects.filter(version__plan=new, withdrawn_at=None).exists():
        return f"A change to {new} is scheduled"
    if Lead.objects.filter(plan=new).exists():
        return f"Somebody has asked for {new}"
    return ""


def _both_locked(new: Plan) -> tuple[Plan, Plan]:
    """Will hold the new plan and its legacy plan, in their order: nobody joins either meanwhile.

    Nor asks for it: a lead refers to its plan, and so waits.
    """
    ids = [it for it in (new.pk, new.copied_from_id) if it]
    plans = Plan.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    held = {it.pk: it for it in plans}
    new = held[new.pk]
    if (legacy := legacy_of(new)) is None:
        raise NothingToUndo(plan=new)
    return new, held[legacy.pk]


def _give_link(plan: Plan, link: str) -> None:
    plan.link = link
    plan.save(update_fields=["link"])


def _succeed(plan: Plan, by: Plan | None, on: date | None) -> None:
    plan.succeeded_by, plan.succeeded_on = by, on
    plan.save(update_fields=["succeeded_by", "succeeded_on"])
