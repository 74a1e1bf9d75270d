"""Adjusting an invoice: what would be issued, and then the document."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.billing.adjusting import (
    Adjustment,
    AdjustmentSentBefore,
    adjust,
    preview_adjustment,
)
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.payment_queries import left_of, open_items
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.payments.forms import AdjustForm
from postroom.web.refusing import refuse

SENT_BEFORE = (
    "This form was sent before with something else, which was issued."
    " To issue this as well, send it again."
)


@dataclass(frozen=True)
class Preview:
    """What would be issued, and where its amount goes, in minor units."""

    made: Adjustment
    #: Of a credit: what it pays of the invoice, and what stays in the customer's favour.
    pays_minor: int = 0
    #: Of a charge: what the customer has paid ahead and pays it at once.
    paid_ahead_minor: int = 0

    @property
    def total_minor(self) -> int:
        """The amount of the document, whether credited or charged."""
        return abs(self.made.total_minor)

    @property
    def kept_minor(self) -> int:
        return self.total_minor - self.pays_minor

    @property
    def to_pay_minor(self) -> int:
        return self.total_minor - self.paid_ahead_minor


@desk(May.RUN_BILLING)
def adjust_invoice(request: DeskRequest, number: int) -> HttpResponse:
    """By how much and why; entered, what would be issued; and then the act."""
    it = get_object_or_404(
        Invoice.objects.select_related("customer", "operator", "adjusts"), number=number
    )
    if it.adjusts is not None:
        said = f"{it} is an adjustment itself. Adjust this invoice once more instead."
        messages.info(request, said)
        return redirect("desk:invoice", request.operator.slug, it.adjusts.number)
    form = AdjustForm(request.POST if request.method == "POST" else None, operator=request.operator)
    if form.is_bound and form.is_valid():
        sure, again = form.cleaned_data["sure"], "edit" in request.POST
        answer = None if again else (_issue if sure else _confirm)(request, it, form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "invoice": it,
        "customer": it.customer,
        "left_minor": left_of([it]).get(it.pk, 0),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "desk/payments/adjust.html", context, status=status)


def _confirm(request: DeskRequest, it: Invoice, form: AdjustForm) -> HttpResponse | None:
    """Will show what would be issued; None where it is refused, which is on the form then."""
    try:
        made = preview_adjustment(it, amount_minor=form.amount_minor)
    except Refused as refusal:
        refuse(form, refusal)
        return None
    context = {
        "form": form,
        "invoice": it,
        "customer": it.customer,
        "preview": _preview(it, made),
        "is_credit": made.total_minor < 0,
        "reason": form.cleaned_data["reason"],
    }
    return render(request, "desk/payments/adjust_confirm.html", context)


def _preview(it: Invoice, made: Adjustment) -> Preview:
    if made.total_minor < 0:
        left = max(0, left_of([it]).get(it.pk, 0))
        return Preview(made, pays_minor=min(left, -made.total_minor))
    ahead = -sum(
        item.left_minor
        for item in open_items(it.customer_id)
        if item.payment is not None and item.left_minor < 0
    )
    return Preview(made, paid_ahead_minor=min(ahead, made.total_minor))


def _issue(request: DeskRequest, it: Invoice, form: AdjustForm) -> HttpResponse | None:
    typed = form.cleaned_data
    try:
        issued = adjust(
            it,
            amount_minor=form.amount_minor,
            reason=typed["reason"],
            form=typed["form_key"],
            by=request.user,
            at=request.at,
            on=request.on,
        )
    except AdjustmentSentBefore:
        form.renew()
        form.add_error(None, SENT_BEFORE)
        return None
    except Refused as refusal:
        refuse(form, refusal)
        return None
    messages.success(request, f"Issued: {issued}, which adjusts invoice {it.number}.")
    return redirect("desk:invoice", request.operator.slug, issued.number)
