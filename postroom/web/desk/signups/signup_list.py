"""The list of those who sign up online."""

import django_tables2 as tables
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.domain.plans.plain_words import term_in_words
from postroom.domain.signups.models import Signup, SignupState
from postroom.domain.signups.queries import find_signups
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import moment
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.signups.forms import SignupFilter

TONES = {
    SignupState.STARTED: "muted",
    SignupState.TO_VERIFY: "muted",
    SignupState.WAITING: "warn",
    SignupState.ASKED: "info",
    SignupState.APPROVED: "good",
    SignupState.REFUSED: "bad",
}


class SignupTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(order_by=("name", "pk"), empty_values=())
    state = tables.Column(order_by=("state", "pk"))
    plan = tables.Column(orderable=False)
    mailbox = tables.Column(orderable=False, empty_values=())
    source = tables.Column(orderable=False)
    started_at = tables.Column("Started", order_by=("started_at", "pk"))

    class Meta:
        empty_text = "Nobody signs up"

    caption = "Signups"
    empty_sentence = "Whoever signs up at your signup URL or on the lead-gen website is here."
    empty_icon = "user-plus"

    def __init__(self, *args: object, operator: Operator, **kwargs: object) -> None:
        self.operator = operator
        super().__init__(*args, order_by="-started_at", **kwargs)

    def render_name(self, record: Signup) -> SafeString:
        url = reverse("desk:signup", args=[self.operator.slug, record.pk])
        return format_html(
            '<a class="row-link" href="{}">{}</a><div class="text-secondary small">{}</div>',
            url,
            record.name or "No name yet",
            record.email,
        )

    def render_state(self, record: Signup) -> SafeString:
        state = SignupState(record.state)
        return format_html(
            '<span class="status-badge tone-{}">{}</span>', TONES[state], state.label
        )

    def render_plan(self, record: Signup) -> str:
        return f"{record.plan.name}, {term_in_words(record.months)}"

    def render_mailbox(self, record: Signup) -> str:
        number = f"#{record.mailbox.number}, " if record.mailbox else ""
        return f"{number}{record.location.name}"

    def render_source(self, record: Signup) -> str:
        return str(record.get_source_display())

    def render_started_at(self, record: Signup) -> str:
        return moment(record.started_at, self.operator)


@desk(May.SEE_MONEY)
def signups(request: DeskRequest) -> HttpResponse:
    """Everybody who signs up, the newest first; those that wait for staff by the filter."""
    form = SignupFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    found = find_signups(state=wanted.get("state", ""), words=wanted.get("q", "").strip())
    table = SignupTable(found, operator=request.operator)
    arrange(request, table, per_page=25)
    return render(request, "desk/signups/list.html", {"table": table, "form": form})
