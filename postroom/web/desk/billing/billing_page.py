"""Billing: what is due, the runs, trying one out, and starting one."""

from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.base.refusals import Refused
from postroom.domain.billing.models import BillingRun, RunState
from postroom.domain.billing.queries import due_today, last_dry_run, runs_under_way
from postroom.domain.billing.running import refuse_ahead
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.ui.paging import arrange
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.billing.progress import BADGES, Progress, progress
from postroom.web.desk.billing.starting import (
    days_waiting,
    start_billing,
    start_dry_run,
)
from postroom.web.desk.fields import DayField
from postroom.web.refusing import refuse
from postroom.web.worker import worker_is_there

PER_PAGE = 20
NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}}


class DayForm(forms.Form):
    """Up to which day is billed, that day included."""

    on = DayField(label="Up to and including")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["on"].error_messages["required"] = "Enter a day."


class RunTable(tables.Table):  # type: ignore[misc]
    on = tables.Column("Up to", attrs={"td": {"class": "text-nowrap"}})
    state = tables.Column()
    billed = tables.Column(attrs=NUMBER)
    invoices = tables.Column(attrs=NUMBER)
    credit_notes = tables.Column(attrs=NUMBER)
    set_aside = tables.Column(attrs=NUMBER)
    total_minor = tables.Column("Total", attrs=NUMBER)
    started_at = tables.Column("Started")

    class Meta:
        orderable = False
        empty_text = "No runs yet"

    caption = "Billing runs, the newest first"
    empty_sentence = "Billing runs by itself every ten minutes, wherever a new day has begun."
    empty_icon = "receipt-text"

    def __init__(
        self, *args: object, operator: Operator, under_way: list[Progress], **kwargs: Any
    ) -> None:
        self.operator = operator
        self.states = {it.run.pk: it.badge for it in under_way}
        super().__init__(*args, **kwargs)

    def render_on(self, record: BillingRun) -> SafeString:
        url = reverse("desk:billing_run", args=[self.operator.slug, record.pk])
        link = format_html(
            '<a class="row-link" href="{}">{}</a>', url, day(record.on, self.operator)
        )
        if not record.dry:
            return link
        return format_html('{}<div class="text-secondary small">Dry run</div>', link)

    def render_state(self, record: BillingRun) -> SafeString:
        word, tone = self.states.get(record.pk, BADGES[record.state])
        return format_html('<span class="status-badge tone-{}">{}</span>', tone, word)

    def render_billed(self, value: int) -> str:
        return f"{value:,}"

    render_invoices = render_credit_notes = render_set_aside = render_billed

    def render_total_minor(self, value: int) -> str:
        return self.operator.show(value)

    def render_started_at(self, record: BillingRun) -> SafeString:
        return format_html(
            '<div class="text-nowrap">{}</div><div class="text-secondary small">by {}</div>',
            day(record.started_at, self.operator),
            record.started_by or "the timetable",
        )


@desk(May.SEE_MONEY, to_write=May.RUN_BILLING)
def billing(request: DeskRequest) -> HttpResponse:
    """What is due, what goes on, and the runs so far; sending the form tries one out."""
    form = DayForm(request.POST or None, initial={"on": request.on})
    if form.is_valid():
        try:
            run = start_dry_run(request, form.cleaned_data["on"])
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return redirect("desk:billing_run", request.operator.slug, run.pk)
    context = _live(request) | {"form": form, "may_run": request.may("run_billing")}
    status = 422 if form.is_bound else 200
    return render(request, "desk/billing/billing.html", context, status=status)


def _live(request: DeskRequest) -> dict[str, object]:
    """Will return what changes while the page is open."""
    under_way = [progress(request, it) for it in runs_under_way()]
    waiting = days_waiting(request)
    busy = waiting or any(not it.run.dry for it in under_way)
    table = RunTable(
        BillingRun.objects.select_related("started_by").defer("findings").order_by("-pk"),
        operator=request.operator,
        under_way=under_way,
    )
    arrange(request, table, per_page=PER_PAGE)
    return {
        "under_way": under_way,
        "waiting": waiting,
        "no_worker": (waiting or any(it.state == "waiting" for it in under_way))
        and not worker_is_there(request.at),
        "goes_on": bool(waiting) or any(it.goes_on for it in under_way),
        "due": None if busy else due_today(request.operator, at=request.at),
        "table": table,
    }


@desk(May.RUN_BILLING)
def billing_now(request: DeskRequest) -> HttpResponse:
    """Asks once more, beside what the last dry run found; sending the form starts the run."""
    form = DayForm(request.POST or None, initial={"on": request.on})
    if form.is_valid() and _start(request, form):
        return redirect("desk:billing", request.operator.slug)
    dry_run = last_dry_run()
    context = {
        "form": form,
        "due": due_today(request.operator, at=request.at),
        "dry_run": dry_run and progress(request, dry_run),
        "running": any(it.state == RunState.RUNNING and not it.dry for it in runs_under_way()),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/billing/now.html", context, status=status)


def _start(request: DeskRequest, form: DayForm) -> bool:
    on = form.cleaned_data["on"]
    try:
        refuse_ahead(request.operator, on=on, at=request.at)
    except Refused as refusal:
        refuse(form, refusal)
        return False
    said = f"Billing up to {day(on, request.operator)}"
    if start_billing(request, on):
        messages.success(request, f"{said} is asked for.")
    else:
        messages.info(request, f"{said} was asked for and waits for a worker.")
    return True
