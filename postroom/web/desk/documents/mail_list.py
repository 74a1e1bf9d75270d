"""The list of invoices that are mailed: what waits, what was sent, refused, or has no address."""

from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.domain.documents.invoices import MOST
from postroom.domain.documents.models import InvoiceMail, MailState
from postroom.domain.documents.queries import (
    WantedMails,
    count_mails,
    find_mails,
    waits_too_long,
)
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import moment
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.documents.pdfs import several
from postroom.web.desk.fields import DayField

PER_PAGE = 25
TONES = {
    MailState.WAITING: "info",
    MailState.SENT: "good",
    MailState.REFUSED: "bad",
    MailState.NO_ADDRESS: "warn",
}
ON_WIDE_SCREENS = {
    "th": {"class": "d-none d-sm-table-cell"},
    "td": {"class": "d-none d-sm-table-cell"},
}


class MailFilter(forms.Form):
    """Search and filters above the list."""

    q = forms.CharField(
        required=False,
        max_length=80,
        label="Search",
        widget=forms.TextInput(attrs={"placeholder": "Number, customer or #mailbox"}),
    )
    state = forms.TypedChoiceField(
        required=False,
        coerce=MailState,
        empty_value=None,
        choices=[("", "All"), *MailState.choices],
    )
    since = DayField(required=False, label="Billed from")
    until = DayField(required=False, label="Billed to")

    def wanted(self) -> WantedMails:
        """Will return what to look for; what makes no sense is left out."""
        self.is_valid()
        typed = self.cleaned_data
        return WantedMails(
            words=typed.get("q", "").strip(),
            state=typed.get("state"),
            since=typed.get("since"),
            until=typed.get("until"),
        )


class MailTable(tables.Table):  # type: ignore[misc]
    invoice = tables.Column(
        "Number", accessor="invoice__number", attrs={"td": {"class": "text-nowrap"}}
    )
    customer = tables.Column("Customer", accessor="invoice__customer_name")
    state = tables.Column()
    said = tables.Column("To, and the answer", empty_values=(), attrs=ON_WIDE_SCREENS)
    moved_at = tables.Column("When", attrs=ON_WIDE_SCREENS)

    class Meta:
        orderable = False
        empty_text = "No mails match"

    caption = "Invoices and credit notes by mail, the latest first"
    empty_sentence = "Try other words, or clear the filters."
    empty_icon = "mail"

    def __init__(self, *args: object, operator: Operator, **kwargs: Any) -> None:
        self.operator = operator
        super().__init__(*args, **kwargs)

    def render_invoice(self, record: InvoiceMail, value: int) -> SafeString:
        url = reverse("desk:invoice", args=[self.operator.slug, value])
        link = format_html('<a class="row-link" href="{}">{}</a>', url, value)
        if not record.invoice.is_credit_note:
            return link
        badge = '{} <span class="status-badge tone-muted d-none d-sm-inline">Credit note</span>'
        return format_html(badge, link)

    def render_customer(self, record: InvoiceMail, value: str) -> SafeString:
        url = reverse("desk:customer", args=[self.operator.slug, record.invoice.customer_id])
        return format_html('<a href="{}">{}</a>', url, value)

    def render_state(self, record: InvoiceMail) -> SafeString:
        tone = TONES[MailState(record.state)]
        return format_html(
            '<span class="status-badge tone-{}">{}</span>', tone, record.get_state_display()
        )

    def render_said(self, record: InvoiceMail) -> SafeString:
        return format_html(
            '{}<div class="text-secondary small text-break">{}</div>', record.address, record.said
        )

    def render_moved_at(self, record: InvoiceMail) -> str:
        return moment(record.moved_at, self.operator)


@desk(May.SEE_MONEY)
def mails(request: DeskRequest) -> HttpResponse:
    """Every invoice that was to be mailed, and what became of it."""
    form = MailFilter(request.GET)
    found = find_mails(form.wanted())
    table = MailTable(found, operator=request.operator)
    arrange(request, table, per_page=PER_PAGE)
    counts = count_mails()
    context = {
        "table": table,
        "form": form,
        "counts": [(it, counts.get(it, 0)) for it in MailState],
        "any_mails": bool(counts),
        "count": table.paginator.count,
        "most": MOST,
        "stuck_since": waits_too_long(at=request.at),
        "may_run_house": request.may("run_house"),
    }
    return render(request, "desk/documents/mails.html", context)


@desk(May.SEE_MONEY)
def mails_pdf(request: DeskRequest) -> HttpResponse:
    """The documents of the mails that the list shows, in one file, to print and post."""
    found = find_mails(MailFilter(request.GET).wanted())
    return several(request, found.values_list("invoice_id", flat=True)[:MOST], "desk:mails")
