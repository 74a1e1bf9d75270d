"""What a customer sees behind the link in a notice: what comes, or came, for each mailbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from postroom.base.periods import local_day
from postroom.domain.notices.answering import COMING
from postroom.domain.notices.facts import Facts, unpack
from postroom.domain.notices.models import (
    Answer,
    AnswerKind,
    Envelope,
    EnvelopeState,
    Notice,
    Subject,
)
from postroom.domain.operators.letterheads import Heading, heading_of, newest_letterhead
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plans.models import Withdrawal
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.models import Term
from postroom.domain.subscriptions.pending import Coming, coming_for


class Over(Enum):
    """Why a notice does not count any more."""

    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    VOID = "void"


@dataclass(frozen=True)
class Noticed:
    """One mailbox of an envelope, as it stands today."""

    notice: Notice
    facts: Facts
    #: Today where the mailbox is.
    today: date
    #: The newest first.
    answers: tuple[Answer, ...]
    #: The running term, or the first one ahead, and what it promises.
    term: Term
    terms: Terms
    #: The switch of their own choice that waits.
    switch: Coming | None

    @property
    def closed(self) -> bool:
        closes_on = self.notice.subscription.closes_on
        return closes_on is not None and closes_on < self.today

    @property
    def leaving(self) -> bool:
        return self.notice.subscription.closes_on is not None and not self.closed

    @property
    def has_come(self) -> bool:
        """Whether the first day is there, so that the page says what is in force."""
        return self.notice.first_day <= self.today

    @property
    def is_in_force(self) -> bool:
        """Whether what was announced is what they have."""
        return bool(self.term.version_id == self.notice.announcement.version_id)

    @property
    def keeps_the_old(self) -> bool:
        """Whether they still have what they had; else they have something else since."""
        return not self.is_in_force and self.terms == self.facts.old

    @property
    def rate_minor(self) -> int:
        return self.terms.rates[self.term.months]

    @property
    def accepted(self) -> Answer | None:
        """Their yes, unless they have answered otherwise since."""
        decided = [it for it in self.answers if it.kind != AnswerKind.ASKED]
        return decided[0] if decided and decided[0].kind == AnswerKind.ACCEPTED else None

    @property
    def can_accept(self) -> bool:
        closes_on = self.notice.subscription.closes_on
        leaves_before = closes_on is not None and closes_on < self.notice.first_day
        comes = self.notice.announcement.subject in COMING and not self.has_come
        undecided = self.accepted is None and self.switch is None
        return bool(comes and not leaves_before and undecided)


@dataclass(frozen=True)
class Opened:
    """An envelope as its customer opens it."""

    envelope: Envelope
    heading: Heading
    has_logo: bool
    noticed: tuple[Noticed, ...]
    over: Over | None

    @property
    def tells_of_change(self) -> bool:
        return self.envelope.announcement.subject in COMING

    def of(self, notice_id: int) -> Noticed | None:
        """Will return the mailbox of one of its notices."""
        return next((it for it in self.noticed if it.notice.pk == notice_id), None)


def open_envelope(envelope: Envelope, *, at: datetime) -> Opened:
    """Will read what an envelope's page shows, in the same few queries for any mailboxes."""
    notices = list(
        Notice.objects.filter(envelope=envelope).select_related(
            "operator",
            "announcement__plan",
            "announcement__version",
            "envelope__customer",
            "subscription__operator",
            "subscription__mailbox__location",
        )
    )
    answers: dict[int, list[Answer]] = {it.pk: [] for it in notices}
    for answer in Answer.objects.filter(notice__in=notices).select_related("by").order_by("-id"):
        answers[answer.notice_id].append(answer)
    days = {
        it.subscription_id: local_day(at, it.subscription.mailbox.location.time_zone)
        for it in notices
    }
    held = _terms(days)
    promised = terms_of([it.version for it in held.values()])
    coming = coming_for(list(days))
    letterhead = newest_letterhead()
    return Opened(
        envelope,
        heading_of(envelope.operator, letterhead),
        bool(letterhead and letterhead.logo),
        tuple(
            Noticed(
                it,
                unpack(it.facts),
                days[it.subscription_id],
                tuple(answers[it.pk]),
                held[it.subscription_id],
                promised[held[it.subscription_id].version_id],
                _own(coming.get(it.subscription_id)),
            )
            for it in notices
        ),
        _over(envelope),
    )


def _terms(days: Mapping[int, date]) -> dict[int, Term]:
    """Will return the term that each subscription's day lies in; before the first, that one."""
    held: dict[int, Term] = {}
    for term in (
        Term.objects.filter(subscription__in=days)
        .select_related("version__plan")
        .order_by("subscription_id", "seq")
    ):
        if term.subscription_id not in held or term.starts_on <= days[term.subscription_id]:
            held[term.subscription_id] = term
    return held


def _own(coming: Coming | None) -> Coming | None:
    return coming if coming is not None and coming.switch.moves_to_id is None else None


def _over(envelope: Envelope) -> Over | None:
    announcement = envelope.announcement
    if announcement.subject in {Subject.CORRECTION, Subject.MESSAGE}:
        return Over.VOID if envelope.state == EnvelopeState.VOID else None
    change = PlanChange.objects.filter(announcement=announcement).first()
    if change is not None and change.withdrawn_at is not None:
        edited = PlanChange.objects.filter(replaces=change).exists()
        return Over.REPLACED if edited else Over.WITHDRAWN
    if Withdrawal.objects.filter(version=announcement.version_id).exists():
        return Over.WITHDRAWN
    return Over.VOID if envelope.state == EnvelopeState.VOID else None
