"""Handing envelopes over: claiming a page, sending each, and noting what came of it.

``base.rounds`` says how. A notice that the mail server has taken clears the way for the terms that
it tells of, in the same transaction as the note of it; one that comes too late, or tells of what
was withdrawn, is made void instead of sent.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import DatabaseError
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from postroom.base.postman import Answer, Copied, Outcome, Postman
from postroom.base.rounds import (
    CLAIM_HOLDS,
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
from postroom.domain.events.actions import THE_TIMETABLE, record
from postroom.domain.notices.clearing import WITH, RuleBook, Told, clear, day_at
from postroom.domain.notices.mails import mail_of
from postroom.domain.notices.models import (
    Delivery,
    DeliveryKind,
    Envelope,
    EnvelopeState,
    Notice,
    Subject,
)
from postroom.domain.notices.writing import Stationery, stationery_of
from postroom.domain.operators.models import Operator
from postroom.domain.operators.queries import all_operators
from postroom.domain.plans.models import Withdrawal
from postroom.domain.subscriptions.models import Means

logger = logging.getLogger(__name__)

#: A mail that the server puts off is tried for so long, unless its window closes before.
TRIED_FOR = timedelta(days=3)

#: So long after claiming nobody else can have claimed it.
FRESH = CLAIM_HOLDS / 4

TOO_LATE, WITHDRAWN = "Too late.", "What it tells of was withdrawn."
KINDS = {
    Outcome.ACCEPTED: DeliveryKind.ACCEPTED,
    Outcome.PUT_OFF: DeliveryKind.PUT_OFF,
    Outcome.REFUSED: DeliveryKind.REFUSED,
}


@dataclass(frozen=True)
class Page:
    """A page of envelopes that one worker has claimed, and what all of them need."""

    operator: Operator
    claim: UUID
    claimed_at: datetime
    paper: Stationery
    envelopes: list[Envelope]
    rules: RuleBook = field(default_factory=RuleBook)


def deliver_everybody(*, pace: Pace, turn: timedelta = TURN, page: int = PAGE) -> None:
    """Will hand over what is due, a page of each operator's in turn, for a while at most."""
    with as_worker():
        operators = all_operators()
    _deliver_of(operators, pace=pace, turn=turn, page=page)


def deliver_operator(operator: Operator, *, pace: Pace, turn: timedelta = TURN) -> None:
    """Will hand over what one operator has due."""
    _deliver_of([operator], pace=pace, turn=turn, page=PAGE)


def _deliver_of(operators: list[Operator], *, pace: Pace, turn: timedelta, page: int) -> None:
    with Postman() as postman:

        def page_of(operator: Operator) -> Came:
            return deliver_page(operator, postman=postman, pace=pace, page=page)

        in_turns(operators, page_of, pace=pace, turn=turn)


def deliver_page(operator: Operator, *, postman: Postman, pace: Pace, page: int = PAGE) -> Came:
    """Will claim a page of what is due and hand over one envelope after the other."""
    with as_operator(operator.pk):
        claimed = _claim(operator, at=pace.clock(), page=page)
    for envelope in claimed.envelopes:
        began = pace.clock()
        answer = _deliver(envelope, claimed, postman, pace)
        if answer is not None and answer.trouble:
            logger.warning("The mail server takes no mail: %s", answer.said)
            with as_operator(operator.pk):
                let_go(Envelope.objects.all(), claim=claimed.claim)
            return Came.TROUBLE
        if answer is not None:
            pace.keep(began)
    return Came.MORE if len(claimed.envelopes) == page else Came.TO_AN_END


def _claim(operator: Operator, *, at: datetime, page: int) -> Page:
    claim, operator = uuid4(), Operator.objects.get(pk=operator.pk)
    waiting = Envelope.objects.filter(state=EnvelopeState.WAITING)
    ids = claim_page(waiting, claim=claim, at=at, page=page)
    notices = Prefetch("notices", Notice.objects.select_related(*WITH))
    found = Envelope.objects.select_related("announcement__plan", "customer")
    envelopes = found.prefetch_related(notices).in_bulk(ids)
    # What waited longest goes first.
    return Page(operator, claim, at, stationery_of(operator), [envelopes[it] for it in ids])


def _deliver(envelope: Envelope, page: Page, postman: Postman, pace: Pace) -> Answer | None:
    """Will hand over one envelope and note the answer; None where nothing was handed over."""
    with as_operator(page.operator.pk):
        mail = _take(envelope, page, at=pace.clock())
    if mail is None:
        return None
    answer = postman.hand_over(mail)
    with as_operator(page.operator.pk):
        note_answer(envelope, answer, address=mail.to[0], at=pace.clock(), rules=page.rules)
    return answer


