"""Mailing invoices: noting those that are due, claiming a page of them, and handing each over.

A mail is claimed in one transaction, handed over outside of any, and noted in another. Whoever is
killed in between leaves a claim that ends by itself; the mail may then come a second time, under
the same Message-ID.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID, uuid4

from django.core.mail import EmailMessage
from django.db import DatabaseError
from django.db.models import F, Q

from postroom.base.postman import Answer, Outcome, Postman
from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.documents.letters import letter
from postroom.domain.documents.models import (
    CLAIM_HOLDS,
    InvoiceDelivery,
    InvoiceMail,
    MailState,
)
from postroom.domain.documents.noting import note_invoices
from postroom.domain.operators.models import Operator
from postroom.domain.operators.queries import all_operators

logger = logging.getLogger(__name__)

#: Mails that one worker claims at a time.
PAGE = 20
#: A mail that the server puts off is tried for so long.
TRIED_FOR = timedelta(days=1)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=4)
#: The longest that one call mails; what is left is due still.
TURN = timedelta(minutes=3)


@dataclass(frozen=True)
class Pace:
    """The clock of a door, and how fast mails go: ``wait`` lets so many seconds pass."""

    clock: Callable[[], datetime]
    wait: Callable[[float], None]
    a_minute: int

    def keep(self, since: datetime) -> None:
        """Will wait until the next mail may follow the one begun at ``since``."""
        left = 60 / self.a_minute - (self.clock() - since).total_seconds()
        if left > 0:
            self.wait(left)


class Came(Enum):
    """How a page ended."""

    TO_AN_END = auto()
    MORE = auto()
    TROUBLE = auto()


def mail_everybody(*, pace: Pace, turn: timedelta = TURN, page: int = PAGE) -> None:
    """Will mail what is due, a page of each operator's in turn, for a while at most.

    Raises an ExceptionGroup of what the database refused, once every operator has had a turn.
    """
    with as_worker():
        operators = all_operators()
    _mail(operators, pace=pace, turn=turn, page=page)


def mail_operator(operator: Operator, *, pace: Pace, turn: timedelta = TURN) -> None:
    """Will mail what one operator has due."""
    _mail([operator], pace=pace, turn=turn, page=PAGE)


def _mail(operators: list[Operator], *, pace: Pace, turn: timedelta, page: int) -> None:
    over, failed = pace.clock() + turn, list[DatabaseError]()
    with Postman() as postman:
        while operators and pace.clock() < over:
            left = []
            for operator in operators:
                try:
                    came = mail_page(operator, postman=postman, pace=pace, page=page)
                except DatabaseError as error:
                    # What is wrong with one operator's rows holds up nobody else's mails.
                    error.add_note(f"while mailing for {operator.slug}")
                    failed.append(error)
                    continue
                if came is Came.TROUBLE:
                    return
                if came is Came.MORE:
                    left.append(operator)
            operators = left
    if failed:
        raise ExceptionGroup("mailing invoices failed", failed)


def mail_page(operator: Operator, *, postman: Postman, pace: Pace, page: int = PAGE) -> Came:
    """Will note what is due, claim a page of it and hand over one mail after the other."""
    claim, at = uuid4(), pace.clock()
    with as_operator(operator.pk):
        operator = Operator.objects.get(pk=operator.pk)
        noted = note_invoices(operator, at=at)
        claimed = claim_page(operator, claim=claim, at=at, page=page)
    for pk in claimed:
        began = pace.clock()
        answer = _deliver(operator, pk, claim, postman, pace)
        if answer is not None and answer.trouble:
            logger.warning("The mail server takes no mail: %s", answer.said)
            with as_operator(operator.pk):
                _release(claim)
            return Came.TROUBLE
        pace.keep(began)
    return Came.MORE if noted or len(claimed) == page else Came.TO_AN_END


def claim_page(operator: Operator, *, claim: UUID, at: datetime, page: int) -> list[int]:
    """Will claim mails that are due, those first that have waited longest, and return their ids.

    Where mailing is switched off, only those that somebody asked for.
    """
    free = Q(claim__isnull=True) | Q(claimed_at__lt=at - CLAIM_HOLDS)
    due = InvoiceMail.objects.filter(free, state=MailState.WAITING, next_try_at__lte=at)
    if operator.mails_invoices_since is None:
        due = due.filter(asked_by__isnull=False)
    found = due.select_for_update(skip_locked=True, of=("self",)).order_by("next_try_at", "id")
    ids = [it.pk for it in found[:page]]
    InvoiceMail.objects.filter(pk__in=ids).update(claim=claim, claimed_at=at)
    return ids


def _deliver(
    operator: Operator, pk: int, claim: UUID, postman: Postman, pace: Pace
) -> Answer | None:
    """Will hand over one mail and note the answer; None where there was nothing to hand over."""
    with as_operator(operator.pk):
        written = _write(operator, pk, claim, pace.clock())
    if written is None:
        return None
    mail, message = written
    answer = postman.hand_over(message)
    with as_operator(operator.pk):
        note_answer(mail, answer, address=message.to[0], at=pace.clock())
    return answer


def _write(
    operator: Operator, pk: int, claim: UUID, at: datetime
) -> tuple[InvoiceMail, EmailMessage] | None:
    """Will write a claimed mail, unless somebody else has claimed it or it has no address."""
    ours = InvoiceMail.objects.filter(pk=pk, claim=claim, state=MailState.WAITING)
    # A page may take longer than a claim holds: each mail begins a new one.
    if not ours.update(claimed_at=at):
        return None
    mail = ours.select_related("invoice__customer", "invoice__operator").get()
    address = mail.invoice.customer.email
    if not address:
        _move(mail, MailState.NO_ADDRESS, at=at)
        return None
    try:
        return mail, letter(mail, operator, address=address)
    except DatabaseError:
        raise
    except Exception:
        # One that cannot be written, whatever the reason, holds up no other.
        logger.exception("The mail of %s could not be written", mail.invoice)
        failed = Answer(Outcome.PUT_OFF, said="The document could not be made.")
        note_answer(mail, failed, address=address, at=at)
        return None


def note_answer(mail: InvoiceMail, answer: Answer, *, address: str, at: datetime) -> None:
    """Will write down a try, and how far the mail has come by it."""
    InvoiceDelivery.objects.create(
        operator_id=mail.operator_id,
        mail=mail,
        round=mail.round,
        at=at,
        address=address,
        outcome=answer.outcome,
        code=answer.code,
        said=answer.said,
    )
    given_up = at - mail.since_at >= TRIED_FOR and not answer.trouble
    state = {
        Outcome.ACCEPTED: MailState.SENT,
        Outcome.PUT_OFF: MailState.REFUSED if given_up else MailState.WAITING,
        Outcome.REFUSED: MailState.REFUSED,
    }[answer.outcome]
    _move(mail, state, at=at, address=address, said=answer.said)


def _move(mail: InvoiceMail, state: MailState, *, at: datetime, **facts: str) -> None:
    """Will move a mail on, if nobody has begun another round of it, and end its claim."""
    wait = min(FIRST_WAIT * 2 ** min(mail.tries, 8), LONGEST_WAIT)
    InvoiceMail.objects.filter(pk=mail.pk, round=mail.round, state=MailState.WAITING).update(
        state=state,
        next_try_at=at + wait if state == MailState.WAITING else None,
        tries=F("tries") + 1,
        claim=None,
        claimed_at=None,
        moved_at=at,
        **facts,
    )


def _release(claim: UUID) -> None:
    """Will let go of what was claimed and not tried."""
    InvoiceMail.objects.filter(claim=claim).update(claim=None, claimed_at=None)
