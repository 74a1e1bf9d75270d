"""What customers answered to an announcement: who asks or objects first."""

from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.domain.notices.finding import count_answers, find_answers
from postroom.domain.notices.models import Answer, AnswerKind
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day, moment
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.notices.envelope_list import announced

PER_PAGE = 25


class AnswerFilter(forms.Form):
    """Which answers."""

    kind = forms.TypedChoiceField(
        required=False,
        coerce=AnswerKind,
        empty_value=None,
        label="Answer",
        choices=[("", "All"), *AnswerKind.choices],
    )


class AnswerTable(tables.Table):  # type: ignore[misc]
    customer = tables.Column("Customer", accessor="notice__envelope__customer__name")
    mailbox = tables.Column(accessor="notice__subscription__mailbox")
    kind = tables.Column("Answer")
    words = tables.Column(empty_values=())
    at = tables.Column("When")

    class Meta:
        orderable = False
        empty_text = "No answers match"

    caption = "Answers, those that ask or object first"
    empty_sentence = "Choose another kind of answer, or all."
    empty_icon = "message-circle"

    def __init__(self, *args: object, operator: Operator, **kwargs: Any) -> None:
        self.operator = operator
        super().__init__(*args, **kwargs)

    def render_customer(self, record: Answer, value: str) -> SafeString:
        url = reverse("desk:envelope", args=[self.operator.slug, record.notice.envelope_id])
        return format_html('<a class="row-link" href="{}">{}</a>', url, value)

    def render_kind(self, record: Answer) -> SafeString:
        tone = "warn" if record.kind == AnswerKind.ASKED else "muted"
        words = record.get_kind_display()
        return format_html('<span class="status-badge tone-{}">{}</span>', tone, words)

    def render_words(self, record: Answer) -> SafeString:
        said = record.words
        if record.closes_on is not None:
            said = f"Last day {day(record.closes_on, self.operator)}"
        by = f"Recorded by {record.by}" if record.by else ""
        return format_html(
            '<span class="text-break">{}</span><div class="text-secondary small">{}</div>', said, by
        )

    def render_at(self, record: Answer) -> str:
        return moment(record.at, self.operator)


@desk(May.SEE_MONEY)
def answers(request: DeskRequest, announcement_id: int) -> HttpResponse:
    """Every answer to one announcement."""
    announcement = announced(announcement_id)
    form = AnswerFilter(request.GET)
    form.is_valid()
    found = find_answers(announcement, kind=form.cleaned_data.get("kind"))
    table = AnswerTable(found, operator=request.operator)
    arrange(request, table, per_page=PER_PAGE)
    counts = count_answers(announcement)
    context = {
        "announcement": announcement,
        "table": table,
        "form": form,
        "counts": [(it, counts[it]) for it in AnswerKind if it in counts],
    }
    return render(request, "desk/notices/answers.html", context)