def _take(envelope: Envelope, page: Page, *, at: datetime) -> Copied | None:
    """Will make a claimed envelope a mail, unless it must not go out or somebody else has it."""
    ours = Envelope.objects.filter(
        pk=envelope.pk, claim=page.claim, round=envelope.round, state=EnvelopeState.WAITING
    )
    known = ours.annotate(withdrawn=_withdrawn()).values_list("customer__email", "withdrawn")
    # A page may take longer than a claim holds: after a while each envelope begins a new one.
    is_ours = at - page.claimed_at < FRESH or ours.update(claimed_at=at)
    found = known.first() if is_ours else None
    if found is None:
        return None
    address, is_withdrawn = found
    because = WITHDRAWN if is_withdrawn else _too_late(envelope, at=at)
    if because:
        _make_void(envelope, because, at=at)
        return None
    if not address:
        _move(envelope, EnvelopeState.TO_PRINT, at=at)
        return None
    try:
        return mail_of(envelope, page.operator, address=address, paper=page.paper)
    except DatabaseError:
        raise
    except Exception:
        # One that cannot be written, whatever the reason, holds up no other.
        logger.exception("The mail of envelope %s could not be written", envelope.pk)
        failed = Answer(Outcome.PUT_OFF, said="The mail could not be written.")
        note_answer(envelope, failed, address=address, at=at, rules=page.rules)
        return None


def why_not(envelope: Envelope, *, at: datetime) -> str:
    """Will say why an envelope must not go out at an instant; nothing if it may."""
    if Envelope.objects.filter(_withdrawn(), pk=envelope.pk).exists():
        return WITHDRAWN
    return _too_late(envelope, at=at)


def _withdrawn() -> Q:
    """Will tell, in a query of envelopes, whether what they announce was withdrawn."""
    version = Withdrawal.objects.filter(version=OuterRef("announcement__version"))
    return Q(Exists(version), announcement__subject__in=[Subject.CHANGE, Subject.MOVE])


def _too_late(envelope: Envelope, *, at: datetime) -> str:
    days = [day_at(it, at) for it in envelope.notices.all()]
    return TOO_LATE if envelope.closes_on and max(days) > envelope.closes_on else ""


def note_answer(
    envelope: Envelope, answer: Answer, *, address: str, at: datetime, rules: RuleBook
) -> None:
    """Will write down a try, how far the envelope has come by it, and what it clears.

    One that was made void while it was on its way stays void, and clears nothing.
    """
    log(envelope, KINDS[answer.outcome], at=at, address=address, code=answer.code, said=answer.said)
    given_up = at - envelope.since_at >= TRIED_FOR and not answer.trouble
    state = {
        Outcome.ACCEPTED: EnvelopeState.ACCEPTED,
        Outcome.PUT_OFF: EnvelopeState.BOUNCED if given_up else EnvelopeState.WAITING,
        Outcome.REFUSED: EnvelopeState.BOUNCED,
    }[answer.outcome]
    if not _move(envelope, state, at=at, address=address, said=answer.said):
        return
    facts = facts_of(envelope) | {"address": address}
    if state == EnvelopeState.ACCEPTED:
        reason = f"Notice by e-mail to {address}, taken by the mail server"
        told = Told(Means.MAIL, THE_TIMETABLE, reason, by=envelope.asked_by, at=at)
        clear(envelope.notices.all(), told, rules=rules)
        record("notice.sent", envelope.customer, by=envelope.asked_by, at=at, facts=facts)
    elif state == EnvelopeState.BOUNCED:
        facts |= {"reason": answer.said}
        record("notice.bounced", envelope.customer, by=None, at=at, facts=facts)


def facts_of(envelope: Envelope) -> dict[str, str]:
    """Will return what events say of an envelope."""
    announcement = envelope.announcement
    return {
        "plan": announcement.plan.name,
        "subject": announcement.subject,
        "first_day": envelope.first_day.isoformat(),
    }


def log(
    envelope: Envelope, kind: DeliveryKind, *, at: datetime, said: str = "", **facts: object
) -> Delivery:
    """Will add to what became of an envelope."""
    on = day_at(envelope.notices.all()[0], at)
    return Delivery.objects.create(
        operator_id=envelope.operator_id,
        envelope=envelope,
        kind=kind,
        at=at,
        said=said[:300],
        **{"on": on, "round": envelope.round} | facts,
    )


def _make_void(envelope: Envelope, because: str, *, at: datetime) -> None:
    if _move(envelope, EnvelopeState.VOID, at=at, said=because):
        log(envelope, DeliveryKind.VOIDED, at=at, said=because)


def _move(envelope: Envelope, state: EnvelopeState, *, at: datetime, **facts: str) -> bool:
    """Will move an envelope on and end its claim, if nobody has begun another round of it."""
    waiting = Envelope.objects.filter(
        pk=envelope.pk, round=envelope.round, state=EnvelopeState.WAITING
    )
    return bool(
        waiting.update(
            state=state,
            next_try_at=next_try(at, envelope.tries) if state == EnvelopeState.WAITING else None,
            tries=F("tries") + 1,
            claim=None,
            claimed_at=None,
            moved_at=at,
            **facts,
        )
    )
