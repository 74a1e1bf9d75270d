"""Mailing invoices: noting those that are due, claiming a page of them, and handing each over.

``base.rounds`` says how a mail is claimed, handed over and noted.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.mail import EmailMessage
from django.db import DatabaseError
from django.db.models import F, QuerySet

from postroom.base.postman import Answer, Outcome, Postman
from postroom.base.rounds import (
    PAGE,
    TURN,
    Came,
    Pace,
    claim_page,
    in_turns,
    let_go,
    next_try,
)
from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.documents.letters import letter
from postroom.domain.documents.models import InvoiceDelivery, InvoiceMail, MailState
from postroom.domain.documents.noting import note_invoices
from postroom.domain.operators.models import Operator
from postroom.domain.operators.queries import all_operators

logger = logging.getLogger(__name__)

#: A mail that the server puts off is tried for so long.
TRIED_FOR = timedelta(days=1)


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
    with Postman() as postman:

        def page_of(operator: Operator) -> Came:
            return mail_page(operator, postman=postman, pace=pace, page=page)

        in_turns(operators, page_of, pace=pace, turn=turn)


def mail_page(operator: Operator, *, postman: Postman, pace: Pace, page: int = PAGE) -> Came:
    """Will note what is due, claim a page of it and hand over one mail after the other."""
    claim, at = uuid4(), pace.clock()
    with as_operator(operator.pk):
        operator = Operator.objects.get(pk=operator.pk)
        noted = note_invoices(operator, at=at)
        claimed = claim_page(due_mails(operator), claim=claim, at=at, page=page)
    for pk in claimed:
        began = pace.clock()
        answer = _deliver(operator, pk, claim, postman, pace)
        if answer is not None and answer.trouble:
            logger.warning("The mail server takes no mail: %s", answer.said)
            with as_operator(operator.pk):
                let_go(InvoiceMail.objects.all(), claim=claim)
            return Came.TROUBLE
        pace.keep(began)
    return Came.MORE if noted or len(claimed) == page else Came.TO_AN_END


def due_mails(operator: Operator) -> QuerySet[InvoiceMail]:
    """Will return what waits; where mailing is switched off, only what somebody asked for."""
    due = InvoiceMail.objects.filter(state=MailState.WAITING)
    return due if operator.mails_invoices_since else due.filter(asked_by__isnull=False)


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
    InvoiceMail.objects.filter(pk=mail.pk, round=mail.round, state=MailState.WAITING).update(
        state=state,
        next_try_at=next_try(at, mail.tries) if state == MailState.WAITING else None,
        tries=F("tries") + 1,
        claim=None,
        claimed_at=None,
        moved_at=at,
        **facts,
    )
