"""Who asked for a plan on the public pages."""

from collections.abc import Callable

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.leads import handle_lead, reopen_lead
from postroom.domain.subscriptions.models import Lead, LeadSource
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import moment
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.tables_to_take import table_of, to_take, words

OPEN, HANDLED = "open", "handled"


class LeadFilter(forms.Form):
    """Which leads."""

    q = forms.CharField(required=False, max_length=80, label="Search")
    state = forms.ChoiceField(
        required=False,
        label="State",
        choices=[("", "All"), (OPEN, "Open"), (HANDLED, "Taken care of")],
    )
    source = forms.ChoiceField(
        required=False, label="Source", choices=[("", "All sources"), *LeadSource.choices]
    )

    def found(self) -> QuerySet[Lead]:
        """Will return the leads that are asked for."""
        self.is_valid()
        typed = self.cleaned_data
        found = Lead.objects.select_related("plan", "version", "location", "handled_by")
        if source := typed.get("source"):
            found = found.filter(source=source)
        if state := typed.get("state"):
            found = found.filter(handled_at__isnull=state == OPEN)
        if said := typed.get("q", "").strip():
            found = found.filter(
                Q(name__icontains=said)
                | Q(email__icontains=said)
                | Q(phone__icontains=said)
                | Q(message__icontains=said)
                | Q(plan__name__icontains=said)
            )
        return found


#: Draws the button that changes a lead, or nothing for those who may not.
Buttons = Callable[[Lead], str]


class LeadTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(order_by=("name", "pk"))
    contact = tables.Column("Contact", accessor="email", orderable=False)
    plan = tables.Column(orderable=False)
    location = tables.Column(orderable=False)
    source = tables.Column(orderable=False)
    at = tables.Column("Asked", order_by=("at", "pk"))
    handled_at = tables.Column("Taken care of", empty_values=(), orderable=False)

    class Meta:
        empty_text = "No leads match"

    caption = "Leads"
    empty_sentence = "Try other words, or clear the filters."
    empty_icon = "user-plus"

    def __init__(
        self, *args: object, operator: Operator, buttons: Buttons, **kwargs: object
    ) -> None:
        self.operator = operator
        self.buttons = buttons
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

    def render_at(self, record: Lead) -> str:
        return moment(record.at, self.operator)

    def render_handled_at(self, record: Lead) -> SafeString:
        said = ""
        if record.handled_at:
            said = format_html(
                '{}<div class="text-secondary small">{}</div>',
                moment(record.handled_at, self.operator),
                record.handled_by,
            )
        return format_html("{}{}", said, self.buttons(record))


@desk(May.SEE_MONEY)
def leads(request: DeskRequest) -> HttpResponse:
    """Everybody who asked, newest first, with the plan and version they saw."""
    form = LeadFilter(request.GET)

    def buttons(lead: Lead) -> str:
        if not request.may("run_customers"):
            return ""
        context = {"lead": lead, "back": request.get_full_path()}
        return render_to_string("desk/house/lead_button.html", context, request)

    table = LeadTable(form.found(), operator=request.operator, buttons=buttons)
    arrange(request, table, per_page=25)
    context = {
        "table": table,
        "form": form,
        "any_leads": bool(request.GET) or Lead.objects.exists(),
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/house/leads.html", context)


@desk(May.SEE_MONEY)
def leads_to_take(request: DeskRequest) -> HttpResponse:
    """The leads that are shown, as a table for a spreadsheet."""
    found = LeadFilter(request.GET).found().order_by("-at", "-pk")
    columns = ["Name", "E-mail", "Phone", "Message", "Plan", "Version", "Location", "Source"]
    columns += ["Asked", "Taken care of", "By"]
    rows = [_row(it, request.operator) for it in found]
    return to_take(table_of(request.operator, columns, rows), name="leads")


@require_POST
@desk(May.RUN_CUSTOMERS)
def handle(request: DeskRequest, lead_id: int) -> HttpResponse:
    """Somebody took care of a lead, or it is open again."""
    lead = get_object_or_404(Lead, pk=lead_id)
    if "reopen" in request.POST:
        reopen_lead(lead, by=request.user, at=request.at)
        messages.success(request, f"{lead.name} is open again.")
    else:
        handle_lead(lead, by=request.user, at=request.at)
        messages.success(request, f"{lead.name} is taken care of.")
    home = reverse("desk:leads", args=[request.operator.slug])
    back = request.POST.get("back", "")
    return redirect(back if back.startswith(f"{home}?") else home)


def _row(lead: Lead, operator: Operator) -> list[object]:
    typed = [words(it) for it in (lead.name, lead.email, lead.phone, lead.message, lead.plan.name)]
    handled = moment(lead.handled_at, operator) if lead.handled_at else ""
    return [
        *typed,
        lead.version.number,
        words(lead.location.name) if lead.location else "",
        lead.get_source_display(),
        moment(lead.at, operator),
        handled,
        words(str(lead.handled_by)) if lead.handled_by else "",
    ]
