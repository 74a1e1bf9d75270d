"""What staff do about an envelope: send it again, record what became of it, make it void."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from postroom.base.refusals import Refused
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.notices.clearing import WITH, RuleBook, Told, clear, day_at, take_back
from postroom.domain.notices.delivering import TOO_LATE, facts_of, log, why_not
from postroom.domain.notices.models import (
    Delivery,
    DeliveryKind,
    Envelope,
    EnvelopeState,
    Notice,
)
from postroom.domain.notices.posting import Named, message_id
from postroom.domain.subscriptions.actions import ToldInTheFuture
from postroom.domain.subscriptions.models import Means
from postroom.domain.users.models import User

#: Envelopes that are made void at a time.
PAGE = 1000
#: While a mail waits or has been taken, telling by other means is besides.
BY_MAIL = {EnvelopeState.WAITING, EnvelopeState.ACCEPTED}


class NoticeIsVoid(Refused):
    """This notice is void, so nothing more is done with it: {because}"""


class WaitsAlready(Refused):
    """It waits to be sent already."""


class NoAddressToSendTo(Refused):
    """{name} has no e-mail address. Enter one on the customer's page, or post it as a letter."""


class TooLateToSend(Refused):
    """It would come too late: the last day was {day}."""


class ChangeWasWithdrawn(Refused):
    """What it tells of was withdrawn. There is nothing to send."""


class NeverTaken(Refused):
    """No mail server has taken this notice, so it cannot have come back."""


class ToldBeforeItWasWritten(Refused):
    """The notice was written on {day}. Nobody can have been told of it before."""

    field = "told_on"


class SaysNoReason(Refused):
    """Say how you know."""

    field = "reason"


@transaction.atomic
def resend(envelope: Envelope, *, by: User, at: datetime) -> Envelope:
    """Will send a notice again, to the address that the customer has now: another round of it.

    Raises NoticeIsVoid, WaitsAlready, NoAddressToSendTo, TooLateToSend or ChangeWasWithdrawn.
    """
    envelope = _held(envelope)
    if envelope.state == EnvelopeState.WAITING:
        raise WaitsAlready()
    customer = envelope.customer
    if not customer.email:
        raise NoAddressToSendTo(name=customer.name)
    because = why_not(envelope, at=at)
    if because == TOO_LATE:
        raise TooLateToSend(day=f"{envelope.closes_on:%d %B %Y}")
    if because:
        raise ChangeWasWithdrawn()
    envelope.round += 1
    envelope.message_id = message_id(
        envelope.announcement, envelope.about_id, envelope.first_day, number=envelope.round
    )
    envelope.state, envelope.next_try_at, envelope.tries = EnvelopeState.WAITING, at, 0
    envelope.asked_by, envelope.since_at, envelope.moved_at = by, at, at
    envelope.save(
        update_fields=[
            *("round", "message_id", "state", "next_try_at", "tries"),
            *("asked_by", "since_at", "moved_at"),
        ]
    )
    facts = facts_of(envelope) | {"address": customer.email}
    record("notice.asked_again", customer, by=by, at=at, facts=facts)
    return envelope


@transaction.atomic
def record_bounce(
    envelope: Envelope, *, reason: str, by: User | None, at: datetime, number: int = 0
) -> Delivery:
    """Will record that a notice came back after a mail server took it, and void what it cleared.

    ``number`` is the round that came back, 0 the latest one. Recorded twice, it is once. Raises
    SaysNoReason, NoticeIsVoid or NeverTaken.
    """
    envelope, reason = _held(envelope, void_too=by is None), _said(reason)
    number = number or envelope.round
    of_round = Delivery.objects.filter(envelope=envelope, round=number)
    if (same := of_round.filter(kind=DeliveryKind.BOUNCED).first()) is not None:
        return same
    taken = of_round.filter(kind=DeliveryKind.ACCEPTED).order_by("id")
    if not taken:
        raise NeverTaken()
    for it in taken:
        take_back([envelope.pk], reason=f"Came back: {reason}", by=by, at=at, recorded_at=it.at)
    address = taken[0].address
    done = log(
        envelope, DeliveryKind.BOUNCED, at=at, said=reason, round=number, address=address, by=by
    )
    if envelope.state == EnvelopeState.ACCEPTED and number == envelope.round:
        _put(envelope, EnvelopeState.BOUNCED, at=at, said=reason)
    facts = facts_of(envelope) | {"address": address, "reason": reason}
    record("notice.bounced", envelope.customer, by=by, at=at, facts=facts)
    return done


def record_came_back(named: Named, *, address: str, reason: str, at: datetime) -> Delivery | None:
    """Will record what a mail service says came back, if it was the notice and not its copy."""
    envelope = Envelope.objects.filter(
        announcement=named.announcement_id, about=named.about_id, first_day=named.first_day
    ).first()
    sent = Delivery.objects.filter(
        envelope=envelope,
        round=named.number,
        kind=DeliveryKind.ACCEPTED,
        address__iexact=address,
    )
    if envelope is None or not sent.exists():
        return None
    return record_bounce(envelope, reason=reason, by=None, at=at, number=named.number)


