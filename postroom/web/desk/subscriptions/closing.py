"""Leaving: the last day used, what it comes to, and staying after all."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.billing.closing import close, preview_close
from postroom.domain.billing.previews import ChangedSinceSeen
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.closing import reopen
from postroom.domain.subscriptions.models import Subscription
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.subscriptions.forms import CloseForm
from postroom.web.desk.subscriptions.rented import find, has_closed, to_customer, today_of
from postroom.web.refusing import refuse


@desk(May.RUN_CUSTOMERS)
def close_subscription(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """The last day used; entered, what it comes to; and then the act."""
    subscription = find(subscription_id)
    today = today_of(request, subscription)
    form = _form(request, subscription)
    if form.is_valid():
        if request.method == "POST" and form.cleaned_data["seen"]:
            answer = _close(request, subscription, form)
        else:
            answer = _confirm(request, subscription, form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "subscription": subscription,
        "customer": subscription.customer,
        "closed": has_closed(subscription, today),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/subscriptions/close.html", context, status=status)


def _form(request: DeskRequest, subscription: Subscription) -> CloseForm:
    """Will bind what was sent, or what is in the address to be shown before it is done."""
    asked = request.POST if request.method == "POST" else request.GET
    first = request.method != "POST" and ("closes_on" not in asked or "edit" in asked)
    usual = max(today_of(request, subscription), subscription.starts_on)
    day_asked = asked.get("closes_on") or subscription.closes_on or usual
    return CloseForm(None if first else asked, initial={"closes_on": day_asked})


def _confirm(
    request: DeskRequest, subscription: Subscription, form: CloseForm, changed: str = ""
) -> HttpResponse | None:
    """Will show what would happen; None where it is refused, which is on the form then."""
    today = today_of(request, subscription)
    try:
        preview = preview_close(
            subscription,
            closes_on=form.cleaned_data["closes_on"],
            by=request.user,
            at=request.at,
            on=today,
        )
    except Refused as refusal:
        refuse(form, refusal)
        return None
    context = {
        "form": form,
        "preview": preview,
        "changed": changed,
        "subscription": subscription,
        "customer": subscription.customer,
        "today": today,
    }
    status = 409 if changed else 200
    return render(request, "desk/subscriptions/close_confirm.html", context, status=status)


def _close(
    request: DeskRequest, subscription: Subscription, form: CloseForm
) -> HttpResponse | None:
    closes_on = form.cleaned_data["closes_on"]
    try:
        closed = close(
            subscription,
            closes_on=closes_on,
            by=request.user,
            at=request.at,
            on=today_of(request, subscription),
            seen=form.cleaned_data["seen"],
        )
    except Refused as refusal:
        # The second half of a double click finds what the first one did.
        subscription.refresh_from_db(fields=["closes_on", "next_bill_on"])
        if subscription.closes_on != closes_on:
            if isinstance(refusal, ChangedSinceSeen):
                return _confirm(request, subscription, form, changed=str(refusal))
            refuse(form, refusal)
            return None
        closed = subscription
    said = f"Closes: {day(closed.closes_on, request.operator)} is the last day."
    messages.success(request, said)
    return to_customer(request, subscription)


@require_POST
@desk(May.RUN_CUSTOMERS)
def stay(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """Takes back a closing day that has not passed."""
    subscription = find(subscription_id)
    today = today_of(request, subscription)
    try:
        reopen(subscription, by=request.user, at=request.at, on=today)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = f"{subscription.customer} stays: mailbox {subscription.mailbox} goes on as before."
        messages.success(request, said)
    return to_customer(request, subscription)
