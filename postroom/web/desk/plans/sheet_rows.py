"""What a change does for each customer: every line of a sheet, to search, to sort and to take."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableQuerysetData

from postroom.base import money
from postroom.domain.operators.permissions import May
from postroom.domain.plan_changes.models import Outcome, Sheet, SheetRow
from postroom.domain.plan_changes.reading import Line, Wanted, each_line, find_rows, named
from postroom.domain.plan_changes.sums import unpack
from postroom.domain.plans.models import Draft, Plan
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.plans.worked_out import more, whose
from postroom.web.desk.reports.figures import House
from postroom.web.desk.tables_to_take import table_of, to_take, words

Plain = Callable[[int | None], str]

PER_PAGE = 50
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
WHO = [
    ("", "Everybody"),
    ("dearer", "Who pays more a month"),
    ("cheaper", "Who pays less a month"),
    ("above", "Who used more than the new allowance"),
]
CSV_COLUMNS = (
    *("customer", "mailbox", "location", "outcome", "starts_on", "months", "rate_before"),
    *("rate_after", "bill_before", "bill_after", "a_month", "above", "notice_on", "rules"),
)


class SheetFilter(forms.Form):
    """Search and filters above the lines; what makes no sense is passed over."""

    q = forms.CharField(required=False, max_length=80, label="Customer or mailbox")
    outcome = forms.ChoiceField(
        required=False, label="How it ends", choices=[("", "Any way"), *Outcome.choices]
    )
    who = forms.ChoiceField(required=False, label="Who", choices=WHO)
    place = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Place")

    def __init__(self, data: Any, sheet: Sheet) -> None:
        super().__init__(data)
        places = [(it.number, it.where) for it in unpack(sheet.sums).places]
        self.fields["place"].choices = [("", "All places"), *places]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def wanted(self) -> Wanted:
        chosen = self.cleaned_data
        outcome, who = chosen.get("outcome"), chosen.get("who")
        return Wanted(
            words=chosen.get("q", "").strip(),
            outcome=Outcome(outcome) if outcome else None,
            place=chosen.get("place"),
            above=who == "above",
            dearer=who == "dearer",
            cheaper=who == "cheaper",
        )


class Lines(TableQuerysetData):  # type: ignore[misc]
    """Lines whose customers are read for the page that is shown alone."""

    def __getitem__(self, key: slice) -> list[Line]:
        return named(list(self.data[key]))


def _column(title: str, field: str, **options: Any) -> tables.Column:
    return tables.Column(title, accessor=f"row__{field}", order_by=field, **options)


class SheetTable(tables.Table):  # type: ignore[misc]
    """The lines, each column sorted by what it shows."""

    customer = tables.Column(order_by="customer_name")
    outcome = _column("How it ends", "outcome")
    first_day = _column("From", "first_day")
    bill_before_minor = _column("Bill before", "bill_before_minor", attrs=NUMBER)
    bill_after_minor = _column("After", "bill_after_minor", attrs=NUMBER)
    month_change_minor = _column("A month", "month_change_minor", attrs=NUMBER)
    above = _column("Above", "above")
    notice_on = _column("Told on", "notice_on")
    rules = _column("Rules", "place")

    class Meta:
        attrs = {"class": "table table-vcenter card-table sheet-rows"}
        empty_text = "Nobody here"

    caption = "What the change does for each customer"
    empty_sentence = "Try other words, or clear the filters."
    empty_icon = "users"

    def __init__(self, *args: object, house: House, rules: Mapping[int, str], **kwargs: Any):
        self.house, self.rules = house, rules
        super().__init__(*args, **kwargs)

    def render_customer(self, record: Line) -> SafeString:
        return format_html(
            '<a class="row-link" href="{}">{}</a><div class="text-secondary small">{} {}</div>',
            reverse("desk:customer", args=[self.house.operator.slug, record.row.customer_id]),
            record.customer,
            record.location,
            record.mailbox,
        )

    def render_outcome(self, record: Line) -> SafeString | str:
        row, said = record.row, SafeString()
        if row.until is not None:
            until = day(row.until, self.house.operator)
            said += format_html('<div class="text-secondary small">until {}</div>', until)
        if row.envelope_id is not None:
            notice = reverse("desk:envelope", args=[self.house.operator.slug, row.envelope_id])
            said += format_html('<div class="small"><a href="{}">Their notice</a></div>', notice)
        return format_html("{}{}", row.get_outcome_display(), said)

    def render_first_day(self, value: date) -> str:
        return day(value, self.house.operator)

    def render_notice_on(self, value: date) -> str:
        return day(value, self.house.operator)

    def render_bill_before_minor(self, value: int) -> str:
        return self.house.operator.show(value)

    def render_bill_after_minor(self, value: int) -> str:
        return self.house.operator.show(value)

    def render_month_change_minor(self, value: int, record: Line) -> str:
        return more(self.house, value) if record.row.first_day else "–"

    def render_above(self, value: int) -> str:
        return "Yes" if value else "–"

    def render_rules(self, record: Line) -> str:
        return _rules(record.row, self.rules) or "–"


@desk(May.SEE_MONEY)
def sheet(request: DeskRequest, plan_id: int, sheet_id: int) -> HttpResponse:
    """Every customer of a plan, with what the change does for them."""
    plan = get_object_or_404(Plan, pk=plan_id)
    found = Sheet.objects.filter(plan=plan, pk=sheet_id).first()
    if found is None:
        return _replaced(request, plan)
    form = SheetFilter(request.GET, found)
    lines = find_rows(found, form.wanted)
    table = SheetTable(
        Lines(lines.order_by(F("month_change_minor").desc(nulls_last=True), "pk")),
        house=House(request.operator),
        rules=_rules_of(found),
    )
    arrange(request, table, per_page=PER_PAGE)
    context = {
        "plan": plan,
        "sheet": found,
        "form": form,
        "table": table,
        "customers": unpack(found.sums).customers,
        "query": request.GET.urlencode(),
        "asks": found.change_id is None and _asks(request, plan),
    }
    return render(request, "desk/plans/sheet.html", context)


@desk(May.SEE_MONEY)
def sheet_csv(request: DeskRequest, plan_id: int, sheet_id: int) -> HttpResponse:
    """The customers of the filter, for a spreadsheet."""
    found = get_object_or_404(Sheet, plan=plan_id, pk=sheet_id)
    wanted, rules = SheetFilter(request.GET, found).wanted, _rules_of(found)
    operator = request.operator

    # A hundred thousand customers have few amounts between them.
    @cache
    def plain(minor: int | None) -> str:
        return "" if minor is None else money.plain(minor, operator.currency, operator.locale)

    rows = (_cells(it, plain, rules) for it in each_line(found, wanted))
    return to_take(table_of(operator, CSV_COLUMNS, rows), name=f"change-of-plan-{request.on}")


def _replaced(request: DeskRequest, plan: Plan) -> HttpResponse:
    """Leads back from figures that were thrown away: to the question, or to the plan's changes."""
    asks = _asks(request, plan)
    now = "Here are the ones of now." if asks else "Open the change to see the ones of now."
    messages.info(request, f"Those figures were replaced. {now}")
    return redirect("desk:question" if asks else "desk:plan", request.operator.slug, plan.pk)


def _asks(request: DeskRequest, plan: Plan) -> bool:
    """Whether this person has a question open on the plan."""
    return Draft.objects.filter(plan=plan, by=request.user).exists()


def _cells(line: Line, plain: Plain, rules: Mapping[int, str]) -> list[object]:
    row = line.row
    return [
        *(words(line.customer), line.mailbox, words(line.location)),
        *(row.get_outcome_display(), row.first_day or "", row.months),
        *(plain(row.rate_before_minor), plain(row.rate_after_minor)),
        *(plain(row.bill_before_minor), plain(row.bill_after_minor)),
        *(plain(row.month_change_minor), row.above, row.notice_on or "", _rules(row, rules)),
    ]


def _rules_of(found: Sheet) -> dict[int, str]:
    return {it.number: whose(it) for it in unpack(found.sums).places}


def _rules(row: SheetRow, rules: Mapping[int, str]) -> str:
    """Will name the rules by which somebody is told; nobody has to be told of better terms."""
    if not row.worse or row.first_day is None or row.place is None:
        return ""
    return rules.get(row.place, "")
