"""A subscription's month: what was used of each allowance, the entries, and one more by hand."""

from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from postroom.base.periods import Period, local_day
from postroom.base.refusals import Refused
from postroom.domain.billing.month_so_far import MonthSoFar, month_so_far
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.actions import enter
from postroom.domain.usage.allowances import month_of, months_of
from postroom.domain.usage.intake import KeyUsedBefore
from postroom.domain.usage.models import METERED
from postroom.domain.usage.queries import entries_of
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.usage.bars import bars
from postroom.web.desk.usage.entry_table import entry_table
from postroom.web.desk.usage.forms import EntryForm
from postroom.web.refusing import refuse

SENT_BEFORE = (
    "This form was sent before with something else, which was counted."
    " To count this as well, send it again."
)


class MonthFilter(forms.Form):
    """Which month, and whose entries of it."""

    month = forms.ChoiceField(required=False)
    service = forms.ChoiceField(
        required=False,
        label="Entries of",
        choices=[("", "All services"), *((it.value, it.label) for it in METERED)],
    )

    def __init__(self, asked: QueryDict, *, months: list[Period], operator: Operator) -> None:
        # Beside it stands a form with a service as well.
        super().__init__(asked, auto_id="filter_%s")
        self.months = {it.starts_on.isoformat(): it for it in months}
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (key, in_words(it, operator)) for key, it in self.months.items()
        ]
        self.is_valid()

    @property
    def chosen(self) -> Period:
        """The month that is asked for, else the latest."""
        latest = next(iter(self.months.values()))
        return self.months.get(self.cleaned_data.get("month", ""), latest)

    @property
    def older(self) -> Period | None:
        return next(
            (it for it in self.months.values() if it.ends_on == self.chosen.starts_on), None
        )

    @property
    def newer(self) -> Period | None:
        return self.months.get(self.chosen.ends_on.isoformat())


@desk(May.SEE_MAIL, to_write=May.RUN_CUSTOMERS)
def usage(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """The month with its bars and entries; sending the form counts something."""
    subscription = get_object_or_404(
        Subscription.objects.select_related("customer", "plan", "mailbox__location", "operator"),
        pk=subscription_id,
    )
    today = local_day(request.at, subscription.mailbox.location.time_zone)
    last = max(min(today, subscription.closes_on or today), subscription.starts_on)
    months = months_of(subscription.starts_on, last, subscription.billing_day)
    chosen = MonthFilter(request.GET, months=months, operator=request.operator)
    month = chosen.chosen
    so_far = month_so_far(subscription, month, on=min(month.ends_on - timedelta(days=1), last))
    form = EntryForm(
        request.POST or None,
        positions=so_far.positions,
        first=subscription.starts_on,
        today=last,
        initial={"on": last},
    )
    if form.is_valid():
        counted = _enter(request, subscription, form)
        if counted is not None:
            return redirect(_address(request, subscription, counted))
    context = _shown(request, subscription, chosen, so_far) | {
        "form": form,
        "may_enter": request.may("run_customers") and subscription.starts_on <= today,
        "begins": subscription.starts_on > today,
    }
    return render(request, "desk/usage/month.html", context, status=422 if form.is_bound else 200)


def in_words(month: Period, operator: Operator) -> str:
    """Will name a month by its first and last day: “May 7, 2026 to Jun 6, 2026”."""
    last = month.ends_on - timedelta(days=1)
    return f"{day(month.starts_on, operator)} to {day(last, operator)}"


def month_address(slug: str, subscription: Subscription, on: date) -> str:
    """Will return the address of the month that a day lies in."""
    month = month_of(on, subscription.billing_day)
    return f"{reverse('desk:usage', args=[slug, subscription.pk])}?month={month.starts_on}"


def _address(request: DeskRequest, subscription: Subscription, on: date) -> str:
    return month_address(request.operator.slug, subscription, on)


def _enter(request: DeskRequest, subscription: Subscription, form: EntryForm) -> date | None:
    """Will count what was typed and return its day, or put on the form why not."""
    typed = form.cleaned_data
    try:
        entry = enter(
            subscription,
            service=typed["service"],
            quantity=typed["quantity"],
            on=typed["on"],
            form=typed["form_key"],
            by=request.user,
            at=request.at,
        )
    except KeyUsedBefore:
        form.renew()
        form.add_error(None, SENT_BEFORE)
        return None
    except Refused as refusal:
        refuse(form, refusal)
        return None
    said = f"{entry.quantity:,} for {entry.get_service_display()}"
    messages.success(request, f"Counted {said} on {day(entry.on, request.operator)}.")
    return entry.on


def _shown(
    request: DeskRequest, subscription: Subscription, chosen: MonthFilter, so_far: MonthSoFar
) -> dict[str, object]:
    sees_money = request.staff.sees_money
    entries = entries_of(subscription, chosen.chosen)
    if service := chosen.cleaned_data.get("service"):
        entries = entries.filter(service=service)
    return {
        "subscription": subscription,
        "customer": subscription.customer,
        "filter": chosen,
        "month": in_words(chosen.chosen, request.operator),
        "bars": bars(so_far, request.operator, sees_money=sees_money),
        "extras_minor": so_far.extras_minor,
        "sees_money": sees_money,
        "table": entry_table(request, entries),
    }
