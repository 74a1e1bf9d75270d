"""Moving the customers of a plan, most often a legacy one, to another: scheduled, then written."""

from datetime import date, datetime

from django.db import DatabaseError, transaction

from postroom.base.refusals import Refused
from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.operators.models import Location, Operator
from postroom.domain.operators.queries import all_operators
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.grounds import grounds_for_move
from postroom.domain.plan_changes.groups import Group, members
from postroom.domain.plan_changes.models import ChangeKind, PlanChange
from postroom.domain.plan_changes.moved import day_of, meant_by
from postroom.domain.plan_changes.scheduling import (
    Entry,
    NobodyChosen,
    enter,
    refuse_past,
    refuse_unseen,
)
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.queries import ticked_locations, version_on_sale
from postroom.domain.plans.written_terms import compare_with_plan
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.moving import enter_moves
from postroom.domain.subscriptions.terms import PAGE
from postroom.domain.users.models import User


class MovesNowhere(Refused):
    """They are on “{plan}” already."""

    field = "plan"


class NotSoldThen(Refused):
    """“{plan}” is not sold with these terms on {day}."""

    field = "plan"


class NotForStaff(Refused):
    """“{plan}” is neither ticked Internal nor shown at the signup URL, so nobody moves to it."""

    field = "plan"


class NotOfferedThere(Refused):
    """“{plan}” is not offered at {places}, where some of them are. Choose the others as a group."""

    field = "group"


@transaction.atomic
def schedule_move(
    plan: Plan,
    version: PlanVersion,
    *,
    existing_from: date,
    group: Group | None,
    seen: str,
    words: str = "",
    reason: str = "",
    by: User,
    at: datetime,
    on: date,
) -> PlanChange:
    """Will move a plan's customers, or a group, to a version of another plan from a day on.

    Each at their first renewal from then on that is not worse for them, or of which they were
    told. ``seen`` is the fingerprint of the sheet that was shown. Writes the change and what is
    announced; ``write_moves`` then writes a switch per customer, in pages.

    Raises MovesNowhere, NotForStaff, NotSoldThen, NotOfferedThere, NobodyChosen,
    ExistingFromInThePast or ShownOutdated.
    """
    if version.plan_id == plan.pk:
        raise MovesNowhere(plan=plan)
    # In the order in which everything holds plans: nobody joins, edits or takes NO back meanwhile.
    both = Plan.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    held = {it.pk: it for it in both.filter(pk__in=[plan.pk, version.plan_id])}
    plan, version.plan = held[plan.pk], held[version.plan_id]
    asked = asked_of_move(existing_from, group, on=on)
    refuse_unfit(plan, version, asked, on=on)
    shown = refuse_unseen(grounds_for_move(plan, version, asked, on=on), seen)
    compare_with_plan(version, plan)
    entry = Entry(asked, shown, words, reason, by, at)
    return enter(plan, version, entry, kind=ChangeKind.MOVE)


def asked_of_move(existing_from: date, group: Group | None, *, on: date) -> Asked:
    """Will say what is asked of a move: its version is on sale, so only one day counts."""
    return Asked(max(on, existing_from), existing_from, group=group)


def refuse_unfit(plan: Plan, version: PlanVersion | None, asked: Asked, *, on: date) -> PlanVersion:
    """Will return a version that is sold then, and to all of those who would move.

    Raises ExistingFromInThePast, NotForStaff, NotSoldThen, NobodyChosen or NotOfferedThere.
    """
    refuse_past(asked, on=on)
    day = f"{asked.existing_from:%d %B %Y}"
    if version is None:
        raise NotSoldThen(plan="That plan", day=day)
    there = version.plan
    if not there.internal and not there.signup:
        raise NotForStaff(plan=there)
    if version_on_sale(there, on=asked.existing_from) != version:
        raise NotSoldThen(plan=there, day=day)
    them = members(plan, asked.group or Group(), on=on)
    if not them.exists():
        raise NobodyChosen()
    if ticked := ticked_locations(there):
        places = Subscription.objects.filter(pk__in=them).values("mailbox__location")
        others = Location.objects.filter(pk__in=places).exclude(pk__in=ticked)
        if names := list(others.order_by("name").values_list("name", flat=True)):
            raise NotOfferedThere(plan=there, places=", ".join(names))
    return version


@transaction.atomic
def write_moves(change: PlanChange, *, page: int = PAGE) -> bool:
    """Will write the next page of a move's switches, and tell whether there may be more."""
    found = PlanChange.objects.select_for_update(of=("self",)).filter(pk=change.pk)
    change = found.select_related("version__plan", "plan", "operator").get()
    if change.written_to is None or change.withdrawn_at is not None:
        return False
    left = meant_by(change).filter(pk__gt=change.written_to).order_by("pk")
    ids = list(left.values_list("pk", flat=True)[:page])
    enter_moves(
        change.version,
        ids,
        not_before=change.existing_from,
        by=change.scheduled_by,
        at=change.scheduled_at,
        on=day_of(change),
    )
    change.written_to = ids[-1] if len(ids) == page else None
    change.save(update_fields=["written_to"])
    return change.written_to is not None


def written(change: PlanChange) -> tuple[int, int]:
    """Will count how many of those that a move is for have been gone through, and all of them."""
    meant = meant_by(change)
    customers = meant.count()
    if change.written_to is None:
        return customers, customers
    return meant.filter(pk__lte=change.written_to).count(), customers


def write_operator(operator: Operator, *, page: int = PAGE) -> int:
    """Will write what is left of an operator's moves, each page a transaction of its own."""
    with as_operator(operator.pk):
        started = PlanChange.objects.filter(
            kind=ChangeKind.MOVE, written_to__isnull=False, withdrawn_at=None
        )
        changes = list(started.order_by("pk"))
    pages = 0
    for change in changes:
        more = True
        while more:
            with as_operator(operator.pk):
                more = write_moves(change, page=page)
            pages += 1
    return pages


def write_everybody(*, page: int = PAGE) -> None:
    """Will write what is left of every operator's moves.

    Raises an ExceptionGroup of what the database refused, once every operator has had a turn.
    """
    with as_worker():
        operators = all_operators()
    failed = list[DatabaseError]()
    for operator in operators:
        try:
            write_operator(operator, page=page)
        except DatabaseError as error:
            error.add_note(f"while writing the moves of {operator.slug}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("not every move was written", failed)
