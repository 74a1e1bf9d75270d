"""What is told at once, whatever anybody's renewal: corrections, and messages to all on a plan."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from postroom.base.periods import local_day
from postroom.base.refusals import Refused
from postroom.base.sql import rows
from postroom.domain.customers.models import Customer
from postroom.domain.events.actions import record
from postroom.domain.notices.facts import Facts
from postroom.domain.notices.models import Announcement, Subject
from postroom.domain.notices.posting import Enclosed, ToTell, put_in_envelopes
from postroom.domain.notices.signed_links import answer_url
from postroom.domain.plan_changes.sheets import SQL
from postroom.domain.plan_changes.update import locked
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.queries import terms_of
from postroom.domain.users.models import User

#: For so long it is asked whether anybody is owed one still, who was held up for whatever reason.
ASKED_FOR = timedelta(days=60)
#: The same words within so long were sent by a second click.
TWICE = timedelta(minutes=10)


class MessageSaysNothing(Refused):
    """Write what your customers should know."""

    field = "words"


@transaction.atomic
def write_to_all(plan: Plan, *, words: str, by: User, at: datetime) -> Announcement:
    """Will have everybody on a plan told something while nothing changes.

    The same words sent twice by one person within ten minutes are one message. Raises
    MessageSaysNothing.
    """
    if not (words := words.strip()):
        raise MessageSaysNothing()
    plan = locked(plan)
    said = Announcement.objects.filter(plan=plan, subject=Subject.MESSAGE, words=words, by=by)
    if (same := said.filter(at__gt=at - TWICE).first()) is not None:
        return same
    announcement = Announcement.objects.create(
        operator_id=plan.operator_id,
        subject=Subject.MESSAGE,
        plan=plan,
        words=words,
        by=by,
        at=at,
    )
    record("plan.message_written", plan, by=by, at=at, facts={"announcement": announcement.pk})
    return announcement


def due_notes(*, at: datetime) -> QuerySet[Announcement]:
    """Will return the corrections and messages that somebody may be owed still."""
    return Announcement.objects.filter(
        subject__in=[Subject.CORRECTION, Subject.MESSAGE], at__gte=at - ASKED_FOR
    ).order_by("pk")


def write_page(pk: int, *, at: datetime, page: int) -> int:
    """Will write, in the caller's transaction, to a page of those who are owed one."""
    announcement = Announcement.objects.select_related("plan__operator").get(pk=pk)
    on = local_day(announcement.at, announcement.plan.operator.time_zone)
    facts = {
        "operator": announcement.operator_id,
        "announcement": announcement.pk,
        "plan": announcement.plan_id,
        "version": announcement.version_id,
        "on": on,
        "page": page,
    }
    owed = rows(SQL / "owed_notes.sql", facts)
    return put_in_envelopes(announcement, _to_tell(announcement, owed), at=at)


def _to_tell(announcement: Announcement, owed: Sequence[dict[str, Any]]) -> Iterator[ToTell]:
    on = local_day(announcement.at, announcement.plan.operator.time_zone)
    terms = terms_of(PlanVersion.objects.filter(pk__in={it["held_id"] for it in owed}))
    customers = Customer.objects.in_bulk({it["customer_id"] for it in owed})
    plan = announcement.plan.name

    def enclosed(it: dict[str, Any]) -> Enclosed:
        held = terms[it["held_id"]]
        facts = Facts(
            mailbox=it["mailbox"],
            location=it["location"],
            plan=plan,
            new_plan=plan,
            months=it["months"],
            old=held,
            new=held,
            first_day=None,
        )
        return Enclosed(it["subscription_id"], gates=False, facts=facts)

    for customer, group in groupby(owed, lambda it: it["customer_id"]):
        told = list(group)
        yield ToTell(
            customer=customers[customer],
            first_day=on,
            closes_on=None,
            link=answer_url(announcement, told[0]["subscription_id"], on),
            enclosed=tuple(map(enclosed, told)),
        )
