"""What is done with customers and mailbox numbers."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from postroom.base.refusals import Refused, constraint_of
from postroom.base.text import tidy
from postroom.domain.customers.models import Customer, Kind, Mailbox, MailboxState
from postroom.domain.events.actions import record
from postroom.domain.operators.models import Location, Operator
from postroom.domain.users.models import User

#: The most mailboxes that one range makes: more is a slip of the keys.
LARGEST_RANGE = 10_000


class CustomerNameMissing(Refused):
    """Enter the customer's name."""

    field = "name"


class CustomerChangedMeanwhile(Refused):
    """Somebody else saved this customer while you had it open. Compare, then save again."""


class RangeBackward(Refused):
    """The last number must not be lower than the first."""

    field = "last"


class RangeTooLarge(Refused):
    """That would make {count} mailboxes. Make at most {largest} at once."""

    field = "last"


class MailboxNotFree(Refused):
    """Mailbox {mailbox} is {state}: only a free one can be reserved or made available."""


@dataclass(frozen=True)
class Details:
    """What is known of a customer."""

    kind: Kind
    name: str
    email: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = "US"
    notes: str = ""


@transaction.atomic
def add_customer(
    operator: Operator, *, details: Details, by: User | None, at: datetime, form: UUID | None = None
) -> Customer:
    """Will add a customer; the same form adds him once. Raises CustomerNameMissing."""
    added = Customer.objects.filter(made_by_form=form).first() if form else None
    if added is not None:
        return added
    try:
        with transaction.atomic():
            customer = Customer.objects.create(
                operator=operator, made_by_form=form, added_at=at, **_tidied(details)
            )
    except IntegrityError as error:
        # The second half of a double click met the first one still at work.
        if constraint_of(error) != "customer_is_made_once_by_a_form":
            raise
        return Customer.objects.get(made_by_form=form)
    record("customer.added", customer, by=by, at=at)
    return customer


@transaction.atomic
def change_customer(
    customer: Customer, *, details: Details, seen: int, by: User, at: datetime
) -> Customer:
    """Will save a customer's details if they are still at revision ``seen``.

    Raises CustomerNameMissing or CustomerChangedMeanwhile.
    """
    customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if customer.revision != seen:
        raise CustomerChangedMeanwhile()
    changes = {
        field: [getattr(customer, field), value]
        for field, value in _tidied(details).items()
        if getattr(customer, field) != value
    }
    if changes:
        for field, (_, value) in changes.items():
            setattr(customer, field, value)
        customer.revision += 1
        customer.save(update_fields=[*changes, "revision"])
        record("customer.changed", customer, by=by, at=at, facts=changes)
    return customer


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
    location = Location.objects.select_for_update(no_key=True, of=("self",)).get(pk=location.pk)
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
def reserve(mailbox: Mailbox, *, by: User, at: datetime) -> Mailbox:
    """Will keep a free mailbox for signing up online. Raises MailboxNotFree."""
    return _set_aside(mailbox, MailboxState.RESERVED, "mailbox.reserved", by=by, at=at)


@transaction.atomic
def make_available(mailbox: Mailbox, *, by: User, at: datetime) -> Mailbox:
    """Will give a free mailbox back to staff to assign. Raises MailboxNotFree."""
    return _set_aside(mailbox, MailboxState.AVAILABLE, "mailbox.made_available", by=by, at=at)


def _set_aside(
    mailbox: Mailbox, state: MailboxState, act: str, *, by: User, at: datetime
) -> Mailbox:
    """Will move a free mailbox to ``state``; asked twice, it does so once."""
    mailbox = Mailbox.objects.select_for_update(of=("self",)).get(pk=mailbox.pk)
    if mailbox.state not in {MailboxState.AVAILABLE, MailboxState.RESERVED}:
        raise MailboxNotFree(mailbox=mailbox, state=mailbox.get_state_display().lower())
    if mailbox.state != state:
        mailbox.state = state
        mailbox.save(update_fields=["state"])
        record(act, mailbox, by=by, at=at)
    return mailbox


def _tidied(details: Details) -> dict[str, str]:
    """Will trim every field to one line, but for the notes. Raises CustomerNameMissing."""
    facts = {
        field: value.strip() if field == "notes" else tidy(value)
        for field, value in asdict(details).items()
    }
    facts["email"] = facts["email"].lower()
    facts["notes"] = re.sub(r"\r\n?", "\n", facts["notes"])
    if not facts["name"]:
        raise CustomerNameMissing()
    return facts
