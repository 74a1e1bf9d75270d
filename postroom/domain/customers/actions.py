"""What is done with customers."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from postroom.base.refusals import Refused, constraint_of
from postroom.base.text import tidy
from postroom.domain.customers.models import (
    Customer,
    Kind,
    Recipient,
    Standing,
)
from postroom.domain.events.actions import record
from postroom.domain.operators.models import Operator
from postroom.domain.users.models import User


class CustomerNameMissing(Refused):
    """Enter the customer's name."""

    field = "name"


class CustomerChangedMeanwhile(Refused):
    """Somebody else saved this customer while you had it open. Compare, then save again."""


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
    operator: Operator,
    *,
    details: Details,
    by: User | None,
    at: datetime,
    form: UUID | None = None,
    standing: Standing = Standing.ACTIVE,
    external_id: str = "",
) -> Customer:
    """Will add a customer; the same form adds him once. Raises CustomerNameMissing."""
    added = Customer.objects.filter(made_by_form=form).first() if form else None
    if added is not None:
        return added
    try:
        with transaction.atomic():
            customer = Customer.objects.create(
                operator=operator,
                made_by_form=form,
                added_at=at,
                standing=standing,
                external_id=external_id,
                **_tidied(details),
            )
    except IntegrityError as error:
        # The second half of a double click met the first one still at work.
        if constraint_of(error) != "customer_is_made_once_by_a_form":
            raise
        return Customer.objects.get(made_by_form=form)
    if standing == Standing.ACTIVE:
        # Of who signs up it is written down that they did.
        record("customer.added", customer, by=by, at=at)
    return customer


@transaction.atomic
def change_customer(
    customer: Customer, *, details: Details, seen: int, by: User | None, at: datetime
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
def set_standing(customer: Customer, *, standing: Standing) -> Customer:
    """Will note whether somebody may rent; whoever decides it writes down that it was decided."""
    customer.standing = standing
    customer.save(update_fields=["standing"])
    return customer


@transaction.atomic
def name_recipients(customer: Customer, *, names: Sequence[str], at: datetime) -> list[Recipient]:
    """Will have just these people get mail at a customer's address, beside the customer."""
    wanted = {name.lower(): name for it in names if (name := tidy(it))}
    there = {it.name.lower(): it for it in Recipient.objects.filter(customer=customer)}
    for name, recipient in there.items():
        if name not in wanted:
            recipient.delete()
    Recipient.objects.bulk_create(
        Recipient(operator_id=customer.operator_id, customer=customer, name=name, added_at=at)
        for key, name in wanted.items()
        if key not in there
    )
    return list(Recipient.objects.filter(customer=customer))


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
