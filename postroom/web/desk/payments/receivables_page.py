"""Receivables: what customers owe by age, added up and by customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import Count, F, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from postroom.base import money
from postroom.domain.billing import receivables as domain
from postroom.domain.billing.models import OpenItem
from postroom.domain.billing.payment_queries import customers_called
from postroom.domain.billing.receivables import Receivables, Who
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.queries import MOST_FOUND
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.payments import sheets

PER_PAGE = 40
#: The ages as the pages call them.
AGES = {
    "recent": "0 to 30 days",
    "older": "31 to 60 days",
    "old": "61 to 90 days",
    "oldest": "Over 90 days",
}
COLUMNS = (
    "customer",
    "oldest_day",
    "currency",
    "days_0_to_30",
    "days_31_to_60",
    "days_61_to_90",
    "days_over_90",
    "in_favour",
    "total",
)
Rows = QuerySet[OpenItem, Any]


class ReceivablesFilter(forms.Form):
    """Search and filters above the table."""

    q = forms.CharField(
        required=False,
        max_length=80,
        label="Search",
        widget=forms.TextInput(attrs={"placeholder": "Name, e-mail, phone or #mailbox"}),
    )
    who = forms.TypedChoiceField(
        required=False,
        coerce=Who,
        empty_value=None,
        choices=[
            ("", "Everybody"),
            (Who.OWES, "Owes"),
            (Who.LATE, "Owes over 30 days"),
            (Who.FAVOUR, "In their favour"),
        ],
    )


@dataclass(frozen=True)
class Looked:
    """What somebody looks for; not all of it where the words fit more than are looked at."""

    rows: Rows
    everybody: bool
    capped: bool


@dataclass(frozen=True)
class Bar:
    """An age in the plot; ``percent`` of the longest one."""

    name: str
    label: str
    minor: int
    percent: float


def look(form: ReceivablesFilter, on: date) -> Looked:
    """Will return what to show; what makes no sense in the address is left out."""
    form.is_valid()
    words = form.cleaned_data.get("q", "").strip()
    ids, capped = customers_called(words) if words else (None, False)
    who = form.cleaned_data.get("who")
    rows = domain.receivables_by_customer(on=on, customers=ids, who=who)
    return Looked(rows, ids is None and who is None, capped)


class ReceivableRows(TableData):  # type: ignore[misc]
    """A page of customers at a time, counted before by what adds them up."""

    def __init__(self, rows: Rows, count: int) -> None:
        super().__init__(rows)
        self.rows = rows
        self.count = count

    def order_by(self, aliases: Iterable[str]) -> None:
        for alias in aliases:
            name = alias.lstrip("-")
            column = F("customer__name" if name == "name" else name)
            # Whoever owes nothing has no oldest day, and stands at the end.
            order = column.desc(nulls_last=True) if alias[0] == "-" else column.asc(nulls_last=True)
            self.rows = self.rows.order_by(order, "customer")

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, key: slice) -> list[Any]:
        return list(self.rows[key])


def _amount(label: str, **attrs: str) -> tables.Column:
    shown = f"num {attrs.get('also', '')}".strip()
    return tables.Column(label, attrs={"th": {"class": shown}, "td": {"class": shown}})


#: What a phone has no room for: the totals above say it for all, the statement for each.
WIDE = "d-none d-md-table-cell"


class ReceivableTable(tables.Table):  # type: ignore[misc]
    name = tables.Column("Customer", accessor="customer__name")
    since = tables.Column(
        "Oldest", default="–", attrs={"th": {"class": WIDE}, "td": {"class": f"{WIDE} text-nowrap"}}
    )
    recent = _amount("0–30 days", also=WIDE)
    older = _amount("31–60", also=WIDE)
    old = _amount("61–90", also=WIDE)
    oldest = _amount("Over 90", also=WIDE)
    in_favour = _amount("In favour", also=WIDE)
    total = _amount("Total")

    class Meta:
        attrs = {"class": "table table-vcenter card-table ages-table"}
        empty_text = "Nobody matches"

    caption = "Receivables by customer"
    empty_sentence = "Try other words, or clear the filters."
    empty_icon = "users"

    def __init__(self, *args: object, operator: Operator, **kwargs: Any) -> None:
        self.operator = operator
        super().__init__(*args, order_by="-total", **kwargs)

    def render_name(self, value: str, record: dict[str, Any]) -> SafeString:
        url = reverse("desk:statement", args=[self.operator.slug, record["customer"]])
        since = record["since"]
        return format_html(
            '<a class="row-link" href="{}">{}'
            '<span class="d-block d-md-none small fw-normal">{}</span></a>',
            url,
            value,
            f"since {day(since, self.operator)}" if since else "in favour",
        )

    def render_since(self, value: date) -> str:
        return day(value, self.operator)

    def render_total(self, value: int) -> str:
        return self.operator.show(value)

    def _open(self, value: int) -> str:
        return self.operator.show(value) if value else "–"

    render_recent = render_older = render_old = render_oldest = render_in_favour = _open


@desk(May.SEE_MONEY)
def receivables(request: DeskRequest) -> HttpResponse:
    """Everything open by its age, and whose it is."""
    form = ReceivablesFilter(request.GET)
    looked = look(form, request.on)
    sums = domain.receivables(on=request.on)
    count, total_minor = sums.customers, sums.total
    if not looked.everybody:
        # Each row is a customer's sum; these are the sums of them.
        found = looked.rows.aggregate(count=Count("customer"), sum=Sum("total", default=0))
        count, total_minor = found["count"], int(found["sum"])
    table = ReceivableTable(ReceivableRows(looked.rows, count), operator=request.operator)
    arrange(request, table, per_page=PER_PAGE)
    context = {
        "table": table,
        "form": form,
        "sums": sums,
        "bars": bars(sums),
        "count": count,
        "total_minor": total_minor,
        "any_open": sums.customers > 0 or not looked.everybody,
        "capped": looked.capped,
        "most": MOST_FOUND,
        "may_record": request.may("run_billing"),
    }
    return render(request, "desk/payments/receivables.html", context)


def bars(sums: Receivables) -> list[Bar]:
    """Will draw the ages beside each other, the longest over the whole width."""
    longest = max(1, *(getattr(sums, name) for name in AGES))
    return [
        Bar(name, label, minor, round(100 * minor / longest, 1))
        for name, label in AGES.items()
        for minor in [getattr(sums, name)]
    ]


@desk(May.SEE_MONEY)
def receivables_csv(request: DeskRequest) -> HttpResponse:
    """The same customers as the table shows, all pages of it, for a spreadsheet."""
    operator = request.operator
    rows = look(ReceivablesFilter(request.GET), request.on).rows

    def read(after: int, most: int) -> list[tuple[int, sheets.Cells]]:
        page = rows.filter(customer__gt=after).order_by("customer")[:most]
        return [(it["customer"], _cells(operator, it)) for it in page]

    found = sheets.in_chunks(operator, read)
    return sheets.sheet(operator, f"receivables-{request.on}", COLUMNS, found)


def _cells(operator: Operator, row: dict[str, Any]) -> sheets.Cells:
    amounts = (row[name] for name in (*AGES, "in_favour", "total"))
    return [
        sheets.words(row["customer__name"]),
        row["since"].isoformat() if row["since"] else "",
        operator.currency,
        *(money.plain(it, operator.currency, operator.locale) for it in amounts),
    ]
