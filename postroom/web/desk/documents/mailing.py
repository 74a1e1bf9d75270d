"""Mailing one invoice by hand: asks once more, with the address, then leaves it to a worker."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from postroom.base.refusals import Refused
from postroom.domain.billing.models import Invoice
from postroom.domain.documents.noting import mail_by_hand
from postroom.domain.documents.queries import history_of
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.fields import SeenField


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
    tell_worker(request.operator.pk)
    return None


def tell_worker(operator_id: int) -> None:
    """Will put the mailing of an operator's invoices on the list of jobs, once."""
    job = app.configure_task("postroom.jobs.mail_invoices_of", queueing_lock=f"mail {operator_id}")
    try:
        with transaction.atomic():
            job.defer(operator_id=operator_id)
    except AlreadyEnqueued:
        return
