"""Telling customers of a change: once a day, whoever's day to be told has come.

Each page of customers is a transaction of its own. A notice is one for its subscription,
announcement and first day, so that whoever is killed in between begins anew and writes no second.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q, QuerySet

from postroom.base.periods import local_day
from postroom.base.sql import rows
from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.notices.models import NoticeRule
from postroom.domain.notices.posting import put_in_envelopes
from postroom.domain.notices.rules import rules_in_force
from postroom.domain.notices.windows import USUAL_DAYS
from postroom.domain.operators.models import Operator
from postroom.domain.operators.queries import all_operators
from postroom.domain.plan_changes.asking import asked_of
from postroom.domain.plan_changes.due_notices import due_now
from postroom.domain.plan_changes.grounds import grounds_of
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plan_changes.notes import due_notes, write_page
from postroom.domain.plan_changes.sheets import SQL, find_outcomes

Clock = Callable[[], datetime]

#: Customers looked at in one transaction.
PAGE = 1_000


def announce_everybody(*, clock: Clock, page: int = PAGE) -> None:
    """Will write what is due today for every operator.

    Raises an ExceptionGroup of what the database refused, once every operator has had a turn.
    """
    with as_worker():
        operators = all_operators()
    failed = list[DatabaseError]()
    for operator in operators:
        try:
            announce_operator(operator, clock=clock, page=page)
        except DatabaseError as error:
            # What is wrong with one operator's rows holds up nobody else's notices.
            error.add_note(f"while announcing for {operator.slug}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("announcing failed", failed)


def announce_operator(operator: Operator, *, clock: Clock, page: int = PAGE) -> int:
    """Will write what an operator's customers are to be told today. Returns how many notices."""
    on = local_day(clock(), operator.time_zone)
    with as_operator(operator.pk):
        changes = list(due_changes(on=on).values_list("pk", flat=True))
        notes = list(due_notes(at=clock()).values_list("pk", flat=True))
    written = sum(_announce(operator, pk, on=on, clock=clock, page=page) for pk in changes)
    return written + sum(_note(operator, pk, clock=clock, page=page) for pk in notes)


def due_changes(*, on: date) -> QuerySet[PlanChange]:
    """Will return the changes under way that nobody has looked at on a day."""
    unseen = Q(announced_on=None) | Q(announced_on__lt=on)
    return PlanChange.objects.filter(unseen, withdrawn_at=None).order_by("pk")


def look_ahead(rules: Sequence[NoticeRule]) -> timedelta:
    """Will return how long before a first day somebody may have to be told, with some to spare."""
    return timedelta(days=2 * max([USUAL_DAYS, *(it.least_days for it in rules)]))


def _announce(operator: Operator, pk: int, *, on: date, clock: Clock, page: int) -> int:
    written, after = 0, 0
    while True:
        with as_operator(operator.pk):
            change = _held(pk)
            customers = _customers(change, after=after, on=on, page=page) if change else []
            if change is None or not customers:
                PlanChange.objects.filter(pk=pk).update(announced_on=on)
                return written
            written += announce_page(change, customers, on=on, at=clock())
        after = customers[-1]


def _note(operator: Operator, pk: int, *, clock: Clock, page: int) -> int:
    written = 0
    while True:
        with as_operator(operator.pk):
            done = write_page(pk, at=clock(), page=page)
        if not done:
            return written
        written += done


def _held(pk: int) -> PlanChange | None:
    """Will hold a change, so that nobody withdraws it while a page of it is written."""
    changes = PlanChange.objects.select_for_update(of=("self",), no_key=True)
    related = changes.select_related("plan__operator", "version__plan", "announcement")
    return related.filter(pk=pk, withdrawn_at=None).first()


def _customers(change: PlanChange, *, after: int, on: date, page: int) -> list[int]:
    ahead = on + look_ahead(rules_in_force(on=on))
    if change.existing_from > ahead:
        return []
    facts = {
        "operator": change.operator_id,
        "plan": change.plan_id,
        "version": change.version_id,
        "timing": change.version.timing,
        "after": after,
        "on": on,
        "ahead": ahead,
        "page": page,
    }
    return [it["customer_id"] for it in rows(SQL / "customers_to_look_at.sql", facts)]


def announce_page(change: PlanChange, customers: Sequence[int], *, on: date, at: datetime) -> int:
    """Will write, in the caller's transaction, what these customers are to be told by now."""
    facts = {"operator": change.operator_id, "plan": change.plan_id, "customers": list(customers)}
    only = [it["id"] for it in rows(SQL / "subscriptions_of.sql", facts)]
    grounds = grounds_of(change, asked_of(change), on=on)
    places = find_outcomes(grounds, only=only)
    return put_in_envelopes(change.announcement, due_now(grounds, places), at=at)
