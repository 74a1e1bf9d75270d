"""Reading what customers were told: envelopes, what became of each, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, When

from postroom.domain.customers.models import Customer
from postroom.domain.notices.models import (
    Announcement,
    Answer,
    AnswerKind,
    Delivery,
    Envelope,
    EnvelopeState,
    Notice,
    NoticeClearance,
)
from postroom.domain.subscriptions.models import Clearance, ClearanceVoid
from postroom.domain.subscriptions.queries import Wanted, find_customers


@dataclass(frozen=True)
class WantedEnvelopes:
    """What somebody looks for among the envelopes; empty is all of them."""

    #: Part of a customer's name, e-mail or phone, or a mailbox number.
    words: str = ""
    state: EnvelopeState | None = None


@dataclass(frozen=True)
class Cleared:
    """A clearance that a notice brought, and what ended it, if something did."""

    clearance: Clearance
    void: ClearanceVoid | None


@dataclass(frozen=True)
class Enclosed:
    """One mailbox in an envelope: what cleared it, and what was answered for it."""

    notice: Notice
    cleared: tuple[Cleared, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Story:
    """What became of an envelope, the newest first."""

    deliveries: tuple[Delivery, ...]
    enclosed: tuple[Enclosed, ...]


def find_envelopes(
    announcement: Announcement, wanted: WantedEnvelopes, *, on: date
) -> QuerySet[Envelope]:
    """Will return the envelopes that somebody looks for, each with its latest ``answered``."""
    latest = Answer.objects.filter(notice__envelope=OuterRef("pk")).order_by("-id")
    found = (
        Envelope.objects.filter(announcement=announcement)
        .select_related("customer")
        .defer("text", "html")
        .annotate(answered=Subquery(latest.values("kind")[:1]))
    )
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    if wanted.words:
        customers = find_customers(Wanted(words=wanted.words), on=on)
        found = found.filter(customer__in=customers.order_by().values("pk"))
    return found


def count_envelopes(announcement: Announcement) -> dict[str, int]:
    """Will count the envelopes in each state."""
    of_it = Envelope.objects.filter(announcement=announcement)
    counts = of_it.order_by().values("state").annotate(number=Count("pk"))
    return {str(it["state"]): int(it["number"]) for it in counts}


def story_of(envelope: Envelope) -> Story:
    """Will return what became of an envelope, in five queries."""
    notices = list(
        Notice.objects.filter(envelope=envelope).select_related(
            "announcement", "subscription__mailbox__location"
        )
    )
    cleared: dict[int, list[Cleared]] = {it.pk: [] for it in notices}
    brought = list(
        NoticeClearance.objects.filter(notice__in=notices)
        .select_related("clearance__version")
        .order_by("-id")
    )
    voids = {
        it.clearance_id: it
        for it in ClearanceVoid.objects.filter(
            clearance__in=[it.clearance_id for it in brought]
        ).select_related("by")
    }
    for it in brought:
        cleared[it.notice_id].append(Cleared(it.clearance, voids.get(it.clearance_id)))
    answers = _answers(notices)
    return Story(
        tuple(Delivery.objects.filter(envelope=envelope).select_related("by").order_by("-id")),
        tuple(Enclosed(it, tuple(cleared[it.pk]), tuple(answers[it.pk])) for it in notices),
    )


def find_answers(announcement: Announcement, *, kind: AnswerKind | None = None) -> QuerySet[Answer]:
    """Will return what was answered: who asks or objects first, then the newest first."""
    found = Answer.objects.filter(notice__announcement=announcement).select_related(
        "by", "notice__envelope__customer", "notice__subscription__mailbox__location"
    )
    if kind is not None:
        found = found.filter(kind=kind)
    asked_first = Case(When(kind=AnswerKind.ASKED, then=0), default=1, output_field=IntegerField())
    return found.order_by(asked_first, "-id")


def count_answers(announcement: Announcement) -> dict[str, int]:
    """Will count the answers of each kind."""
    of_it = Answer.objects.filter(notice__announcement=announcement)
    counts = of_it.order_by().values("kind").annotate(number=Count("pk"))
    return {str(it["kind"]): int(it["number"]) for it in counts}


@dataclass(frozen=True)
class Letter:
    """An envelope on its customer's page, with what was answered to it, the newest first."""

    envelope: Envelope
    answers: tuple[Answer, ...]


def letters_to(customer: Customer, *, most: int = 10) -> list[Letter]:
    """Will return the latest of what a customer was told, in two queries."""
    envelopes = list(
        Envelope.objects.filter(customer=customer)
        .select_related("announcement")
        .defer("text", "html")
        .order_by("-id")[:most]
    )
    answers: dict[int, list[Answer]] = {it.pk: [] for it in envelopes}
    for answer in (
        Answer.objects.filter(notice__envelope__in=envelopes)
        .select_related("notice", "by")
        .order_by("-id")
    ):
        answers[answer.notice.envelope_id].append(answer)
    return [Letter(it, tuple(answers[it.pk])) for it in envelopes]


def _answers(notices: Sequence[Notice]) -> dict[int, list[Answer]]:
    answers: dict[int, list[Answer]] = {it.pk: [] for it in notices}
    for answer in Answer.objects.filter(notice__in=notices).select_related("by").order_by("-id"):
        answers[answer.notice_id].append(answer)
    return answers
