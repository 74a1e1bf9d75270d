"""Mailing one invoice by hand: asks once more, with the address, then leaves it to a worker."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.billing.models import Invoice
from postroom.domain.documents.noting import mail_by_hand
from postroom.domain.documents.queries import history_of
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.fields import SeenField
from postroom.web.worker import ask_worker


class MailForm(forms.Form):
    """What was shown: where it goes, and how often it was mailed."""

    address = forms.CharField(max_length=254, required=False, widget=forms.HiddenInput)
    seen = SeenField()


@desk(May.RUN_BILLING)
def mail_it(request: DeskRequest, number: int) -> HttpResponse:
    """Where an invoice would go; sending the form has it mailed."""
    invoices = Invoice.objects.select_related("customer", "operator")
    invoice = get_object_or_404(invoices, number=number)
    refused = None
    if request.method == "POST":
        refused = _ask(request, invoice)
        if refused is None:
            messages.success(request, f"{invoice} goes to {invoice.customer.email} in a moment.")
            return redirect("desk:invoice", request.operator.slug, number)
        invoice = get_object_or_404(invoices, number=number)
    history = history_of(invoice)
    seen = history.mail.round if history.mail else 0
    context = {
        "invoice": invoice,
        "customer": invoice.customer,
        "form": MailForm(initial={"address": invoice.customer.email, "seen": seen}),
        "history": history,
        "refused": refused,
    }
    status = 422 if refused else 200
    return render(request, "desk/documents/mail_it.html", context, status=status)


def _ask(request: DeskRequest, invoice: Invoice) -> Refused | None:
    """Will have the invoice mailed, and a worker told; returns why not."""
    form = MailForm(request.POST)
    form.is_valid()
    try:
        mail_by_hand(
            invoice,
            address=form.cleaned_data.get("address", ""),
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=request.at,
        )
    except Refused as refusal:
        return refusal
    operator = request.operator.pk
    ask_worker("mail_invoices_of", once=f"mail {operator}", operator_id=operator)
    return None
