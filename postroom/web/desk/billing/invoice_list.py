"""The list of invoices and credit notes, on the page and as a table to take away."""

from collections.abc import Iterable, Iterator
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from postroom.base import money
from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import BillingRun, Invoice
from postroom.domain.billing.portions import NAMES, Portion, WantedLines, come_to
from postroom.domain.billing.queries import (
    Found,
    Kind,
    State,
    Sums,
    Wanted,
    find_invoices,
    in_pages,
    sums_of,
    with_left,
)
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import Location, Operator
from postroom.domain.operators.permissions import May
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.numbering import numbers_at
from postroom.domain.subscriptions.queries import MOST_FOUND
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.billing.left import left_of
from postroom.web.desk.fields import DayField
from postroom.web.desk.tables_to_take import table_of, to_take, words

PER_PAGE = 25
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}

#: What a column sorts by. Both orders are read from an index, whatever the number of invoices.
ORDERS = {"number": ("number",), "billed_on": ("billed_on", "number")}

#: Rows that are read at once for the table to take away.
CHUNK = 2_000

COLUMNS = (
    "number",
    "kind",
    "billing_date",
    "customer",
    "mailbox",
    "location",
    "currency",
    "subtotal",
    "tax_added",
    "tax_included",
    "total",
    "credits_taken",
    "left_to_pay",
)


class InvoiceFilter(forms.Form):
    """Search and filters above the list."""

    q = forms.CharField(
        required=False,
        max_length=80,
        label="Search",
        widget=forms.TextInput(attrs={"placeholder": "Number, customer or #mailbox"}),
    )
    kind = forms.TypedChoiceField(
        required=False,
        coerce=Kind,
        empty_value=None,
        choices=[("", "Both"), (Kind.INVOICE, "Invoices"), (Kind.CREDIT_NOTE, "Credit notes")],
    )
    since = DayField(required=False, label="Billed from")
    until = DayField(required=False, label="Billed to")
    state = forms.TypedChoiceField(
        required=False,
        coerce=State,
        empty_value=None,
        choices=[("", "Any"), (State.OPEN, "Open"), (State.CREDIT_LEFT, "Credit left")],
    )
    run = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    customer = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    # What a figure of a report opens to.
    location = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    portion = forms.ChoiceField(
        required=False, choices=[(it, NAMES[it]) for it in Portion], widget=forms.HiddenInput
    )
    service = forms.ChoiceField(required=False, choices=Service.choices, widget=forms.HiddenInput)
    plan = forms.RegexField(r"^(none|\d{1,18})$", required=False, widget=forms.HiddenInput)

    def wanted(self) -> Wanted:
        """Will return what to look for; what makes no sense is left out."""
        self.is_valid()
        typed = self.cleaned_data
        return Wanted(
            words=typed.get("q", "").strip(),
            kind=typed.get("kind"),
            state=typed.get("state"),
            since=typed.get("since"),
            until=typed.get("until"),
            run_id=typed.get("run"),
            customer_id=typed.get("customer"),
            location_id=typed.get("location"),
            lines=self._lines(),
        )

    def _lines(self) -> WantedLines | None:
        typed = self.cleaned_data
        portion, service, plan = (typed.get(it) for it in ("portion", "service", "plan"))
        if not portion:
            return None
        return WantedLines(
            Portion(portion),
            service=Service(service) if service else None,
            plan_id=int(plan) if plan and plan != "none" else None,
            of_no_plan=plan == "none",
        )


class InvoiceRows(TableData):  # type: ignore[misc]
    """A page of invoices at a time: their numbers from an index first, then the rows."""

    def __init__(self, found: Found, sums: Sums) -> None:
        super().__init__(found.invoices)
        self.sums = sums
        self.order: tuple[str, ...] = ("-number",)

    def order_by(self, aliases: Iterable[str]) -> None:
        for alias in aliases:
            fields = ORDERS[alias.lstrip("-")]
            self.order = tuple(f"-{it}" for it in fields) if alias.startswith("-") else fields

    def __len__(self) -> int:
        return self.sums.count

    def __getitem__(self, key: slice) -> list[Invoice]:
        page = self.data.order_by(*self.order)
        numbers = list(page.values_list("number", flat=True)[key])
        return list(with_left(Invoice.objects.filter(number__in=numbers)).order_by(*self.order))


#: What a phone has no room for: the date stands under the number there, and what is left to pay on
#: the invoice.
ON_WIDE_SCREENS = {
    "th": {"class": "d-none d-sm-table-cell"},
    "td": {"class": "d-none d-sm-table-cell text-nowrap"},
}
NUMBER_ON_WIDE_SCREENS = {
    part: {"class": f"{its['class']} d-none d-sm-table-cell"} for part, its in NUMBER.items()
}


