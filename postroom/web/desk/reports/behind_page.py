"""What is behind a figure of the recurring revenue: subscriptions, their rates, their invoices."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from postroom.base.tenancy import as_operator
from postroom.domain.operators.permissions import May
from postroom.domain.plans.plain_words import rate_in_words
from postroom.domain.reports.behind import Behind, Rated, held_subscriptions, moved_subscriptions
from postroom.domain.reports.months import Month, months_up_to
from postroom.domain.reports.recurring import Held, Moved, Movement, held_on, moved_in
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.reports.figures import House
from postroom.web.desk.reports.looking import Look
from postroom.web.desk.tables_to_take import table_of, to_take, words

PER_PAGE, CHUNK = 50, 5_000
OPENING, CLOSING = "opening", "closing"
FIGURES = [(OPENING, "Opening"), (CLOSING, "Closing"), *Movement.choices]
#: A month that an address may name.
MONTH = r"^(19[5-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])$"
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}
CSV_COLUMNS = (
    *("customer", "mailbox", "location", "from_plan", "from_version", "from_months", "from_rate"),
    *("to_plan", "to_version", "to_months", "to_rate", "a_month", "invoices"),
)


class FigureForm(forms.Form):
    """Which figure is opened; what makes no sense is the closing of this month."""

    figure = forms.ChoiceField(choices=FIGURES)
    month = forms.RegexField(MONTH)


@dataclass(frozen=True)
class Figure:
    """A figure, of a month, and what it comes to."""

    look: Look
    name: str
    month: Month

    @property
    def movement(self) -> Movement | None:
        return None if self.name in {OPENING, CLOSING} else Movement(self.name)

    @property
    def held_on(self) -> date:
        """The day of an opening or a closing."""
        return self.month.day_before if self.name == OPENING else self.month.last_day

    @property
    def sum(self) -> Held | Moved:
        if self.movement is None:
            return held_on(self.look.view, self.held_on)
        return moved_in(self.look.view, self.month, self.movement)

    def read(self, skip: int, most: int) -> list[Behind]:
        view, part = self.look.view, {"skip": skip, "most": most}
        if self.movement is None:
            return held_subscriptions(view, self.held_on, **part)
        return moved_subscriptions(view, self.month, self.movement, **part)


def figure_of(request: DeskRequest) -> Figure:
    """Will find which figure the address opens."""
    form, look = FigureForm(request.GET), Look(request)
    month = look.view.months[-1]
    if not form.is_valid():
        named = form.cleaned_data.get("figure", CLOSING)
        return Figure(look, named, month)
    year, number = map(int, form.cleaned_data["month"].split("-"))
    first = date(year, number, 1)
    if first < month.first_day:
        [following] = months_up_to(date(year + number // 12, number % 12 + 1, 1), 1)
        month = Month(first, following.day_before)
    return Figure(look, form.cleaned_data["figure"], month)


class BehindRows(TableData):  # type: ignore[misc]
    """A page of subscriptions at a time."""

    def __init__(self, figure: Figure, subscriptions: int) -> None:
        super().__init__([])
        self.figure = figure
        self.subscriptions = subscriptions

    def __len__(self) -> int:
        return self.subscriptions

    def __getitem__(self, key: slice) -> list[Behind]:
        start, stop = key.start or 0, self.subscriptions if key.stop is None else key.stop
        return self.figure.read(start, stop - start)


class BehindTable(tables.Table):  # type: ignore[misc]
    subscription = tables.Column("Customer")
    before = tables.Column("From", empty_values=())
    after = tables.Column("To", empty_values=())
    change = tables.Column("A month", attrs=NUMBER)
    invoices = tables.Column(empty_values=())

    class Meta:
        orderable = False
        attrs = {"class": "table table-vcenter card-table report-behind"}
        empty_text = "No subscriptions"

    caption = "Subscriptions behind the figure"
    empty_sentence = "There is nothing behind this figure."
    empty_icon = "chart-column"

    def __init__(self, *args: object, house: House, movement: Movement | None, **kwargs: Any):
        self.house = house
        self.slug = house.operator.slug
        super().__init__(*args, **kwargs)
        if movement is None:
            self.columns.hide("before")

    def render_subscription(self, record: Behind) -> SafeString:
        it = record.subscription
        return format_html(
            '<a class="row-link" href="{}">{}</a><div class="text-secondary small">{}, {}</div>',
            reverse("desk:customer", args=[self.slug, it.customer_id]),
            it.customer.name,
            it.mailbox,
            it.mailbox.location.name,
        )

    def render_before(self, record: Behind) -> SafeString | str:
        return self._rated(record.before)

    def render_after(self, record: Behind) -> SafeString | str:
        return self._rated(record.after)

    def _rated(self, rated: Rated | None) -> SafeString | str:
        if rated is None:
            return "–"
        rate = rate_in_words(rated.months, rated.rate_minor, self.house.operator.show)
        return format_html(
            '{}<div class="text-secondary small">version {}, {}</div>',
            rated.version.plan.name,
            rated.version.number,
            rate,
        )

    def render_change(self, value: Fraction) -> str:
        return self.house.amount(value)

    def render_invoices(self, record: Behind) -> SafeString | str:
        if not record.invoices:
            return "–"
        return format_html_join(
            " ",
            '<a class="text-nowrap" href="{}">{}<span class="visually-hidden">, {}</span></a>',
            (
                (
                    reverse("desk:invoice", args=[self.slug, it.number]),
                    it.number,
                    day(it.billed_on, self.house.operator),
                )
                for it in record.invoices
            ),
        )


@desk(May.SEE_MONEY)
def report_behind(request: DeskRequest) -> HttpResponse:
    """The subscriptions behind a figure of the recurring revenue, which they add up to."""
    figure, house = figure_of(request), House(request.operator)
    look, came_to = figure.look, figure.sum
    table = BehindTable(
        BehindRows(figure, came_to.subscriptions), house=house, movement=figure.movement
    )
    arrange(request, table, per_page=PER_PAGE)
    chosen = {"figure": figure.name, "month": f"{figure.month.first_day:%Y-%m}"}
    context = {
        "look": look,
        # One month is opened, and the way back keeps how many there were.
        "chosen": {**chosen, "months": look.count},
        "table": table,
        "name": dict(FIGURES)[figure.name],
        "month": house.month(figure.month),
        "held_on": None if figure.movement else figure.held_on,
        "subscriptions": came_to.subscriptions,
        "amount": house.amount(came_to.minor),
        "back": look.link("reports"),
        "csv": look.link("report_behind_csv", **chosen),
    }
    return render(request, "desk/reports/behind.html", context)


@desk(May.SEE_MONEY)
def report_behind_csv(request: DeskRequest) -> HttpResponse:
    """All of them, for a spreadsheet."""
    figure = figure_of(request)
    name = f"{figure.name.replace('_', '-')}-{figure.month.first_day:%Y-%m}"
    return to_take(table_of(request.operator, CSV_COLUMNS, _rows(figure)), name=name)


def _rows(figure: Figure) -> Iterator[list[object]]:
    """Will read a chunk at a time, each in a short scope of its own."""
    house, skip = House(figure.look.operator), 0
    while True:
        with as_operator(house.operator.pk):
            read = figure.read(skip, CHUNK)
        for it in read:
            yield _cells(house, it)
        if len(read) < CHUNK:
            return
        skip += CHUNK


def _cells(house: House, it: Behind) -> list[object]:
    mailbox = it.subscription.mailbox
    sides = [
        [
            words(side.version.plan.name),
            side.version.number,
            side.months,
            house.plain(side.rate_minor),
        ]
        if side
        else ["", "", "", ""]
        for side in (it.before, it.after)
    ]
    return [
        *(words(it.subscription.customer.name), mailbox.number, words(mailbox.location.name)),
        *sides[0],
        *sides[1],
        house.plain(it.change),
        " ".join(str(invoice.number) for invoice in it.invoices),
    ]
