"""Adjustments: putting an invoice right by hand, with a reason, on a document of its own."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from postroom.base.money import round_half_away
from postroom.base.refusals import Refused
from postroom.base.sql import rows
from postroom.base.text import tidy
from postroom.domain.billing.allocating import hold_books, put_oldest_first
from postroom.domain.billing.models import (
    Allocation,
    Invoice,
    InvoiceLine,
    LineKind,
    OpenItem,
)
from postroom.domain.billing.run import SQL, enter_in_books
from postroom.domain.events.actions import record
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.users.models import User


class AdjustsByNothing(Refused):
    """Enter an amount above zero."""

    field = "amount"


class AdjustmentSaysNoReason(Refused):
    """Say why: the customer reads it on the document."""

    field = "reason"


class AdjustsAnAdjustment(Refused):
    """This is an adjustment itself. Adjust invoice {number} once more instead."""


class CreditsMoreThanBilled(Refused):
    """That would come to {wanted}, and the invoice to {billed}: no more can be credited."""

    field = "amount"


class AdjustmentSentBefore(Refused):
    """This form was sent before with something else, which was issued."""


@dataclass(frozen=True)
class Adjustment:
    """What a document of an adjustment comes to, in minor units; below zero it is a credit."""

    subtotal_minor: int
    tax_minor: int
    included_tax_minor: int
    tax_percent: Any = None
    tax_included: bool = False

    @property
    def total_minor(self) -> int:
        return self.subtotal_minor + self.tax_minor


def preview_adjustment(invoice: Invoice, *, amount_minor: int) -> Adjustment:
    """Will work out an adjustment by an amount before tax, below zero a credit.

    It is taxed as the invoice was; tax that rates include is within the amount. Raises
    AdjustsByNothing, AdjustsAnAdjustment or CreditsMoreThanBilled.
    """
    if amount_minor == 0:
        raise AdjustsByNothing()
    if invoice.adjusts is not None:
        raise AdjustsAnAdjustment(number=invoice.adjusts.number)
    taxed = InvoiceLine.objects.filter(invoice=invoice, tax_percent__isnull=False)
    line = taxed.exclude(kind=LineKind.TAX).order_by("pk").first()
    percent = Fraction(line.tax_percent) if line and line.tax_percent else Fraction(0)
    included = bool(line and line.tax_included)
    added = 0 if included else round_half_away(amount_minor * percent / 100)
    within = round_half_away(amount_minor * percent / (100 + percent)) if included else 0
    made = Adjustment(
        amount_minor, added, within, line.tax_percent if line else None, tax_included=included
    )
    before = invoice.adjusted_by.aggregate(sum=Sum("total_minor", default=0))["sum"]
    billed = invoice.total_minor + int(before)
    if made.total_minor < 0 and billed + made.total_minor < 0:
        show = invoice.operator.show
        raise CreditsMoreThanBilled(wanted=show(-made.total_minor), billed=show(max(0, billed)))
    return made


@transaction.atomic
def adjust(
    invoice: Invoice,
    *,
    amount_minor: int,
    reason: str,
    form: UUID,
    by: User,
    at: datetime,
    on: date,
) -> Invoice:
    """Will put an invoice right by an amount before tax: below zero on a credit note.

    The credit pays what is left of the invoice first; the rest pays the customer's next invoices,
    or is paid back. ``on`` is the local day, the billing date of the new document. The same form
    adjusts once. Raises AdjustmentSaysNoReason, AdjustmentSentBefore, or what
    ``preview_adjustment`` does.
    """
    if not (reason := tidy(reason)):
        raise AdjustmentSaysNoReason()
    # In the order in which the run holds them, so that nobody waits in a ring.
    Subscription.objects.select_for_update(of=("self",)).get(pk=invoice.subscription_id)
    hold_books(invoice.operator)
    before = Invoice.objects.filter(entered_by_form=form).first()
    if before is not None:
        said = (before.adjusts_id, before.subtotal_minor, _reason_of(before))
        if said != (invoice.pk, amount_minor, reason):
            raise AdjustmentSentBefore()
        return before
    made = preview_adjustment(invoice, amount_minor=amount_minor)
    issued = _issue(invoice, made, reason, form=form, by=by, at=at, on=on)
    if issued.is_credit_note:
        _pay_first(invoice, issued, at=at)
    else:
        put_oldest_first(invoice.customer, at=at)
    facts = {"number": issued.number, "amount_minor": issued.total_minor, "reason": reason}
    record("invoice.adjusted", invoice, by=by, at=at, facts=facts | {"of": invoice.number})
    return issued


def _issue(
    invoice: Invoice,
    made: Adjustment,
    reason: str,
    *,
    form: UUID,
    by: User,
    at: datetime,
    on: date,
) -> Invoice:
    """Will number and write the document, its lines, and what stands in the books."""
    one = {"operator": invoice.operator_id, "wanted": 1}
    [series] = rows(SQL / "numbers.sql", one)
    number = series["last_number"]
    issued = Invoice.objects.create(
        operator_id=invoice.operator_id,
        number=number,
        subscription_id=invoice.subscription_id,
        customer_id=invoice.customer_id,
        billed_on=on,
        adjusts=invoice,
        entered_by_form=form,
        entered_by=by,
        currency=invoice.currency,
        customer_name=invoice.customer.name,
        customer_address=invoice.customer_address,
        subtotal_minor=made.subtotal_minor,
        tax_minor=made.tax_minor,
        included_tax_minor=made.included_tax_minor,
        tax_name=invoice.tax_name,
        total_minor=made.total_minor,
        issued_at=at,
    )
    InvoiceLine.objects.bulk_create(_lines(issued, made, reason))
    enter_in_books(one | {"first_number": number, "last_number": number})
    return issued


def _lines(issued: Invoice, made: Adjustment, reason: str) -> list[InvoiceLine]:
    day = {
        "operator_id": issued.operator_id,
        "invoice": issued,
        "starts_on": issued.billed_on,
        "ends_on": issued.billed_on + timedelta(days=1),
        "tax_percent": made.tax_percent,
    }
    lines = [
        InvoiceLine(
            kind=LineKind.ADJUSTMENT,
            amount_minor=made.subtotal_minor,
            tax_included=made.tax_included,
            text=reason,
            **day,
        )
    ]
    if made.tax_minor:
        lines.append(InvoiceLine(kind=LineKind.TAX, amount_minor=made.tax_minor, **day))
    return lines


def _reason_of(issued: Invoice) -> str:
    return InvoiceLine.objects.get(invoice=issued, kind=LineKind.ADJUSTMENT).text


def _pay_first(invoice: Invoice, note: Invoice, *, at: datetime) -> None:
    """Will put a credit note towards what is left of the invoice that it puts right."""
    left = OpenItem.objects.get(invoice=invoice).left_minor
    if left > 0:
        Allocation.objects.create(
            operator_id=invoice.operator_id,
            credit_note=note,
            invoice=invoice,
            amount_minor=min(left, -note.total_minor),
            on=note.billed_on,
            at=at,
        )
