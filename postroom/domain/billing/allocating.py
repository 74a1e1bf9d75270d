"""Putting what a customer has paid, or is credited, towards what they owe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from postroom.base.refusals import Refused
from postroom.base.sql import changed
from postroom.domain.billing.models import (
    Allocation,
    Invoice,
    NumberSeries,
    OpenItem,
    Payment,
)
from postroom.domain.billing.run import SQL
from postroom.domain.customers.models import Customer
from postroom.domain.events.actions import record
from postroom.domain.operators.models import Operator
from postroom.domain.users.models import User

#: What gives: money that was received, or a credit note.
Giver = Payment | Invoice


class PutsMoreThanThereIs(Refused):
    """Together that is {wanted}, and there is {there} to put towards invoices."""


class PutsMoreThanIsOwed(Refused):
    """Invoice {number} has {left} left to pay."""


class PutsTowardsAnother(Refused):
    """Only invoices of the same customer can be paid with this."""


class PutsBelowZero(Refused):
    """An amount cannot be below zero."""


@dataclass(frozen=True)
class Payable:
    """An invoice that a payment could go to, with what it has of it already, in minor units."""

    invoice: Invoice
    left_minor: int
    put_minor: int = 0

    @property
    def most_minor(self) -> int:
        return self.left_minor + self.put_minor


def hold_books(operator: Operator) -> None:
    """Will have others who settle or number this operator's documents wait for this transaction."""
    series = NumberSeries.objects.select_for_update(of=("self",)).filter(operator=operator).first()
    if series is None:
        # Nothing has a number yet.
        Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)


def payables(customer: Customer, giver: Giver | None = None) -> list[Payable]:
    """Will return the invoices that a customer owes something of, the oldest first.

    Also those that ``giver`` pays by now, so that it can be put elsewhere.
    """
    put = _put_by(giver) if giver else {}
    owed = OpenItem.objects.filter(customer=customer, invoice__isnull=False, left_minor__gt=0)
    paid = OpenItem.objects.filter(invoice__in=[pk for pk, minor in put.items() if minor])
    items = (owed | paid).select_related("invoice").order_by("on", "pk")
    return [
        Payable(it.invoice, it.left_minor, put.get(it.invoice.pk, 0))
        for it in items
        if it.invoice is not None
    ]


def left_to_put(giver: Giver) -> int:
    """Will return what is left of a payment or credit note, in minor units."""
    return -_item_of(giver).left_minor


@transaction.atomic
def put_towards(
    giver: Giver, wanted: Mapping[int, int], *, by: User, at: datetime, on: date
) -> None:
    """Will have a payment or credit note pay just these amounts of invoices, by their keys.

    What it paid of others is open again; what is not put anywhere stays on account. What a credit
    note paid when an invoice was issued is printed there, and stays. Raises PutsMoreThanThereIs,
    PutsMoreThanIsOwed, PutsTowardsAnother or PutsBelowZero.
    """
    hold_books(giver.operator)
    put = _put_by(giver)
    moves = {pk: wanted.get(pk, 0) - put.get(pk, 0) for pk in {*put, *wanted}}
    _refuse_overspending(giver, wanted, moves)
    facts = _of(giver) | {"operator_id": giver.operator_id, "on": on, "at": at}
    for side in (-1, 1):
        # What is taken back first: another invoice may need it.
        Allocation.objects.bulk_create(
            [
                Allocation(invoice_id=pk, amount_minor=minor, **facts)
                for pk, minor in sorted(moves.items())
                if minor * side > 0
            ]
        )
    if any(moves.values()):
        numbers = _numbers([pk for pk, minor in wanted.items() if minor])
        subject = giver.customer if isinstance(giver, Payment) else giver
        record("payment.put_towards", subject, by=by, at=at, facts={"invoices": numbers})


def put_oldest_first(customer: Customer, *, at: datetime) -> None:
    """Will put what a customer has paid ahead towards what they owe, the oldest first."""
    facts = {"operator": customer.operator_id, "customers": [customer.pk], "at": at}
    changed(SQL / "from_account.sql", facts)


def put_back(payment: Payment, *, on: date, at: datetime) -> None:
    """Will take a payment from the invoices that it pays, so that they are open again."""
    Allocation.objects.bulk_create(
        [
            Allocation(
                operator_id=payment.operator_id,
                payment=payment,
                invoice_id=pk,
                amount_minor=-minor,
                on=on,
                at=at,
            )
            for pk, minor in _put_by(payment).items()
            if minor
        ]
    )


def _refuse_overspending(giver: Giver, wanted: Mapping[int, int], moves: Mapping[int, int]) -> None:
    show = giver.operator.show
    if any(minor < 0 for minor in wanted.values()):
        raise PutsBelowZero()
    there = left_to_put(giver) + sum(_put_by(giver).values())
    if sum(wanted.values()) > there:
        raise PutsMoreThanThereIs(wanted=show(sum(wanted.values())), there=show(there))
    items = {
        it.invoice_id: it
        for it in OpenItem.objects.filter(invoice__in=wanted).select_related("invoice")
    }
    for pk, minor in moves.items():
        item = items.get(pk)
        if minor > 0 and (item is None or item.customer_id != giver.customer_id):
            raise PutsTowardsAnother()
        if minor > 0 and item is not None and item.invoice is not None and minor > item.left_minor:
            left = item.left_minor + wanted[pk] - minor
            raise PutsMoreThanIsOwed(number=item.invoice.number, left=show(max(0, left)))


def _put_by(giver: Giver) -> dict[int, int]:
    """Will return what was put towards each invoice by hand or from account, by its key."""
    made = Allocation.objects.filter(**_of(giver), invoice__isnull=False, at_issue=False)
    sums = made.order_by().values_list("invoice").annotate(sum=Sum("amount_minor"))
    return {pk: int(minor) for pk, minor in sums}


def _of(giver: Giver) -> dict[str, Giver]:
    return {"payment" if isinstance(giver, Payment) else "credit_note": giver}


def _item_of(giver: Giver) -> OpenItem:
    if isinstance(giver, Payment):
        return OpenItem.objects.get(payment=giver)
    return OpenItem.objects.get(invoice=giver)


def _numbers(invoices: list[int]) -> list[int]:
    found = Invoice.objects.filter(pk__in=invoices).order_by("number")
    return list(found.values_list("number", flat=True))
