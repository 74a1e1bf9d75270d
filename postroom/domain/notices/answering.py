"""A customer's answer to a notice: they accept, or ask or object. Kept as evidence, one a form."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.text import tidy_lines
from postroom.domain.events.actions import in_the_name_of, record
from postroom.domain.notices.delivering import facts_of
from postroom.domain.notices.models import (
    Answer,
    AnswerKind,
    Envelope,
    EnvelopeState,
    Notice,
    Subject,
)
from postroom.domain.users.models import User

MOST_WORDS = 1000
#: What tells of something that comes, so that it can be accepted.
COMING = {Subject.CHANGE, Subject.MOVE}


class NoticeIsOver(Refused):
    """This notice does not count any more."""


class NothingToAccept(Refused):
    """There is nothing to accept in it."""


class InForceAlready(Refused):
    """This is in force since {day}: there is nothing left to accept."""


class LeavesAlready(Refused):
    """You leave on {day}. If you would rather stay, say that first."""


class WordsMissing(Refused):
    """Write what you ask or object to."""

    field = "words"


class WordsTooLong(Refused):
    """Write at most {most:,} characters."""

    field = "words"


class NotAnAnswerByHand(Refused):
    """Staff record what a customer accepts, asks or objects to. To close or switch, do that."""

    field = "kind"


@transaction.atomic
def accept(notice: Notice, *, form: UUID, at: datetime, on: date) -> Answer:
    """Will keep that a customer accepts what a notice says, by their link.

    Raises NoticeIsOver, NothingToAccept, InForceAlready or LeavesAlready.
    """
    hold(notice)
    _check_acceptable(notice, on=on)
    return keep_answer(notice, kind=AnswerKind.ACCEPTED, form=form, at=at)


@transaction.atomic
def ask(notice: Notice, *, words: str, form: UUID, at: datetime) -> Answer:
    """Will keep what a customer asks or objects to. Raises NoticeIsOver or about the words."""
    hold(notice)
    return keep_answer(notice, kind=AnswerKind.ASKED, words=checked(words), form=form, at=at)


@transaction.atomic
def record_answer(
    notice: Notice, *, kind: AnswerKind, words: str, form: UUID, by: User, at: datetime, on: date
) -> Answer:
    """Will keep an answer that came by letter, by phone or in person, as staff heard it.

    Raises NotAnAnswerByHand, NoticeIsOver, NothingToAccept, InForceAlready, LeavesAlready, or
    about the words, which say how it came.
    """
    if kind not in {AnswerKind.ACCEPTED, AnswerKind.ASKED}:
        raise NotAnAnswerByHand()
    hold(notice)
    if kind == AnswerKind.ACCEPTED:
        _check_acceptable(notice, on=on)
    return keep_answer(notice, kind=kind, words=checked(words), form=form, by=by, at=at)


def keep_answer(
    notice: Notice,
    *,
    kind: AnswerKind,
    form: UUID,
    at: datetime,
    words: str = "",
    closes_on: date | None = None,
    plan: str = "",
    by: User | None = None,
) -> Answer:
    """Will keep an answer with its event; sent twice by one form it is one.

    ``plan`` is what they take instead. Expects that the notice is held.
    """
    before = answered_by(form)
    if before is not None:
        return before
    said = words or plan
    answer = Answer.objects.create(
        operator_id=notice.operator_id,
        notice=notice,
        kind=kind,
        closes_on=closes_on,
        words=said,
        sent_by_form=form,
        by=by,
        at=at,
    )
    facts = {**facts_of(notice.envelope), "kind": kind.value, "words": words}
    facts |= {"closes_on": closes_on.isoformat()} if closes_on else {}
    facts |= {"takes": plan} if plan else {}
    facts |= {"recorded": "by hand"} if by else {}
    customer = notice.envelope.customer
    with in_the_name_of(customer.name):
        record("notice.answered", customer, by=by, at=at, facts=facts)
    return answer


def answered_by(form: UUID) -> Answer | None:
    """Will return what the first half of a double click answered."""
    return Answer.objects.filter(sent_by_form=form).first()


def hold(notice: Notice) -> None:
    """Will let answers to one envelope follow each other. Raises NoticeIsOver."""
    envelope = Envelope.objects.select_for_update(no_key=True).get(pk=notice.envelope_id)
    if envelope.state == EnvelopeState.VOID:
        raise NoticeIsOver()


def checked(words: str) -> str:
    """Will tidy what was written. Raises WordsMissing, WordsTooLong or ControlCharacters."""
    written = tidy_lines(words)
    if not written:
        raise WordsMissing()
    if len(written) > MOST_WORDS:
        raise WordsTooLong(most=MOST_WORDS)
    return written


def _check_acceptable(notice: Notice, *, on: date) -> None:
    if notice.announcement.subject not in COMING:
        raise NothingToAccept()
    if notice.first_day <= on:
        raise InForceAlready(day=f"{notice.first_day:%d %B %Y}")
    closes_on = notice.subscription.closes_on
    if closes_on is not None and closes_on < notice.first_day:
        raise LeavesAlready(day=f"{closes_on:%d %B %Y}")
