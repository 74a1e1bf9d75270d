"""A customer's statement: all that was billed and paid between two days, and what is open now."""

from datetime import date
from typing import Any, NamedTuple

import django_tables2 as tables
from dateutil.relativedelta import relativedelta
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.base import money
from postroom.domain.billing import statements
from postroom.domain.billing.models import Invoice, Payment
from postroom.domain.billing.payment_queries import open_items
from postroom.domain.billing.statements import Entry, Statement
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.payments import sheets
from postroom.web.desk.payments.forms import DaysForm
from postroom.web.desk.templatetags.desk_money import by_what

PER_PAGE = 50
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
WIDE = {part: {"class": "d-none d-sm-table-cell text-nowrap"} for part in ("th", "td")}
COLUMNS = ("day", "document", "number", "text", "currency", "billed", "paid", "balance")


class Span(NamedTuple):
    """A statement's days, to choose."""

    label: str
    since: date
    until: date


def spans(on: date) -> list[Span]:
    """Will return the days that people ask for most, the usual ones first."""
    year = on.replace(month=1, day=1)
    quarter = on - relativedelta(months=3)
    return [
        # Early in a year it alone would show next to nothing.
        Span("This year" if year < quarter else "Since three months", min(year, quarter), on),
        Span("The last three months", quarter, on),
        Span("Last year", year - relativedelta(years=1), year - relativedelta(days=1)),
        Span("The last three years", on - relativedelta(years=3), on),
    ]


class EntryTable(tables.Table):  # type: ignore[misc]
    on = tables.Column("Day", attrs=WIDE)
    document = tables.Column()
    amount_minor = tables.Column("Amount", attrs=NUMBER)
    balance_minor = tables.Column("Balance", attrs=NUMBER)

    class Meta:
        orderable = False
        empty_text = "Nothing in these days"

    caption = "What was billed and paid, the oldest first"
    empty_sentence = "Nothing was billed or paid between them."
    empty_icon = "scroll-text"

    def __init__(self, *args: object, operator: Operator, **kwargs: Any) -> None:
        self.operator = operator
        super().__init__(*args, **kwargs)

    def render_on(self, value: date) -> str:
        return day(value, self.operator)

    def render_document(self, record: Entry) -> SafeString:
        it, slug = record.document, self.operator.slug
        if isinstance(it, Payment):
            url, said = reverse("desk:payment", args=[slug, it.pk]), f"{it}, {by_what(it)}"
        else:
            url, said = reverse("desk:invoice", args=[slug, it.number]), str(it)
        return format_html(
            '<div><a class="row-link" href="{}">{}</a></div>'
            '<div class="d-sm-none small text-secondary">{}</div>',
            url,
            said,
            day(record.on, self.operator),
        )

    def render_amount_minor(self, value: int) -> str:
        return self.operator.show(value)

    def render_balance_minor(self, value: int) -> str:
        return self.operator.show(value)


@desk(May.SEE_MONEY)
def statement(request: DeskRequest, customer_id: int) -> HttpResponse:
    """What a customer owed before, each document with the balance after it, and what is open."""
    customer = get_object_or_404(Customer, pk=customer_id)
    form, told = _read(request, customer)
    table = EntryTable(told.entries, operator=request.operator)
    arrange(request, table, per_page=PER_PAGE)
    items = open_items(customer.pk)
    context = {
        "customer": customer,
        "form": form,
        "told": told,
        "table": table,
        "spans": spans(request.on),
        "items": items,
        "balance_minor": sum(it.left_minor for it in items),
        "in_favour_minor": -sum(min(0, it.left_minor) for it in items),
        "days": f"since={told.since.isoformat()}&until={told.until.isoformat()}",
        "may_record": request.may("run_billing"),
    }
    return render(request, "desk/payments/statement.html", context)


def _read(request: DeskRequest, customer: Customer) -> tuple[DaysForm, Statement]:
    """Will read the days in the address; what is missing or makes no sense is the usual."""
    asked = DaysForm(request.GET)
    asked.is_valid()
    usual = spans(request.on)[0]
    until = asked.cleaned_data.get("until") or usual.until
    since = asked.cleaned_data.get("since") or min(usual.since, until)
    if since > until:
        since, until = until, since
    form = DaysForm(initial={"since": since, "until": until})
    return form, statements.statement(customer, since=since, until=until)


@desk(May.SEE_MONEY)
def statement_csv(request: DeskRequest, customer_id: int) -> HttpResponse:
    """The same days as the page shows, for a spreadsheet."""
    customer = get_object_or_404(Customer, pk=customer_id)
    _, told = _read(request, customer)
    operator = request.operator

    def amount(minor: int) -> str:
        return money.plain(minor, operator.currency, operator.locale)

    first = [told.since, "opening balance", "", "", "", "", amount(told.opening_minor)]
    rows = [[*first[:4], operator.currency, *first[4:]]]
    rows += [_cells(it, operator) for it in told.entries]
    name = f"statement-{customer.pk}-{told.until}"
    return sheets.sheet(operator, name, COLUMNS, rows)


def _cells(entry: Entry, operator: Operator) -> list[object]:
    def amount(minor: int) -> str:
        return money.plain(minor, operator.currency, operator.locale)

    it, minor = entry.document, entry.amount_minor
    if isinstance(it, Invoice):
        kind, number, text = ("credit note" if it.is_credit_note else "invoice"), it.number, ""
    else:
        kind, number, text = str(it).lower(), it.pk, by_what(it)
    return [
        entry.on.isoformat(),
        kind,
        number,
        sheets.words(text),
        operator.currency,
        "" if entry.is_payment else amount(minor),
        amount(-minor) if entry.is_payment else "",
        amount(entry.balance_minor),
    ]
