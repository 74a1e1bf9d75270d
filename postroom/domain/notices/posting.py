"""Putting what customers are told into envelopes: one for each customer and first day."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from postroom.base.postman import own_domain
from postroom.domain.customers.models import Customer
from postroom.domain.notices.facts import Facts, pack
from postroom.domain.notices.models import Announcement, Envelope, EnvelopeState, Notice, Subject
from postroom.domain.notices.writing import Stationery, Written, stationery_of, write
from postroom.domain.operators.models import Operator
from postroom.domain.users.models import User

#: What ``message_id`` writes: operator, announcement, subscription, first day and round.
OURS = re.compile(r"<?notice\.(\d{1,18})\.(\d{1,18})\.(\d{1,18})\.(\d{8})\.(\d{1,4})@[^<>\s]+>?")


@dataclass(frozen=True)
class Enclosed:
    """What is told about one subscription, and whether it clears the way for worse terms."""

    subscription_id: int
    gates: bool
    facts: Facts


@dataclass(frozen=True)
class ToTell:
    """What one customer is told at once: all their mailboxes that have the same first day."""

    customer: Customer
    first_day: date
    #: The last day on which it is in time; None for a courtesy.
    closes_on: date | None
    #: Their page, signed for the first of the subscriptions.
    link: str
    enclosed: tuple[Enclosed, ...]

    @property
    def about_id(self) -> int:
        return self.enclosed[0].subscription_id


@transaction.atomic
def put_in_envelopes(
    announcement: Announcement, to_tell: Iterable[ToTell], *, at: datetime, by: User | None = None
) -> int:
    """Will write each customer's notice and put it among those that wait; returns how many.

    Whoever has no e-mail address gets a letter. A subscription that has its notice for that first
    day is left out, so that what is asked for twice is written once.
    """
    # Two who post at once follow each other.
    announcement = (
        Announcement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("operator", "plan")
        .get(pk=announcement.pk)
    )
    new = _without_those_told(announcement, list(to_tell))
    operator, paper = announcement.operator, stationery_of(announcement.operator)
    envelopes = Envelope.objects.bulk_create(
        _envelope(it, announcement, operator, paper, at=at, by=by) for it in new
    )
    Notice.objects.bulk_create(
        Notice(
            operator=operator,
            announcement=announcement,
            envelope=envelope,
            subscription_id=each.subscription_id,
            first_day=it.first_day,
            gates=each.gates,
            facts=pack(each.facts),
        )
        for it, envelope in zip(new, envelopes, strict=True)
        for each in it.enclosed
    )
    return len(new)


def _without_those_told(announcement: Announcement, to_tell: Sequence[ToTell]) -> list[ToTell]:
    """Will leave out the subscriptions that have their notice, and who has no other."""
    wanted = [each.subscription_id for it in to_tell for each in it.enclosed]
    told = set(
        Notice.objects.filter(announcement=announcement, subscription__in=wanted).values_list(
            "subscription_id", "first_day"
        )
    )
    found = []
    for it in to_tell:
        left = []
        for each in it.enclosed:
            key = each.subscription_id, it.first_day
            if key not in told:
                told.add(key)
                left.append(each)
        if left:
            found.append(ToTell(it.customer, it.first_day, it.closes_on, it.link, tuple(left)))
    return found


def _envelope(
    it: ToTell,
    announcement: Announcement,
    operator: Operator,
    paper: Stationery,
    *,
    at: datetime,
    by: User | None,
) -> Envelope:
    written = write_for(it, announcement, operator, paper)
    reachable = bool(it.customer.email)
    return Envelope(
        operator=operator,
        announcement=announcement,
        customer=it.customer,
        about_id=it.about_id,
        first_day=it.first_day,
        title=written.title,
        text=written.text,
        html=written.html,
        written_at=at,
        closes_on=it.closes_on,
        state=EnvelopeState.WAITING if reachable else EnvelopeState.TO_PRINT,
        message_id=message_id(announcement, it.about_id, it.first_day, number=1),
        since_at=at,
        asked_by=by,
        next_try_at=at if reachable else None,
        moved_at=at,
    )


def write_for(
    it: ToTell, announcement: Announcement, operator: Operator, paper: Stationery
) -> Written:
    """Will write what goes into an envelope; for a sample the announcement may be unsaved."""
    return write(
        operator,
        subject=Subject(announcement.subject),
        plan=announcement.plan,
        words=announcement.words,
        customer=it.customer,
        enclosed=[each.facts for each in it.enclosed],
        link=it.link,
        paper=paper,
    )


def message_id(announcement: Announcement, about_id: int, first_day: date, *, number: int) -> str:
    """Will name the mail of an envelope's round: the same however often it is tried.

    The operator is in it, so that a bounce that comes by itself finds its way back.
    """
    which = f"{announcement.pk}.{about_id}.{first_day:%Y%m%d}.{number}"
    return f"<notice.{announcement.operator_id}.{which}@{own_domain()}>"


@dataclass(frozen=True)
class Named:
    """Which mail a Message-ID names: of which operator, of which envelope, in which round."""

    operator_id: int
    announcement_id: int
    about_id: int
    first_day: date
    number: int


def read_message_id(text: str) -> Named | None:
    """Will read a Message-ID of ours, with or without its brackets."""
    found = OURS.fullmatch(text)
    if found is None:
        return None
    operator, announcement, about, first_day, number = found.groups()
    try:
        on = date.fromisoformat(first_day)
    except ValueError:
        return None
    return Named(int(operator), int(announcement), int(about), on, int(number))
