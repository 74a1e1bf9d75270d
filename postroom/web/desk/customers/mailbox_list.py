"""Mailboxes: the list, a new range, and which are kept for signing up online."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from postroom.base.refusals import Refused
from postroom.domain.customers.models import Customer, Mailbox, MailboxState
from postroom.domain.customers.numbers import (
    LARGEST_RANGE,
    make_mailboxes,
    over_on,
    short_locations,
)
from postroom.domain.operators.models import Location, Operator
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.queries import renters_of
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import count, day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.customers.forms import RangeForm
from postroom.web.refusing import refuse

#: A range above this is asked about first.
MANY = 500

TONES = {
    MailboxState.AVAILABLE: "good",
    MailboxState.RESERVED: "info",
    MailboxState.PENDING: "warn",
    MailboxState.ASSIGNED: "muted",
    MailboxState.QUARANTINED: "bad",
}
ORDERS = {
    "number": ("sort_key", "location_id", "pk"),
    "location": ("location_id", "sort_key", "pk"),
    # As the index has it.
    "state": ("state", "location_id", "sort_key", "pk"),
}


class MailboxFilter(forms.Form):
    """Search and filters above the list."""

    q = forms.CharField(
        required=False,
        max_length=13,
        label="Search",
        widget=forms.TextInput(attrs={"placeholder": "Number"}),
    )
    location = forms.ModelChoiceField(Location.objects.none(), required=False, empty_label="Any")
    state = forms.ChoiceField(required=False, choices=[("", "Any"), *MailboxState.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.all()  # type: ignore[attr-defined]

    def found(self) -> QuerySet[Mailbox]:
        """Will return the mailboxes that match what was typed and chosen."""
        self.is_valid()
        found = Mailbox.objects.all()
        if number := self.cleaned_data.get("q", "").strip().lstrip("#").upper():
            found = found.filter(number__startswith=number)
        if location := self.cleaned_data.get("location"):
            found = found.filter(location=location)
        if state := self.cleaned_data.get("state"):
            found = found.filter(state=state)
        return found


class MailboxRows(TableData):  # type: ignore[misc]
    """A page of mailboxes at a time, each with who rents it."""

    def __init__(self, found: QuerySet[Mailbox], *, on: date) -> None:
        super().__init__(found)
        self.on = on
        self.order: tuple[str, ...] = ORDERS["location"]

    def order_by(self, aliases: Iterable[str]) -> None:
        for alias in aliases:
            first, *rest = ORDERS[alias.lstrip("-")]
            self.order = (f"-{first}" if alias.startswith("-") else first, *rest)

    @cached_property
    def length(self) -> int:
        return int(self.data.count())

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, key: slice) -> list[tuple[Mailbox, Customer | None]]:
        # By id first: the whole list is then sorted without the locations' names.
        ids = list(self.data.order_by(*self.order).values_list("pk", flat=True)[key])
        page = list(
            Mailbox.objects.filter(pk__in=ids).select_related("location").order_by(*self.order)
        )
        renters = renters_of(page, on=self.on)
        return [(mailbox, renters.get(mailbox.pk)) for mailbox in page]


class MailboxTable(tables.Table):  # type: ignore[misc]
    chosen = tables.TemplateColumn(
        template_name="desk/customers/mailbox_box.html",
        verbose_name="Choose",
        orderable=False,
        accessor="0",
    )
    number = tables.Column(accessor="0__number")
    location = tables.Column(accessor="0__location")
    state = tables.Column(accessor="0__state")
    customer = tables.Column(accessor="1", orderable=False)
    act = tables.TemplateColumn(
        template_name="desk/customers/mailbox_act.html",
        verbose_name="Change",
        orderable=False,
        accessor="0",
    )

    class Meta:
        empty_text = "No mailboxes match"

    caption = "Mailboxes"
    empty_sentence = "Try another number, or clear the filters."
    empty_icon = "mailbox"

    def __init__(self, *args: object, request: DeskRequest, **kwargs: Any) -> None:
        self.operator = request.operator
        self.on = request.on
        hidden = () if request.may("run_customers") else ("act", "chosen")
        super().__init__(*args, exclude=hidden, order_by="location", **kwargs)

    def render_number(self, record: tuple[Mailbox, Customer | None]) -> SafeString:
        url = reverse("desk:mailbox", args=[self.operator.slug, record[0].pk])
        return format_html('<a href="{}">{}</a>', url, record[0])

    def render_state(self, record: tuple[Mailbox, Customer | None]) -> SafeString:
        return state_badge(record[0], self.operator)

    def render_customer(self, value: Customer) -> SafeString:
        url = reverse("desk:customer", args=[self.operator.slug, value.pk])
        return format_html('<a class="row-link" href="{}">{}</a>', url, value.name)


@desk(May.SEE_MAIL)
def mailboxes(request: DeskRequest) -> HttpResponse:
    """Every number: where it is, its state, who has it."""
    form = MailboxFilter(request.GET)
    rows = MailboxRows(form.found(), on=request.on)
    table = MailboxTable(rows, request=request)
    arrange(request, table, per_page=50)
    context = {
        "table": table,
        "form": form,
        "any_mailboxes": len(rows) > 0 or form.has_changed(),
        "any_locations": bool(form.fields["location"].queryset),  # type: ignore[attr-defined]
        "may_run": request.may("run_customers"),
        "short": short_locations(),
        "over": over_on(request.on).count(),
    }
    return render(request, "desk/customers/mailboxes.html", context)


def state_badge(mailbox: Mailbox, operator: Operator) -> SafeString:
    """Will show a number's state, and until when it is in quarantine."""
    state = MailboxState(mailbox.state)
    badge = format_html('<span class="status-badge tone-{}">{}</span>', TONES[state], state.label)
    if mailbox.quarantined_until is None:
        return badge
    until = day(mailbox.quarantined_until, operator)
    return format_html('{} <span class="text-secondary">until {}</span>', badge, until)


@desk(May.RUN_CUSTOMERS)
def new_range(request: DeskRequest) -> HttpResponse:
    """A range of numbers at a location; asks once more before a large one."""
    form = RangeForm(request.POST or None)
    ask = False
    if form.is_valid():
        typed = form.cleaned_data
        # Beyond what is ever made, there is nothing to ask.
        ask = MANY < form.wanted() <= LARGEST_RANGE and not typed["confirmed"]
        if not ask and _make(request, form):
            url = reverse("desk:mailboxes", args=[request.operator.slug])
            return redirect(f"{url}?location={typed['location'].pk}")
    context = {
        "form": form,
        "ask": ask,
        "count": form.wanted() if ask else 0,
        "any_locations": Location.objects.exists(),
    }
    status = 422 if form.is_bound and not ask else 200
    return render(request, "desk/customers/mailboxes_new.html", context, status=status)


def _make(request: DeskRequest, form: RangeForm) -> bool:
    typed = form.cleaned_data
    try:
        made = make_mailboxes(
            typed["location"],
            first=typed["first"],
            last=typed["last"],
            state=MailboxState(typed["state"]),
            by=request.user,
            at=request.at,
        )
    except Refused as refusal:
        refuse(form, refusal)
        return False
    there = form.wanted() - made
    said = f"{count(made, 'mailbox is,mailboxes are')} made at {typed['location']}."
    if there:
        said += f" {count(there, 'was,were')} there already."
    messages.success(request, said)
    return True
