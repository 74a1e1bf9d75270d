"""The envelopes of an announcement: who was told, and how far each has come."""

from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.domain.notices.finding import (
    WantedEnvelopes,
    count_answers,
    count_envelopes,
    find_envelopes,
)
from postroom.domain.notices.models import Announcement, AnswerKind, Envelope, EnvelopeState
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day, moment
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.notices.envelope_page import TONES

PER_PAGE = 25
ON_WIDE_SCREENS = {
    "th": {"class": "d-none d-sm-table-cell"},
    "td": {"class": "d-none d-sm-table-cell"},
}


class EnvelopeFilter(forms.Form):
    """Search and filter above the list."""

    q = forms.CharField(
        required=False,
        max_length=80,
        label="Search",
        widget=forms.TextInput(attrs={"placeholder": "Customer, e-mail or #mailbox"}),
    )
    state = forms.TypedChoiceField(
        required=False,
        coerce=EnvelopeState,
        empty_value=None,
        choices=[("", "All"), *EnvelopeState.choices],
    )

    def wanted(self) -> WantedEnvelopes:
        """Will return what to look for; what makes no sense is left out."""
        self.is_valid()
        typed = self.cleaned_data
        return WantedEnvelopes(words=typed.get("q", "").strip(), state=typed.get("state"))


class EnvelopeTable(tables.Table):  # type: ignore[misc]
    customer = tables.Column("Customer", accessor="customer__name")
    first_day = tables.Column("Starts on")
    state = tables.Column()
    answered = tables.Column("Answer", orderable=False, empty_values=(), attrs=ON_WIDE_SCREENS)
    said = tables.Column(
        "To, and the answer of the server", orderable=False, empty_values=(), attrs=ON_WIDE_SCREENS
    )
    moved_at = tables.Column("When", attrs=ON_WIDE_SCREENS)

    class Meta:
        empty_text = "No notices match"

    caption = "Notices, one for each customer and first day"
    empty_sentence = "Try other words, or clear the filters."
    empty_icon = "mail"

    def __init__(self, *args: object, operator: Operator, **kwargs: Any) -> None:
        self.operator = operator
        super().__init__(*args, order_by="customer", **kwargs)

    def render_customer(self, record: Envelope, value: str) -> SafeString:
        url = reverse("desk:envelope", args=[self.operator.slug, record.pk])
        return format_html('<a class="row-link" href="{}">{}</a>', url, value)

    def render_first_day(self, record: Envelope) -> str:
        return day(record.first_day, self.operator)

    def render_state(self, record: Envelope) -> SafeString:
        tone = TONES[EnvelopeState(record.state)]
        words = record.get_state_display()
        return format_html('<span class="status-badge tone-{}">{}</span>', tone, words)

    def render_answered(self, value: str | None) -> str:
        return AnswerKind(value).label if value else "–"

    def render_said(self, record: Envelope) -> SafeString:
        return format_html(
            '{}<div class="text-secondary small text-break">{}</div>', record.address, record.said
        )

    def render_moved_at(self, record: Envelope) -> str:
        return moment(record.moved_at, self.operator)


@desk(May.SEE_MONEY)
def envelopes(request: DeskRequest, announcement_id: int) -> HttpResponse:
    """Everybody who is told of one thing, and what became of each notice."""
    announcement = announced(announcement_id)
    form = EnvelopeFilter(request.GET)
    found = find_envelopes(announcement, form.wanted(), on=request.on)
    table = EnvelopeTable(found, operator=request.operator)
    arrange(request, table, per_page=PER_PAGE)
    counts = count_envelopes(announcement)
    context = {
        "announcement": announcement,
        "table": table,
        "form": form,
        "counts": [(it, counts[it]) for it in EnvelopeState if it in counts],
        "to_print": counts.get(EnvelopeState.TO_PRINT, 0),
        "may_run": request.may("run_customers"),
        "answers": sum(count_answers(announcement).values()),
    }
    return render(request, "desk/notices/envelopes.html", context)


def announced(announcement_id: int) -> Announcement:
    """Will return an announcement with its plan and version. Raises Http404."""
    found: Announcement = get_object_or_404(
        Announcement.objects.select_related("plan", "version__plan", "by"), pk=announcement_id
    )
    return found
