"""Who asked for a plan on the public pages."""

import django_tables2 as tables
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.models import Lead
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import moment
from postroom.web.desk.access import DeskRequest, desk

SOURCES = {"signup": "Signup URL", "lead_gen": "Lead-gen website"}


class LeadTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(order_by=("name", "pk"))
    contact = tables.Column("Contact", accessor="email", orderable=False)
    plan = tables.Column(orderable=False)
    location = tables.Column(orderable=False)
    source = tables.Column(orderable=False)
    at = tables.Column("Asked", order_by=("at", "pk"))

    class Meta:
        empty_text = "No leads yet"

    caption = "Leads"
    empty_sentence = (
        "Whoever asks for a plan at your signup URL or on the lead-gen website is here."
    )
    empty_icon = "user-plus"

    def __init__(self, *args: object, operator: Operator, **kwargs: object) -> None:
        self.operator = operator
        super().__init__(*args, order_by="-at", **kwargs)

    def render_name(self, record: Lead) -> SafeString:
        message = format_html('<div class="text-secondary small">{}</div>', record.message)
        return format_html("<strong>{}</strong>{}", record.name, message if record.message else "")

    def render_contact(self, record: Lead) -> SafeString:
        mail = format_html('<a href="mailto:{}">{}</a>', record.email, record.email)
        return format_html_join("", "<div>{}</div>", [(it,) for it in (mail, record.phone) if it])

    def render_plan(self, record: Lead) -> SafeString:
        url = reverse("desk:plan", args=[self.operator.slug, record.plan_id])
        return format_html(
            '<a href="{}">{}</a><div class="text-secondary small">version {}</div>',
            url,
            record.plan.name,
            record.version.number,
        )

    def render_source(self, value: str) -> str:
        return SOURCES.get(value, value)

    def render_at(self, record: Lead) -> str:
        return moment(record.at, self.operator)


@desk(May.SEE_MONEY)
def leads(request: DeskRequest) -> HttpResponse:
    """Everybody who asked, newest first, with the plan and version he saw."""
    table = LeadTable(
        Lead.objects.select_related("plan", "version", "location"), operator=request.operator
    )
    arrange(request, table, per_page=25)
    return render(request, "desk/house/leads.html", {"table": table})
