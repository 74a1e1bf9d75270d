"""One payment: what it pays, what is left of it, and what may still be done with it."""

from typing import NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from postroom.domain.billing.models import Invoice, Payment
from postroom.domain.billing.payment_queries import (
    Share,
    balances,
    left_of,
    shares_of,
    sources_of,
    taken_back,
)
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk


class Acts(NamedTuple):
    """What may be done with a payment."""

    put: bool = False
    take_back: bool = False
    pay_back: bool = False


def whole() -> QuerySet[Payment]:
    """Will return payments with what their pages say of them."""
    return Payment.objects.select_related("customer", "entered_by", "operator", "takes_back")


@desk(May.SEE_MONEY)
def payment(request: DeskRequest, payment_id: int) -> HttpResponse:
    """A payment, refund, or what took a payment back."""
    it = get_object_or_404(whole(), pk=payment_id)
    undone = taken_back([it]).get(it.pk)
    shares = shares_of(it) if it.amount_minor > 0 else []
    left_minor = -left_of([it]).get(it.pk, 0)
    context = {
        "payment": it,
        "customer": it.customer,
        "pays": [each for each in shares if isinstance(each.document, Invoice)],
        "paid_back": [each for each in shares if _is_refund(each)],
        "sources": sources_of(it) if it.is_refund else [],
        "left_minor": left_minor,
        "undone": undone,
        "balance_minor": balances([it.customer_id]).get(it.customer_id, 0),
        "acts": _acts(request, it, shares, left_minor, undone),
    }
    return render(request, "desk/payments/payment.html", context)


def _is_refund(share: Share) -> bool:
    return isinstance(share.document, Payment) and share.document.is_refund


def _acts(
    request: DeskRequest, it: Payment, shares: list[Share], left_minor: int, undone: Payment | None
) -> Acts:
    if it.amount_minor < 0 or undone or not request.may("run_billing"):
        return Acts()
    return Acts(
        put=left_minor > 0 or any(not each.is_payment for each in shares),
        take_back=not any(_is_refund(each) for each in shares),
        pay_back=left_minor > 0,
    )
