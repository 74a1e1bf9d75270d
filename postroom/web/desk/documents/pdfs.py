"""Documents as PDF, to look at, print or keep."""

from collections.abc import Iterable
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from postroom.domain.billing.models import Invoice
from postroom.domain.billing.queries import find_invoices
from postroom.domain.billing.statements import statement as read_statement
from postroom.domain.customers.models import Customer
from postroom.domain.documents.invoices import MOST, invoice_pdf, invoices_pdf
from postroom.domain.documents.letters import file_name
from postroom.domain.documents.statements import statement_pdf
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.billing.invoice_list import InvoiceFilter
from postroom.web.desk.fields import DayField

#: The days of a statement where none are said.
USUAL_DAYS = timedelta(days=90)


def as_pdf(content: bytes, name: str) -> HttpResponse:
    """Will answer with a PDF that opens in the browser and is saved under a name."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    # It holds what somebody owes: no other person at this machine gets it from the cache.
    answer["Cache-Control"] = "private, no-store"
    return answer


@desk(May.SEE_MONEY)
def invoice(request: DeskRequest, number: int) -> HttpResponse:
    """An invoice or credit note as it was issued."""
    it = get_object_or_404(Invoice.objects.select_related("operator"), number=number)
    return as_pdf(invoice_pdf(it), file_name(it))


@desk(May.SEE_MONEY)
def invoices(request: DeskRequest) -> HttpResponse:
    """The invoices that the list shows, the latest of them where they are many, in one file."""
    found = find_invoices(InvoiceFilter(request.GET).wanted()).invoices
    ids = found.order_by("-number").values_list("pk", flat=True)[:MOST]
    return several(request, ids, "desk:invoices")


def several(request: DeskRequest, ids: Iterable[int], back: str) -> HttpResponse:
    """Will answer with invoices in one PDF; where there are none, with the page it came from."""
    wanted = list(ids)
    if not wanted:
        messages.info(request, "There is no invoice to put into a PDF.")
        return redirect(back, request.operator.slug)
    content = invoices_pdf(wanted, operator=request.operator)
    return as_pdf(content, f"invoices-{request.on}.pdf")


class DaysForm(forms.Form):
    """The first and the last day of a statement."""

    since = DayField(required=False)
    until = DayField(required=False)


@desk(May.SEE_MONEY)
def statement(request: DeskRequest, customer_id: int) -> HttpResponse:
    """A customer's statement over some days; without any said, over the last ninety."""
    customer = get_object_or_404(Customer, pk=customer_id)
    form = DaysForm(request.GET)
    form.is_valid()
    until = form.cleaned_data.get("until") or request.on
    since = form.cleaned_data.get("since") or until - USUAL_DAYS
    content = statement_pdf(
        read_statement(customer, since=min(since, until), until=until),
        operator=request.operator,
        at=request.at,
    )
    return as_pdf(content, f"statement-{customer.pk}-{until}.pdf")
