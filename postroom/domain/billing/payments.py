"""Money that changes hands, recorded by hand: received, paid back, taken back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.text import tidy
from postroom.domain.billing.allocating import (
    hold_books,
    put_back,
    put_oldest_first,
    put_towards,
)
from postroom.domain.billing.models import Account, Allocation, Method, OpenItem, Payment, Posting
from postroom.domain.customers.models import Customer
from postroom.domain.events.actions import record
from postroom.domain.users.models import User


class PaymentOfNothing(Refused):
    """Enter an amount above zero."""

    field = "amount"


class PaymentAhead(Refused):
    """{day} lies ahead. Record a payment when the money is there."""

    field = "received_on"


class PaymentSentBefore(Refused):
    """This form was sent before with something else, which was recorded."""


class PaymentTakenBack(Refused):
    """This payment was taken back on {day}."""


class PaymentPaidBack(Refused):
    """{amount} of this payment was paid back to the customer: it can no longer be taken back."""


class OnlyMoneyReceived(Refused):
    """Only money that was received can be taken back."""


class SaysNoReason(Refused):
    """Say why."""

    field = "reason"


class PaysBackTooMuch(Refused):
    """{there} is in the customer's favour: no more can be paid back."""

    field = "amount"


@transaction.atomic
def record_payment(
    customer: Customer,
    *,
    method: Method,
    amount_minor: int,
    received_on: date,
    form: UUID,
    by: User,
    at: datetime,
    on: date,
    reference: str = "",
    towards: Mapping[int, int] | None = None,
) -> Payment:
    """Will record money from a customer, received on a local day no later than ``on``.

    It pays ``towards`` (minor units by the keys of invoices), or what is owed, the oldest first;
    the rest stays on account and pays the next invoices. The same form records once. Raises
    PaymentOfNothing, PaymentAhead, PaymentSentBefore, or what ``put_towards`` does.
    """
    if amount_minor <= 0:
        raise PaymentOfNothing()
    if received_on > on:
        raise PaymentAhead(day=f"{received_on:%d %B %Y}")
    facts = {
        "customer": customer,
        "method": method,
        "amount_minor": amount_minor,
        "on": received_on,
        "reference": tidy(reference),
    }
    hold_books(customer.operator)
    payment, is_new = _enter(form, facts, by=by, at=at)
    if not is_new:
        return payment
    if towards is None:
        put_oldest_first(customer, at=at)
    elif towards:
        put_towards(payment, towards, by=by, at=at, on=on)
    said = {"amount_minor": amount_minor, "method": str(method), "on": received_on.isoformat()}
    record("payment.recorded", customer, by=by, at=at, facts=said)
    return payment


@transaction.atomic
def take_back_payment(
    payment: Payment, *, reason: str, form: UUID, by: User, at: datetime, on: date
) -> Payment:
    """Will undo a payment that bounced or was typed wrong: what it paid is open again.

    Raises SaysNoReason, OnlyMoneyReceived, PaymentTakenBack, PaymentPaidBack or PaymentSentBefore.
    """
    reason = tidy(reason)
    if not reason:
        raise SaysNoReason()
    if payment.amount_minor < 0:
        raise OnlyMoneyReceived()
    hold_books(payment.operator)
    before = Payment.objects.filter(takes_back=payment).first()
    if before is not None and before.entered_by_form != form:
        raise PaymentTakenBack(day=f"{before.on:%d %B %Y}")
    paid_back = Allocation.objects.filter(payment=payment, paid_back__takes_back__isnull=True)
    if given := sum(it.amount_minor for it in paid_back.filter(paid_back__isnull=False)):
        raise PaymentPaidBack(amount=payment.operator.show(given))
    facts = {
        "customer": payment.customer,
        "method": payment.method,
        "amount_minor": -payment.amount_minor,
        "on": on,
        "takes_back": payment,
        "reason": reason,
    }
    taken, is_new = _enter(form, facts, by=by, at=at)
    if is_new:
        put_back(payment, on=on, at=at)
        _settle(payment, taken, payment.amount_minor, at=at)
        said = {"amount_minor": payment.amount_minor, "reason": reason}
        record("payment.taken_back", payment.customer, by=by, at=at, facts=said)
    return taken


