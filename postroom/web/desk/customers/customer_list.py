"""The list of customers."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2.data import TableData

from postroom.domain.customers.models import Customer, Standing
from postroom.domain.operators.permissions import May
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.queries import (
    MOST_FOUND,
    Renter,
    Wanted,
    find_customers,
    with_subscriptions,
)
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk

#: What a column sorts by. Both orders are read from an index, whatever the number of customers.
ORDERS = {"name": ("name", "pk"), "added": ("pk",)}
STATES = {"on": Wanted(on_a_plan=True), "none": Wanted(on_a_plan=False)}


class CustomerFilter(forms.Form):
    """Search and filters above the list."""

    q = forms.CharField(
        required=False,
        max_length=80,
        label="Search",
        widget=forms.TextInput(attrs={"placeholder": "Name, e-mail, phone or #mailbox"}),
    )
    plan = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        required=False,
        label="Renting",
        choices=[
            ("", "Anybody"),
            ("on", "On a plan"),
            ("none", "On none"),
            ("no-email", "Without e-mail"),
            ("pending", "Pending"),
        ],
    )

    def __init__(self, *args: Any, sees_money: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sees_money:
            plans = Plan.objects.values_list("pk", "name")
            self.fields["plan"].choices = [("", "Any"), *plans]  # type: ignore[attr-defined]
        else:
            del self.fields["plan"]

    def wanted(self) -> Wanted:
        """Will return what to look for; what makes no sense is left out."""
        self.is_valid()
        typed = self.cleaned_data
        state = STATES.get(typed.get("state", ""), Wanted())
        return Wanted(
            words=typed.get("q", "").strip(),
            plan_id=typed.get("plan"),
            on_a_plan=state.on_a_plan,
            without_email=typed.get("state") == "no-email",
            pending=typed.get("state") == "pending",
        )


class CustomerRows(TableData):  # type: ignore[misc]
    """A page of customers at a time: found by id in one query, then shown with what they rent."""

    def __init__(self, found: QuerySet[Customer], *, capped: bool, on: date) -> None:
        super().__init__(found)
        self.order: tuple[str, ...] = ORDERS["name"]
        self.capped = capped
        self.on = on

    def order_by(self, aliases: Iterable[str]) -> None:
        for alias in aliases:
            fields = ORDERS[alias.lstrip("-")]
            self.order = tuple(f"-{it}" for it in fields) if alias.startswith("-") else fields

    @cached_property
    def ids(self) -> list[int]:
        """The ids that a search found, with one more than are listed to tell that there are."""
        return list(self.data.order_by(*self.order).values_list("pk", flat=True)[: MOST_FOUND + 1])

    @property
    def more(self) -> bool:
        return self.capped and len(self.ids) > MOST_FOUND

    @cached_property
    def length(self) -> int:
        return min(len(self.ids), MOST_FOUND) if self.capped else self.data.count()

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, key: slice) -> list[Renter]:
        if self.capped:
            page = Customer.objects.filter(pk__in=self.ids[:MOST_FOUND][key])
        else:
            page = self.data.filter(pk__in=list(self._page(key)))
        return with_subscriptions(list(page.order_by(*self.order)), on=self.on)

    def _page(self, key: slice) -> QuerySet[Customer, Any]:
        """Will find the page's ids alone: a far page is then read from an index, not the table."""
        found: QuerySet[Customer, Any] = self.data.order_by(*self.order).values_list(
            "pk", flat=True
        )
        return found[key]


class CustomerTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(accessor="customer__name")
    contact = tables.Column(accessor="customer", orderable=False)
    mailboxes = tables.Column(accessor="subscriptions", orderable=False)
    plans = tables.Column(accessor="subscriptions", orderable=False)
    added = tables.Column(accessor="customer__added_at")

    class Meta:
        empty_text = "No customers match"

    caption = "Customers"
    empty_sentence = "Try other words, or clear the filters."
    empty_icon = "users"

    def __init__(self, *args: object, request: DeskRequest, **kwargs: Any) -> None:
        self.operator = request.operator
        hidden = () if request.staff.sees_money else ("plans",)
        super().__init__(*args, exclude=hidden, order_by="name", **kwargs)

    def render_name(self, record: Renter) -> SafeString:
        url = reverse("desk:customer", args=[self.operator.slug, record.customer.pk])
        link = format_html('<a class="row-link" href="{}">{}</a>', url, record.customer.name)
        standing = Standing(record.customer.standing)
        if standing == Standing.ACTIVE:
            return link
        return format_html(
            '{} <span class="status-badge tone-{}">{}</span>',
            link,
            "warn" if standing == Standing.PENDING else "bad",
            standing.label,
        )

    def render_contact(self, value: Customer) -> SafeString:
        lines = [(it,) for it in (value.email or "no e-mail", value.phone) if it]
        return format_html_join("", "<div>{}</div>", lines)

    def render_mailboxes(self, record: Renter) -> SafeString:
        return format_html_join(
            "",
            '<div>{} <span class="text-secondary">{}</span></div>',
            [(it.mailbox, it.mailbox.location.name) for it in record.subscriptions],
        )

    def render_plans(self, record: Renter) -> SafeString:
        return format_html_join(
            "",
            '<div><a href="{}">{}</a></div>',
            [
                (reverse("desk:plan", args=[self.operator.slug, it.plan_id]), it.plan.name)
                for it in record.subscriptions
            ],
        )

    def render_added(self, record: Renter) -> str:
        return day(record.customer.added_at, self.operator)


@desk(May.SEE_MAIL)
def customers(request: DeskRequest) -> HttpResponse:
    """Everybody who rents or will: searched, filtered, a page at a time."""
    form = CustomerFilter(request.GET, sees_money=request.staff.sees_money)
    wanted = form.wanted()
    found = CustomerRows(
        find_customers(wanted, on=request.on), capped=not wanted.everybody, on=request.on
    )
    table = CustomerTable(found, request=request)
    arrange(request, table, per_page=25)
    context = {
        "table": table,
        "form": form,
        "any_customers": not wanted.everybody or len(found) > 0,
        "more": found.more,
        "most": MOST_FOUND,
        "may_run": request.may("run_customers"),
    }
    return render(request, "desk/customers/list.html", context)
