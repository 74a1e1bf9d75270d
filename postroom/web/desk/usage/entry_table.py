"""The entries of a month, each with its corrections."""

from collections.abc import Iterable
from functools import cached_property

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from postroom.domain.operators.models import Operator
from postroom.domain.plans.services import Service
from postroom.domain.usage.models import UsageEntry
from postroom.domain.usage.queries import Counted, with_corrections
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest

PER_PAGE = 25

#: What a column sorts by.
ORDERS = {"day": ("on", "pk"), "service": ("service", "on", "pk"), "recorded": ("pk",)}

A_PROGRAM = "a program"


class EntryRows(TableData):  # type: ignore[misc]
    """A page of entries at a time, with their corrections."""

    def __init__(self, found: QuerySet[UsageEntry]) -> None:
        super().__init__(found)
        self.order: tuple[str, ...] = ORDERS["day"]

    def order_by(self, aliases: Iterable[str]) -> None:
        for alias in aliases:
            fields = ORDERS[alias.lstrip("-")]
            self.order = tuple(f"-{it}" for it in fields) if alias.startswith("-") else fields

    @cached_property
    def length(self) -> int:
        return int(self.data.count())

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, key: slice) -> list[Counted]:
        return with_corrections(list(self.data.order_by(*self.order)[key]))


class EntryTable(tables.Table):  # type: ignore[misc]
    day = tables.Column("Day", accessor="entry__on", attrs={"td": {"class": "text-nowrap"}})
    service = tables.Column("Service", accessor="entry__service")
    counts = tables.Column(
        "Count",
        orderable=False,
        attrs={"th": {"class": "num"}, "td": {"class": "num"}},
    )
    act = tables.Column(
        format_html('<span class="visually-hidden">{}</span>', "Act"),
        accessor="entry__pk",
        orderable=False,
        # Holds its hidden words, which would widen a narrow page.
        attrs={"th": {"class": "position-relative"}, "td": {"class": "position-relative"}},
    )
    recorded = tables.Column("Recorded", accessor="entry__recorded_at")

    class Meta:
        empty_text = "Nothing counted"

    caption = "Entries"
    empty_sentence = "There is no entry of this month."
    empty_icon = "gauge"

    def __init__(self, *args: object, operator: Operator, may_run: bool, **kwargs: object) -> None:
        self.operator = operator
        super().__init__(*args, order_by="-day", exclude=() if may_run else ("act",), **kwargs)

    def render_day(self, record: Counted) -> str:
        return day(record.entry.on, self.operator)

    def render_service(self, record: Counted) -> str:
        return str(Service(record.entry.service).label)

    def render_counts(self, record: Counted) -> SafeString:
        if not record.corrections:
            return format_html("{}", f"{record.counts:,}")
        return format_html(
            '<s class="text-secondary"><span class="visually-hidden">was </span>{}</s> {}',
            f"{record.entry.quantity:,}",
            f"{record.counts:,}",
        )

    def render_recorded(self, record: Counted) -> SafeString:
        corrections = format_html_join(
            "",
            '<div class="text-secondary small">{} by {}, {}: {}</div>',
            (
                (f"{it.quantity:+,}", _by(it), day(it.recorded_at, self.operator), it.reason)
                for it in record.corrections
            ),
        )
        recorded_on = day(record.entry.recorded_at, self.operator)
        return format_html(
            '<div class="text-nowrap">{}</div><div class="small">by {}</div>{}',
            recorded_on,
            _by(record.entry),
            corrections,
        )

    def render_act(self, record: Counted) -> SafeString:
        url = reverse("desk:usage_correct", args=[self.operator.slug, record.entry.pk])
        what = f"{self.render_service(record)} of {self.render_day(record)}"
        return format_html(
            '<a href="{}">Correct<span class="visually-hidden"> {}</span></a>', url, what
        )


def entry_table(request: DeskRequest, entries: QuerySet[UsageEntry]) -> EntryTable:
    """Will return the table of these entries, at the page and in the order that is asked for."""
    table = EntryTable(
        EntryRows(entries), operator=request.operator, may_run=request.may("run_customers")
    )
    arrange(request, table, per_page=PER_PAGE)
    return table


def _by(entry: UsageEntry) -> str:
    return str(entry.recorded_by) if entry.recorded_by else A_PROGRAM
