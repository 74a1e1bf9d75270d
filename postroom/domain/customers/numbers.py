"""Mailbox numbers: made, kept for online signup, given back, and free again after quarantine."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from postroom.base.refusals import Refused
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.events.actions import record, record_many
from postroom.domain.operators.models import Location
from postroom.domain.users.models import User

#: The most mailboxes that one range makes: more is a slip of the keys.
LARGEST_RANGE = 10_000
#: What staff may give out or keep for online signup.
FREE = (MailboxState.AVAILABLE, MailboxState.RESERVED)
#: What happens to a number as it is set aside.
ACTS = {
    MailboxState.RESERVED: "mailbox.reserved",
    MailboxState.AVAILABLE: "mailbox.made_available",
}


class RangeBackward(Refused):
    """The last number must not be lower than the first."""

    field = "last"


class RangeTooLarge(Refused):
    """That would make {count} mailboxes. Make at most {largest} at once."""

    field = "last"


class MailboxNotFree(Refused):
    """Mailbox {mailbox} is {state}: only a free one can be reserved or made available."""


class StillInQuarantine(Refused):
    """Mailbox {mailbox} is kept free until {day}, for mail that still comes for who left."""


class NoneAvailable(Refused):
    """No number is available at {location} to reserve. Make some first."""


@dataclass(frozen=True)
class Short:
    """A location with fewer numbers for online signup than are to be kept."""

    location: Location
    reserved: int
    available: int

    @property
    def missing(self) -> int:
        return self.location.reserve_at_least - self.reserved


@transaction.atomic
def make_mailboxes(
    location: Location,
    *,
    first: int,
    last: int,
    state: MailboxState,
    by: User | None,
    at: datetime,
) -> int:
    """Will make the mailboxes numbered ``first`` to ``last`` that are not there yet.

    Returns how many were made. Raises RangeBackward or RangeTooLarge.
    """
    count = last - first + 1
    if count < 1:
        raise RangeBackward()
    if count > LARGEST_RANGE:
        raise RangeTooLarge(count=count, largest=LARGEST_RANGE)
    # Held, so that of two ranges at once each counts what it made.
    location = _held(location)
    there = set(Mailbox.objects.filter(location=location).values_list("number", flat=True))
    made = Mailbox.objects.bulk_create(
        [
            Mailbox(operator_id=location.operator_id, location=location, number=number, state=state)
            for number in map(str, range(first, last + 1))
            if number not in there
        ],
        batch_size=2_000,
    )
    facts = {"first": first, "last": last, "state": state, "made": len(made)}
    record("location.mailboxes_made", location, by=by, at=at, facts=facts)
    return len(made)


@transaction.atomic
def set_aside(
    mailbox: Mailbox, *, state: MailboxState, by: User, at: datetime, on: date
) -> Mailbox:
    """Will keep a free mailbox for online signup, or give it back to staff to assign.

    One that comes out of quarantine is free from its day on. Asked twice, it does so once. Raises
    StillInQuarantine or MailboxNotFree.
    """
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox.pk)
    until = mailbox.quarantined_until
    if until is not None and until > on:
        raise StillInQuarantine(mailbox=mailbox, day=f"{until:%d %B %Y}")
    if mailbox.state not in {*FREE, MailboxState.QUARANTINED}:
        raise MailboxNotFree(mailbox=mailbox, state=mailbox.get_state_display().lower())
    if mailbox.state != state:
        mailbox.state, mailbox.quarantined_until = state, None
        mailbox.save(update_fields=["state", "quarantined_until"])
        record(ACTS[state], mailbox, by=by, at=at)
    return mailbox


@transaction.atomic
def set_many_aside(
    mailboxes: Collection[int], *, state: MailboxState, by: User, at: datetime, on: date
) -> tuple[int, int]:
    """Will do so for many at once, and return how many it did and how many it had to leave."""
    found = Mailbox.objects.filter(pk__in=mailboxes).exclude(state=state)
    # Held in the order in which everybody holds numbers.
    in_order = _free_on(found, on).order_by("location_id", "sort_key")
    free = list(in_order.select_for_update(of=("self",)))
    ids = [it.pk for it in free]
    Mailbox.objects.filter(pk__in=ids).update(state=state, quarantined_until=None)
    if ids:
        operator = free[0].operator_id
        record_many(ACTS[state], Mailbox, ids, operator=operator, by=by, at=at)
    there = Mailbox.objects.filter(pk__in=mailboxes, state=state).count()
    return len(ids), len(set(mailboxes)) - there


@transaction.atomic
def reserve_more(location: Location, *, count: int, by: User | None, at: datetime) -> int:
    """Will keep up to ``count`` more numbers for online signup, the lowest available ones.

    Returns how many there were. Raises NoneAvailable.
    """
    location = _held(location)
    lowest = Mailbox.objects.select_for_update(of=("self",)).filter(
        location=location, state=MailboxState.AVAILABLE
    )
    taken = list(lowest.order_by("sort_key")[: max(0, count)])
    if not taken:
        raise NoneAvailable(location=location)
    Mailbox.objects.filter(pk__in=[it.pk for it in taken]).update(state=MailboxState.RESERVED)
    facts = {"count": len(taken), "first": taken[0].number, "last": taken[-1].number}
    record("location.mailboxes_reserved", location, by=by, at=at, facts=facts)
    return len(taken)


def over_on(day: date) -> QuerySet[Mailbox]:
    """Will return the numbers whose quarantine is over by a day."""
    return Mailbox.objects.filter(state=MailboxState.QUARANTINED, quarantined_until__lte=day)


def short_locations() -> list[Short]:
    """Will return the locations with mailboxes but too few for online signup, the worst first."""
    counted = (
        Mailbox.objects.order_by()
        .values("location")
        .annotate(
            reserved=Count("pk", filter=Q(state=MailboxState.RESERVED)),
            available=Count("pk", filter=Q(state=MailboxState.AVAILABLE)),
        )
    )
    counts = {
        pk: (reserved, available)
        for pk, reserved, available in counted.values_list("location", "reserved", "available")
    }
    found = [
        Short(it, *counts[it.pk])
        for it in Location.objects.filter(pk__in=counts, reserve_at_least__gt=0)
        if counts[it.pk][0] < it.reserve_at_least
    ]
    return sorted(found, key=lambda it: (-it.missing, it.location.name))


def _free_on(found: QuerySet[Mailbox], on: date) -> QuerySet[Mailbox]:
    return found.filter(
        Q(state__in=FREE) | Q(state=MailboxState.QUARANTINED, quarantined_until__lte=on)
    )


def _held(location: Location) -> Location:
    return Location.objects.select_for_update(no_key=True, of=("self",)).get(pk=location.pk)