@transaction.atomic
def pay_back(
    customer: Customer,
    *,
    method: Method,
    amount_minor: int,
    paid_on: date,
    reason: str,
    form: UUID,
    by: User,
    at: datetime,
    on: date,
    reference: str = "",
) -> Payment:
    """Will record a refund of what is in a customer's favour: the oldest payment or credit first.

    Raises PaymentOfNothing, PaymentAhead, SaysNoReason, PaysBackTooMuch or PaymentSentBefore.
    """
    if amount_minor <= 0:
        raise PaymentOfNothing()
    if paid_on > on:
        raise PaymentAhead(day=f"{paid_on:%d %B %Y}")
    if not (reason := tidy(reason)):
        raise SaysNoReason()
    facts = {
        "customer": customer,
        "method": method,
        "amount_minor": -amount_minor,
        "on": paid_on,
        "reference": tidy(reference),
        "reason": reason,
    }
    hold_books(customer.operator)
    refund, is_new = _enter(form, facts, by=by, at=at)
    if is_new:
        _draw(customer, refund, at=at)
        said = {"amount_minor": amount_minor, "method": str(method), "reason": reason}
        record("payment.paid_back", customer, by=by, at=at, facts=said)
    return refund


def in_favour_of(customer: Customer) -> int:
    """Will return what a customer has on account and of credit notes, in minor units."""
    items = OpenItem.objects.filter(customer=customer, left_minor__lt=0)
    return -sum(items.values_list("left_minor", flat=True))


def _draw(customer: Customer, refund: Payment, *, at: datetime) -> None:
    """Will pay a refund from what is in the customer's favour."""
    left = -refund.amount_minor
    items = OpenItem.objects.filter(customer=customer, left_minor__lt=0)
    for item in items.select_related("invoice", "payment").order_by("on", "pk"):
        giver = item.payment or item.invoice
        if left and giver is not None:
            drawn = min(left, -item.left_minor)
            _settle(giver, refund, drawn, at=at)
            left -= drawn
    if left:
        there = customer.operator.show(-refund.amount_minor - left)
        raise PaysBackTooMuch(there=there)


def _settle(giver: Any, paid_back: Payment, amount_minor: int, *, at: datetime) -> None:
    Allocation.objects.create(
        operator_id=paid_back.operator_id,
        **{"payment" if isinstance(giver, Payment) else "credit_note": giver},
        paid_back=paid_back,
        amount_minor=amount_minor,
        on=max(paid_back.on, giver.on if isinstance(giver, Payment) else giver.billed_on),
        at=at,
    )


def _enter(form: UUID, facts: dict[str, Any], *, by: User, at: datetime) -> tuple[Payment, bool]:
    """Will write a payment with its open item and postings, or return what the form wrote."""
    before = Payment.objects.filter(entered_by_form=form).first()
    if before is not None:
        if any(getattr(before, name) != value for name, value in facts.items()):
            raise PaymentSentBefore()
        return before, False
    operator_id = facts["customer"].operator_id
    payment = Payment.objects.create(
        operator_id=operator_id, entered_by_form=form, entered_by=by, entered_at=at, **facts
    )
    of_it = {"operator_id": operator_id, "payment": payment, "on": payment.on}
    OpenItem.objects.create(
        customer=payment.customer,
        amount_minor=-payment.amount_minor,
        left_minor=-payment.amount_minor,
        **of_it,
    )
    Posting.objects.bulk_create(
        [
            Posting(account=account, amount_minor=minor, **of_it)
            for account, minor in [
                (Account(payment.method), payment.amount_minor),
                (Account.RECEIVABLE, -payment.amount_minor),
            ]
        ]
    )
    return payment, True