class InvoiceTable(tables.Table):  # type: ignore[misc]
    number = tables.Column()
    billed_on = tables.Column("Billing date", attrs=ON_WIDE_SCREENS)
    customer_name = tables.Column("Customer", orderable=False)
    total_minor = tables.Column("Total", orderable=False, attrs=NUMBER)
    left_minor = tables.Column("Left to pay", orderable=False, attrs=NUMBER_ON_WIDE_SCREENS)

    class Meta:
        empty_text = "No invoices match"

    caption = "Invoices and credit notes"
    empty_sentence = "Try other words, or clear the filters."
    empty_icon = "receipt-text"

    def __init__(self, *args: object, operator: Operator, **kwargs: Any) -> None:
        self.operator = operator
        super().__init__(*args, order_by="-number", **kwargs)

    def render_number(self, value: int, record: Invoice) -> SafeString:
        url = reverse("desk:invoice", args=[self.operator.slug, value])
        link = format_html(
            '<a class="row-link" href="{}">{}'
            ' <span class="d-block d-sm-none small text-nowrap">{}</span></a>',
            url,
            value,
            day(record.billed_on, self.operator),
        )
        if not record.is_credit_note:
            return link
        return format_html('{} <span class="status-badge tone-muted">Credit note</span>', link)

    def render_billed_on(self, record: Invoice) -> str:
        return day(record.billed_on, self.operator)

    def render_customer_name(self, value: str, record: Invoice) -> SafeString:
        url = reverse("desk:customer", args=[self.operator.slug, record.customer_id])
        return format_html('<a href="{}">{}</a>', url, value)

    def render_total_minor(self, value: int, record: Any) -> SafeString:
        in_the_hand = format_html(
            '<span class="d-block d-sm-none">{}</span>',
            left_of(record, record.left_minor, self.operator),
        )
        return format_html("{}{}", self.operator.show(value), in_the_hand)

    def render_left_minor(self, value: int, record: Invoice) -> SafeString:
        return left_of(record, value, self.operator)


@desk(May.SEE_MONEY)
def invoices(request: DeskRequest) -> HttpResponse:
    """Every invoice and credit note: searched, filtered, added up, a page at a time."""
    form = InvoiceFilter(request.GET)
    wanted = form.wanted()
    found = find_invoices(wanted)
    sums = sums_of(found.invoices)
    table = InvoiceTable(InvoiceRows(found, sums), operator=request.operator)
    arrange(request, table, per_page=PER_PAGE)
    context = {
        "table": table,
        "form": form,
        "sums": sums,
        "any_invoices": sums.count > 0 or wanted != Wanted(),
        "capped": found.capped,
        "most": MOST_FOUND,
        "run": _known(BillingRun, wanted.run_id),
        "customer": _known(Customer, wanted.customer_id),
        "location": _known(Location, wanted.location_id),
        "lines": wanted.lines and lines_in_words(wanted.lines),
        "lines_minor": wanted.lines and come_to(found.invoices, wanted.lines),
    }
    return render(request, "desk/billing/invoices.html", context)


def lines_in_words(wanted: WantedLines) -> str:
    """Will name lines as a report does: “Extras, Forward, of Gold”."""
    said = [NAMES[wanted.portion]]
    if wanted.service is not None:
        said.append(str(wanted.service.label))
    plan = _known(Plan, wanted.plan_id)
    if plan or wanted.of_no_plan:
        said.append(f"of {plan}" if plan else "of no plan")
    return ", ".join(said)


def _known(model: Any, pk: int | None) -> Any:
    return model.objects.filter(pk=pk).first() if pk else None


@desk(May.SEE_MONEY)
def invoices_csv(request: DeskRequest) -> HttpResponse:
    """The same invoices as the list shows, all pages of it, for a spreadsheet."""
    found = find_invoices(InvoiceFilter(request.GET).wanted())
    return to_take(lines(request.operator, found), name=f"invoices-{request.on}")


def lines(operator: Operator, found: Found, *, chunk: int = CHUNK) -> Iterator[str]:
    """Will yield the table, reading a chunk at a time, each in a short scope of its own."""
    return table_of(operator, COLUMNS, _rows(operator, found, chunk))


def _rows(operator: Operator, found: Found, chunk: int) -> Iterator[list[object]]:
    after = 0
    while True:
        with as_operator(operator.pk):
            read = in_pages(found.invoices, after=after, page=chunk)
            numbers = numbers_at([(it.subscription, it.issued_at) for it in read])
        for invoice, mailbox in zip(read, numbers, strict=True):
            yield _cells(operator, invoice, mailbox)
        if len(read) < chunk:
            return
        after = read[-1].number


def _cells(operator: Operator, invoice: Invoice, mailbox: str) -> list[object]:
    amounts = (
        invoice.subtotal_minor,
        invoice.tax_minor,
        invoice.included_tax_minor,
        invoice.total_minor,
        invoice.credited_minor,
        max(0, invoice.left_minor),  # type: ignore[attr-defined]
    )
    return [
        invoice.number,
        "credit note" if invoice.is_credit_note else "invoice",
        invoice.billed_on.isoformat(),
        words(invoice.customer_name),
        mailbox,
        words(invoice.subscription.mailbox.location.name),
        invoice.currency,
        *(money.plain(it, invoice.currency, operator.locale) for it in amounts),
    ]
