"""What is done to a plan: made, copied, worded, published, drafted."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from postroom.base.refusals import Refused, refusing
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.operators.models import Operator
from postroom.domain.plans.models import (
    NAME_LENGTH,
    Draft,
    Plan,
    PlanLocation,
    PlanVersion,
)
from postroom.domain.plans.queries import free_name, latest_version, terms_of, ticked_locations
from postroom.domain.plans.services import Timing
from postroom.domain.plans.terms import Terms, pack
from postroom.domain.plans.written_terms import compare, write_terms
from postroom.domain.users.models import User

#: Letters and digits that are not taken for one another when read aloud.
PLAIN = "23456789abcdefghjkmnpqrstuvwxyz"


class NameMissing(Refused):
    """Give the plan a name."""

    field = "name"


class NameTaken(Refused):
    """You already have a plan named “{name}”. Choose another name."""

    field = "name"


class RateMissing(Refused):
    """Give the plan at least one rate: monthly, annual or for another term."""

    field = "monthly_rate"


@dataclass(frozen=True)
class Words:
    """What may be changed at once, since no quote depends on it."""

    name: str
    description: str = ""
    internal: bool = True
    signup: bool = False
    lead_gen: bool = False
    #: The ticked locations; none means all.
    locations: frozenset[int] = frozenset()


def words_of(plan: Plan, *, ticked: Collection[int] | None = None) -> Words:
    """Will return a plan's words as they stand; ``ticked`` saves the query for its locations."""
    return Words(
        name=plan.name,
        description=plan.description,
        internal=plan.internal,
        signup=plan.signup,
        lead_gen=plan.lead_gen,
        locations=frozenset(ticked_locations(plan) if ticked is None else ticked),
    )


@transaction.atomic
def create_plan(
    operator: Operator,
    *,
    words: Words,
    terms: Terms,
    by: User | None,
    at: datetime,
    on: date,
    form: UUID | None = None,
    copied_from: Plan | None = None,
) -> Plan:
    """Will make a plan whose first version is sold from ``on``; the same form makes it once.

    Raises NameMissing, NameTaken or RateMissing.
    """
    made = _made_by(form, operator.pk) if form else None
    if made is not None:
        return made
    plan = Plan(
        operator=operator,
        link=new_link(),
        made_by_form=form,
        copied_from=copied_from,
        created_at=at,
    )
    _write_words(plan, words)
    record(
        "plan.copied" if copied_from else "plan.created",
        plan,
        by=by,
        at=at,
        facts={"from": copied_from.name} if copied_from else {},
    )
    publish_version(plan, terms=terms, sold_from=on, existing_from=None, by=by, at=at)
    return plan


@transaction.atomic
def copy_plan(plan: Plan, *, by: User | None, at: datetime, on: date, form: UUID) -> Plan:
    """Will make “Copy of NAME”, Internal only, with the terms published last."""
    made = _made_by(form, plan.operator_id)
    if made is not None:
        return made
    version = latest_version(plan)
    return create_plan(
        plan.operator,
        words=replace(
            words_of(plan),
            name=free_name(f"Copy of {plan.name}"[:NAME_LENGTH]),
            internal=True,
            signup=False,
            lead_gen=False,
        ),
        terms=terms_of([version])[version.pk],
        by=by,
        at=at,
        on=on,
        form=form,
        copied_from=plan,
    )


def _made_by(form: UUID, operator_id: int) -> Plan | None:
    """Will return the plan that a form has made, holding back its other clicks until we are done.

    Waits for the operator's row, so that two clicks, or two copies that want one free name, come
    one after the other.
    """
    Operator.objects.select_for_update(no_key=True).get(pk=operator_id)
    return Plan.objects.filter(made_by_form=form).first()


