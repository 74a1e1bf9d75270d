"""The list of service plans."""

from collections.abc import Callable
from datetime import datetime

import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.domain.plans.plain_words import rate_in_words
from postroom.domain.plans.services import Channel
from postroom.domain.subscriptions.plan_summaries import PlanSummary, plan_summaries
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk

NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}

#: Short words for the visibility column, in the order of the boxes.
SHORT = {Channel.INTERNAL: "Internal", Channel.SIGNUP: "Signup URL", Channel.LEAD_GEN: "Lead-gen"}


class PlanFilter(forms.Form):
    """Search and filter above the list."""

    q = forms.CharField(required=False, max_length=80, label="Search")
    visibility = forms.ChoiceField(
        required=False,
        label="Visibility",
        choices=[("", "Any"), *SHORT.items(), ("legacy", "Legacy"), ("retired", "Retired")],
    )

    def keep(self, plans: list[PlanSummary]) -> list[PlanSummary]:
        """Will return the plans that match what was typed and chosen."""
        self.is_valid()
        words = self.cleaned_data.get("q", "").lower()
        wanted = self.cleaned_data.get("visibility", "")
        seen: Callable[[PlanSummary], bool] = {
            "": lambda plan: True,
            "legacy": lambda plan: plan.successor is not None,
            "retired": lambda plan: plan.retired,
        }.get(wanted, lambda plan: getattr(plan, wanted))
        return [plan for plan in plans if words in plan.name.lower() and seen(plan)]


class PlanTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(order_by="name")
    rates = tables.Column(order_by="first_rate", attrs=NUMBER)
    customers = tables.Column("Customers on it", attrs=NUMBER)
    monthly_minor = tables.Column("Monthly value", attrs=NUMBER)
    visibility = tables.Column(accessor="id", orderable=False)
    version = tables.Column(attrs=NUMBER)
    changed_at = tables.Column("Last change")

    class Meta:
        order_by = "name"
        empty_text = "No plans match"

    empty_sentence = "Try other words, or clear the filters."
    empty_icon = "layers"
    caption = "Service plans"

    def __init__(self, *args: object, operator: Operator, **kwargs: object) -> None:
        self.operator = operator
        super().__init__(*args, **kwargs)

    def render_name(self, value: str, record: PlanSummary) -> SafeString:
        url = reverse("desk:plan", args=[self.operator.slug, record.id])
        link = format_html('<a class="row-link" href="{}">{}</a>', url, value)
        if record.successor is None:
            return link
        return format_html(
            '{}<div class="text-secondary small">preceded {} until {}</div>',
            link,
            record.successor,
            day(record.succeeded_on, self.operator),
        )

    def render_rates(self, value: dict[int, int]) -> SafeString:
        lines = [(rate_in_words(it, amount, self.operator.show),) for it, amount in value.items()]
        return format_html_join("", '<div class="text-nowrap">{}</div>', lines)

    def render_customers(self, value: int) -> str:
        return f"{value:,}"

    def render_monthly_minor(self, value: int) -> str:
        return self.operator.show(value)

    def render_visibility(self, record: PlanSummary) -> SafeString:
        ticked = [(word,) for channel, word in SHORT.items() if getattr(record, channel)]
        if not ticked:
            return format_html('<span class="{}">Retired</span>', "badge-tone tone-muted")
        return format_html_join("", '<div class="text-nowrap">{}</div>', ticked)

    def render_version(self, value: int, record: PlanSummary) -> SafeString:
        if record.next_version is None:
            return format_html("{}", value)
        return format_html(
            '{}<div class="text-secondary small">{} from<br>{}</div>',
            value,
            record.next_version,
            day(record.next_sold_from, self.operator),
        )

    def render_changed_at(self, value: datetime) -> str:
        return day(value, self.operator)


@desk(May.SEE_MONEY)
def plans(request: DeskRequest) -> HttpResponse:
    """Every plan: what it sells, who is on it, what they are worth, where it shows."""
    summaries = plan_summaries(request.operator, on=request.on)
    form = PlanFilter(request.GET)
    table = PlanTable(form.keep(summaries), operator=request.operator)
    arrange(request, table, per_page=50)
    context = {
        "table": table,
        "form": form,
        "any_plans": bool(summaries),
        "customers": sum(plan.customers for plan in summaries),
        "monthly_minor": sum(plan.monthly_minor for plan in summaries),
        "may_run": request.may("run_plans"),
    }
    return render(request, "desk/plans/list.html", context)