@transaction.atomic
def record_posted(
    envelope: Envelope, *, posted_on: date, posted_by: str, by: User, at: datetime, on: date
) -> Delivery:
    """Will record that a notice was posted as a letter on a local day, and clear what that allows.

    Recorded twice for a day, it is once. Raises NoticeIsVoid, ToldInTheFuture or
    ToldBeforeItWasWritten.
    """
    reason = f"Notice posted as a letter by {tidy(posted_by)}"
    told = Told(Means.LETTER, tidy(posted_by), reason, by=by, at=at, on=posted_on)
    return _tell(envelope, told, DeliveryKind.POSTED, EnvelopeState.POSTED, said="", on=on)


@transaction.atomic
def record_told_of(
    envelope: Envelope,
    *,
    told_on: date,
    means: Means,
    told_by: str,
    reason: str,
    by: User,
    at: datetime,
    on: date,
) -> Delivery:
    """Will record that somebody told a customer by phone or in person what a notice says.

    Recorded twice in the same words, it is once. Raises SaysNoReason, NoticeIsVoid,
    ToldInTheFuture or ToldBeforeItWasWritten.
    """
    said = _said(reason)
    told = Told(means, tidy(told_by), said, by=by, at=at, on=told_on)
    words = f"{means.label}, {told.told_by}: {said}"
    return _tell(envelope, told, DeliveryKind.TOLD, EnvelopeState.TOLD, said=words, on=on)


def _tell(
    envelope: Envelope,
    told: Told,
    kind: DeliveryKind,
    state: EnvelopeState,
    *,
    said: str,
    on: date,
) -> Delivery:
    envelope = _held(envelope)
    notices, told_on = list(envelope.notices.all()), told.on or on
    if told_on > on:
        raise ToldInTheFuture()
    written_on = day_at(notices[0], envelope.written_at)
    if told_on < written_on:
        raise ToldBeforeItWasWritten(day=f"{written_on:%d %B %Y}")
    same = Delivery.objects.filter(envelope=envelope, kind=kind, on=told_on, said=said[:300])
    if (done := same.first()) is not None:
        return done
    done = log(envelope, kind, at=told.at, said=said, on=told_on, by=told.by)
    clear(notices, told, rules=RuleBook())
    if envelope.state not in BY_MAIL:
        _put(envelope, state, at=told.at, said=said)
    facts = facts_of(envelope) | {
        "told_on": told_on.isoformat(),
        "means": told.means.value,
        "reason": said,
    }
    record("notice.told", envelope.customer, by=told.by, at=told.at, facts=facts)
    return done


@transaction.atomic
def void(envelopes: QuerySet[Envelope], *, because: str, by: User | None, at: datetime) -> int:
    """Will make envelopes void, whatever they have come to, and all that they cleared.

    What was read stays read: whoever was told is owed a correction. Returns how many. Raises
    SaysNoReason.
    """
    because, done = _said(because), 0
    left = envelopes.exclude(state=EnvelopeState.VOID).order_by("pk")
    while ids := list(left.select_for_update(of=("self",)).values_list("pk", flat=True)[:PAGE]):
        _void(ids, because, by=by, at=at)
        done += len(ids)
    return done


def _void(ids: list[int], because: str, *, by: User | None, at: datetime) -> None:
    found = with_notices(Envelope.objects.filter(pk__in=ids))
    Delivery.objects.bulk_create(
        Delivery(
            operator_id=it.operator_id,
            envelope=it,
            kind=DeliveryKind.VOIDED,
            round=it.round,
            at=at,
            on=day_at(it.notices.all()[0], at),
            said=because[:300],
            by=by,
        )
        for it in found
    )
    take_back(ids, reason=because, by=by, at=at)
    Envelope.objects.filter(pk__in=ids).update(
        state=EnvelopeState.VOID,
        next_try_at=None,
        claim=None,
        claimed_at=None,
        said=because[:300],
        moved_at=at,
    )


def with_notices(envelopes: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """Will read envelopes' notices with them, and all that clearing asks of those."""
    return envelopes.prefetch_related(Prefetch("notices", Notice.objects.select_related(*WITH)))


def _held(envelope: Envelope, *, void_too: bool = False) -> Envelope:
    """Will hold an envelope with its notices, so that two who act on it follow each other."""
    held = Envelope.objects.select_for_update(no_key=True, of=("self",))
    found = with_notices(held.select_related("announcement__plan", "customer"))
    envelope = found.get(pk=envelope.pk)
    if envelope.state == EnvelopeState.VOID and not void_too:
        raise NoticeIsVoid(because=envelope.said)
    return envelope


def _put(envelope: Envelope, state: EnvelopeState, *, at: datetime, said: str) -> None:
    Envelope.objects.filter(pk=envelope.pk).update(state=state, said=said[:300], moved_at=at)


def _said(reason: str) -> str:
    if not (said := tidy(reason)):
        raise SaysNoReason()
    return said