@transaction.atomic
def save_words(plan: Plan, *, words: Words, by: User | None, at: datetime) -> dict[str, list[Any]]:
    """Will save what changed of a plan's words and return it as field: [before, after].

    Raises NameMissing or NameTaken.
    """
    before = words_of(plan)
    changes = {
        field: [_plain(getattr(before, field)), _plain(getattr(words, field))]
        for field in Words.__dataclass_fields__
        if getattr(before, field) != getattr(words, field)
    }
    if changes:
        _write_words(plan, words)
        record("plan.words_changed", plan, by=by, at=at, facts=changes)
    return changes


@transaction.atomic
def publish_version(
    plan: Plan,
    *,
    terms: Terms,
    sold_from: date,
    existing_from: date | None,
    by: User | None,
    at: datetime,
    reason: str = "",
    timing: Timing = Timing.NEXT_TERM,
    for_chosen: bool = False,
) -> PlanVersion:
    """Will publish a plan's next version, with its comparison to each version before it.

    ``existing_from`` is the local date from which customers on the plan may get it, or the chosen
    ones of them; ``None`` is never. Writes no row per customer. Raises RateMissing.
    """
    if not terms.rates:
        raise RateMissing()
    earlier = list(PlanVersion.objects.filter(plan=plan).order_by("number"))
    version = PlanVersion.objects.create(
        operator_id=plan.operator_id,
        plan=plan,
        number=earlier[-1].number + 1 if earlier else 1,
        sold_from=sold_from,
        existing_from=existing_from,
        timing=timing,
        for_chosen=for_chosen,
        setup_fee_minor=terms.setup_fee_minor,
        deposit_minor=terms.deposit_minor,
        reason=reason,
        published_by=by,
        published_at=at,
    )
    write_terms(version, terms)
    compare(version, terms, earlier)
    record(
        "plan.version_published",
        plan,
        by=by,
        at=at,
        facts={
            "version": version.number,
            "sold_from": sold_from.isoformat(),
            "existing_from": existing_from.isoformat() if existing_from else None,
            "reason": reason,
        },
    )
    return version


@transaction.atomic
def keep_draft(
    plan: Plan,
    *,
    terms: Terms,
    changed_from: int,
    reason: str,
    by: User,
    at: datetime,
    replaces: PlanVersion | None = None,
    reverses: PlanVersion | None = None,
) -> Draft:
    """Will keep the terms that somebody typed until the question is answered: one a person.

    ``replaces`` is the version whose place they take, where a scheduled change is edited;
    ``reverses`` the one that they take back.
    """
    draft, _ = Draft.objects.update_or_create(
        operator_id=plan.operator_id,
        plan=plan,
        by=by,
        defaults={
            "terms": pack(terms),
            "changed_from": changed_from,
            "reason": reason,
            "replaces": replaces,
            "reverses": reverses,
            "at": at,
        },
    )
    return draft


@transaction.atomic
def throw_draft_away(plan: Plan, *, by: User) -> None:
    """Will forget the terms that somebody typed; the plan stays as it is."""
    Draft.objects.filter(plan=plan, by=by).delete()


def new_link() -> str:
    """Will return a fresh address for a plan: says nothing of it, and is easy to read aloud."""
    return "".join(secrets.choice(PLAIN) for _ in range(8))


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _write_words(plan: Plan, words: Words) -> None:
    name = tidy(words.name)
    if not name:
        raise NameMissing()
    plan.name, plan.description = name, words.description.strip()
    plan.internal, plan.signup, plan.lead_gen = words.internal, words.signup, words.lead_gen
    with refusing({"plan_name_is_unique_for_its_operator": NameTaken(name=name)}):
        if plan.pk is None:
            plan.save(force_insert=True)
        else:
            plan.revision += 1
            plan.save(
                update_fields=["name", "description", "internal", "signup", "lead_gen", "revision"]
            )
    tick_locations(plan, words.locations)


def tick_locations(plan: Plan, locations: Collection[int]) -> None:
    """Will offer a plan at these locations alone; none means all."""
    PlanLocation.objects.filter(plan=plan).exclude(location_id__in=locations).delete()
    PlanLocation.objects.bulk_create(
        PlanLocation(operator_id=plan.operator_id, plan=plan, location_id=location)
        for location in sorted(set(locations) - ticked_locations(plan))
    )
