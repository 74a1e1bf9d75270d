"""Keeping a customer's terms: a price lock or a pin, and ending either."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from postroom.base.refusals import Refused
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.models import Pin, PriceLock, Subscription
from postroom.domain.subscriptions.protecting import end_protection, lock, pin
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.subscriptions.forms import EndProtectionForm, ProtectForm, Protection
from postroom.web.desk.subscriptions.rented import find, has_closed, to_customer, today_of
from postroom.web.refusing import refuse


@desk(May.RUN_CUSTOMERS)
def protect(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """How, until when, and why a customer keeps the terms that they have."""
    subscription = find(subscription_id)
    today = today_of(request, subscription)
    form = ProtectForm(request.POST or None, today=today)
    if form.is_valid() and _protect(request, subscription, form):
        return to_customer(request, subscription)
    context = _shown(subscription) | {
        "form": form,
        "closed": has_closed(subscription, today),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/subscriptions/protect.html", context, status=status)


@desk(May.RUN_CUSTOMERS)
def end(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """Asks why before what was promised ends."""
    subscription = find(subscription_id)
    form = EndProtectionForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            end_protection(subscription, reason=reason, by=request.user, at=request.at)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Ended. The next term opens like everybody else's.")
            return to_customer(request, subscription)
    context = _shown(subscription) | {"form": form}
    status = 422 if form.is_bound else 200
    return render(request, "desk/subscriptions/protect_end.html", context, status=status)


def _protect(request: DeskRequest, subscription: Subscription, form: ProtectForm) -> bool:
    typed = form.cleaned_data
    own = {"reason": typed["reason"], "by": request.user, "at": request.at}
    try:
        if typed["kind"] == Protection.PIN:
            pin(subscription, **own)
            messages.success(request, "Pinned. Their terms stay as they are until they switch.")
        else:
            made = lock(subscription, until=typed["until"], **own)
            until = day(made.until, request.operator)
            messages.success(request, f"Locked: no worse terms start before {until}.")
    except Refused as refusal:
        refuse(form, refusal)
        return False
    return True


def _shown(subscription: Subscription) -> dict[str, object]:
    locks = PriceLock.objects.filter(subscription=subscription).order_by("until")
    return {
        "subscription": subscription,
        "customer": subscription.customer,
        "locks": list(locks),
        "pin": Pin.objects.filter(subscription=subscription).first(),
    }
