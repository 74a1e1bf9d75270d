"""The list of payments, on the page and as a table to take away."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from postroom.base import money
from postroom.domain.billing.models import Method, Payment
from postroom.domain.billing.payment_queries import (
    WantedPayments,
    find_payments,
    left_of,
    payments_in_pages,
    sums_by_method,
    taken_back,
)
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.queries import MOST_FOUND
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.fields import DayField
from postroom.web.desk.payments import sheets
from postroom.web.desk.templatetags.desk_money import by_what

PER_PAGE = 25
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
#: What a phone has no room for stands under the day and the customer there.
ON_WIDE_SCREENS = {part: {"class": "d-none d-sm-table-cell"} for part in ("th", "td")}
NUMBER_ON_WIDE_SCREENS = {part: {"class": "num d-none d-sm-table-cell"} for part in ("th", "td")}

COLUMNS = (
    "payment",
    "kind",
    "received_on",
    "customer",
    "method",
    "reference",
    "currency",
    "amount",
    "left_on_account",
    "taken_back_on",
    "reason",
    "recorded_by",
    "recorded_at",
)


class PaymentFilter(forms.Form):
    """Search and filters above the list."""

    q = forms.CharField(
        required=False,
        max_length=80,
        label="Search",
        widget=forms.TextInput(attrs={"placeholder": "Customer, check number or #mailbox"}),
    )
    method = forms.TypedChoiceField(
        required=False, coerce=Method, empty_value=None, choices=[("", "Any"), *Method.choices]
    )
    since = DayField(required=False, label="Received from")
    until = DayField(required=False, label="Received to")
    customer = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def wanted(self) -> WantedPayments:
        """Will return what to look for; what makes no sense is left out."""
        self.is_valid()
        typed = self.cleaned_data
        return WantedPayments(
            words=typed.get("q", "").strip(),
            method=typed.get("method"),
            since=typed.get("since"),
            until=typed.get("until"),
            customer_id=typed.get("customer"),
        )


@dataclass(frozen=True)
class Listed:
    """A payment in the list, with what is left of it on account."""

    payment: Payment
    on_account_minor: int
    was_taken_back: bool

    @property
    def word(self) -> str:
        """What it is, where it is not simply money received."""
        if self.payment.is_refund:
            return "Refund"
        if self.payment.takes_back_id:
            return "Takes one back"
        return "Taken back" if self.was_taken_back else ""


class PaymentRows(TableData):  # type: ignore[misc]
    """A page of payments at a time: their keys from an index first, then the rows."""

    def __init__(self, found: QuerySet[Payment], count: int) -> None:
        super().__init__(found)
        self.count = count
        self.order: tuple[str, ...] = ("-on", "-pk")

    def order_by(self, aliases: Iterable[str]) -> None:
        for alias in aliases:
            self.order = ("-on", "-pk") if alias.startswith("-") else ("on", "pk")

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, key: slice) -> list[Listed]:
        ids = list(self.data.order_by(*self.order).values_list("pk", flat=True)[key])
        page = list(
            Payment.objects.filter(pk__in=ids).select_related("customer").order_by(*self.order)
        )
        left, undone = left_of(page), taken_back(page)
        return [Listed(it, max(0, -left.get(it.pk, 0)), it.pk in undone) for it in page]


class PaymentTable(tables.Table):  # type: ignore[misc]
    on = tables.Column("Received", accessor="payment__on")
    customer = tables.Column(accessor="payment__customer", orderable=False)
    method = tables.Column("By", accessor="payment__method", orderable=False, attrs=ON_WIDE_SCREENS)
    amount = tables.Column(accessor="payment__amount_minor", orderable=False, attrs=NUMBER)
    on_account_minor = tables.Column(
        "Left on account", orderable=False, attrs=NUMBER_ON_WIDE_SCREENS
    )

    class Meta:
        empty_text = "No payments match"

    caption = "Payments, the newest first"
    empty_sentence = "Try other words, or clear the filters."
    empty_icon = "banknote"

    def __init__(self, *args: object, operator: Operator, **kwargs: Any) -> None:
        self.operator = operator
        super().__init__(*args, order_by="-on", **kwargs)

    def render_on(self, record: Listed) -> SafeString:
        it = record.payment
        url = reverse("desk:payment", args=[self.operator.slug, it.pk])
        link = format_html(
            '<a class="row-link text-nowrap" href="{}">{}</a>', url, day(it.on, self.operator)
        )
        if not record.word:
            return link
        return format_html('{} <span class="status-badge tone-muted">{}</span>', link, record.word)

    def render_customer(self, record: Listed) -> SafeString:
        it = record.payment
        url = reverse("desk:customer", args=[self.operator.slug, it.customer_id])
        return format_html(
            '<div><a href="{}">{}</a></div><div class="d-sm-none small text-secondary">{}</div>',
            url,
            it.customer.name,
            by_what(it),
        )

    def render_method(self, record: Listed) -> str:
        return by_what(record.payment)

    def render_amount(self, value: int) -> str:
        return self.operator.show(value)

    def render_on_account_minor(self, value: int) -> str:
        return self.operator.show(value) if value else "–"


@desk(May.SEE_MONEY)
def payments(request: DeskRequest) -> HttpResponse:
    """What came in and went back: searched, filtered, added up, a page at a time."""
    form = PaymentFilter(request.GET)
    wanted = form.wanted()
    found = find_payments(wanted)
    sums = sums_by_method(found.payments)
    count = sum(it.count for it in sums)
    table = PaymentTable(PaymentRows(found.payments, count), operator=request.operator)
    arrange(request, table, per_page=PER_PAGE)
    context = {
        "table": table,
        "form": form,
        "sums": sums,
        "count": count,
        "total_minor": sum(it.amount_minor for it in sums),
        "any_payments": count > 0 or wanted != WantedPayments(),
        "capped": found.capped,
        "most": MOST_FOUND,
        "customer": _whose(wanted.customer_id),
        "may_record": request.may("run_billing"),
    }
    return render(request, "desk/payments/payments.html", context)


def _whose(pk: int | None) -> Customer | None:
    return Customer.objects.filter(pk=pk).first() if pk else None


@desk(May.SEE_MONEY)
def payments_csv(request: DeskRequest) -> HttpResponse:
    """The same payments as the list shows, all pages of it, for a spreadsheet."""
    operator, found = request.operator, find_payments(PaymentFilter(request.GET).wanted()).payments

    def read(after: int, most: int) -> list[tuple[int, sheets.Cells]]:
        page = payments_in_pages(found, after=after, page=most)
        left, undone = left_of(page), taken_back(page)
        return [(it.pk, _cells(operator, it, left.get(it.pk, 0), undone.get(it.pk))) for it in page]

    rows = sheets.in_chunks(operator, read)
    return sheets.sheet(operator, f"payments-{request.on}", COLUMNS, rows)


def _cells(
    operator: Operator, payment: Payment, left_minor: int, undone: Payment | None
) -> sheets.Cells:
    def amount(minor: int) -> str:
        return money.plain(minor, operator.currency, operator.locale)

    return [
        payment.pk,
        str(payment).lower(),
        payment.on.isoformat(),
        sheets.words(payment.customer.name),
        payment.method,
        sheets.words(payment.reference),
        operator.currency,
        amount(payment.amount_minor),
        amount(max(0, -left_minor)),
        undone.on.isoformat() if undone else "",
        sheets.words(payment.reason),
        sheets.words(str(payment.entered_by)),
        payment.entered_at.isoformat(timespec="seconds"),
    ]
