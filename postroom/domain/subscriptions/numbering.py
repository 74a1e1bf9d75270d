"""Another mailbox number for a subscription, at the same location; the one before stays known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import QuerySet

from postroom.base.refusals import Refused
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.customers.numbers import FREE
from postroom.domain.events.actions import record
from postroom.domain.events.models import Event
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.users.models import User

#: For so long mail comes to a number that somebody gave up (DMM 508.1.8).
RE_MAILED_FOR = relativedelta(months=6)
ACT = "subscription.number_changed"
GIVEN_UP = "mailbox.given_up"


class NumberUnknown(Refused):
    """There is no mailbox #{number} at {location}."""

    field = "number"


class NumberNotFree(Refused):
    """Mailbox #{number} at {location} is {state}. Choose another one."""

    field = "number"


class SameNumber(Refused):
    """They have mailbox #{number} already."""

    field = "number"


class HasLeft(Refused):
    """This subscription closed on {day}."""


@dataclass(frozen=True)
class GivenUp:
    """That a subscription went on from a number to another one, and when."""

    subscription: Subscription
    to: str
    on: date


@transaction.atomic
def change_number(
    subscription: Subscription, *, number: str, by: User, at: datetime, on: date
) -> Subscription:
    """Will move a subscription to another number at its location, from now on.

    The number before is quarantined, since mail still comes to it; it is the one number in
    quarantine that they may go back to. Raises HasLeft, SameNumber, NumberUnknown or NumberNotFree.
    """
    subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    if subscription.closes_on is not None and subscription.closes_on < on:
        raise HasLeft(day=f"{subscription.closes_on:%d %B %Y}")
    before, after = _both(subscription, number)
    if not _may_have(subscription, after):
        state = after.get_state_display().lower()
        raise NumberNotFree(number=after.number, location=after.location, state=state)
    after.state, after.quarantined_until = MailboxState.ASSIGNED, None
    before.state, before.quarantined_until = MailboxState.QUARANTINED, on + RE_MAILED_FOR
    for mailbox in (before, after):
        mailbox.save(update_fields=["state", "quarantined_until"])
    subscription.mailbox = after
    subscription.save(update_fields=["mailbox"])
    facts = {"from": before.number, "to": after.number, "on": on.isoformat()}
    record(ACT, subscription, by=by, at=at, facts=facts)
    who = {"customer": subscription.customer.name, "to": after.number}
    who |= {"subscription": subscription.pk, "on": on.isoformat()}
    record(GIVEN_UP, before, by=by, at=at, facts=who)
    return subscription


def number_at(subscription: Subscription, at: datetime) -> str:
    """Will return the number that a subscription had at an instant, for what was written then."""
    return numbers_at([(subscription, at)])[0]


def numbers_at(those: Sequence[tuple[Subscription, datetime]]) -> list[str]:
    """Will return the number of each at its instant, in one query for all of them."""
    changes: dict[int, list[tuple[datetime, str]]] = {}
    for it in Event.objects.filter(
        act=ACT, subject_kind="subscription", subject_id__in={its.pk for its, _ in those}
    ).order_by("at", "pk"):
        changes.setdefault(it.subject_id, []).append((it.at, it.facts["from"]))
    return [
        next((before for when, before in changes.get(its.pk, []) if when > at), its.mailbox.number)
        for its, at in those
    ]


def moved_on_from(mailbox: Mailbox, *, latest: int) -> list[GivenUp]:
    """Will return who had a number and took another one, the latest first."""
    found = Event.objects.filter(
        act=GIVEN_UP, subject_kind="mailbox", subject_id=mailbox.pk, facts__has_key="subscription"
    ).order_by("-at", "-pk")[:latest]
    facts = [it.facts for it in found]
    subscriptions = Subscription.objects.select_related("customer").in_bulk(
        [it["subscription"] for it in facts]
    )
    return [
        GivenUp(subscriptions[it["subscription"]], it["to"], date.fromisoformat(it["on"]))
        for it in facts
    ]


def _both(subscription: Subscription, number: str) -> tuple[Mailbox, Mailbox]:
    """Will hold the number they have and the one they want, in the order that everybody does."""
    location = subscription.mailbox.location
    wanted = number.strip().lstrip("#").upper()
    if wanted == subscription.mailbox.number:
        raise SameNumber(number=wanted)
    found = {
        it.number: it
        for it in Mailbox.objects.select_for_update(of=("self",))
        .filter(location=location, number__in=[wanted, subscription.mailbox.number])
        .select_related("location")
        .order_by("sort_key")
    }
    if wanted not in found:
        raise NumberUnknown(number=wanted, location=location)
    return found[subscription.mailbox.number], found[wanted]


def _may_have(subscription: Subscription, mailbox: Mailbox) -> bool:
    if mailbox.state in FREE:
        return True
    given_up = _changes(subscription).filter(facts__from=mailbox.number).order_by("-at", "-pk")
    last = given_up.first()
    if mailbox.state != MailboxState.QUARANTINED or last is None:
        return False
    # Another day means that somebody else had it since, and it is their mail that still comes.
    return bool(mailbox.quarantined_until == date.fromisoformat(last.facts["on"]) + RE_MAILED_FOR)


def _changes(subscription: Subscription) -> QuerySet[Event]:
    return Event.objects.filter(act=ACT, subject_kind="subscription", subject_id=subscription.pk)
