"""Recording by hand that a customer was told of new terms, and taking that back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.notices.rules import rules_for
from postroom.domain.notices.telling import record_told
from postroom.domain.notices.windows import cleared, window
from postroom.domain.operators.permissions import May
from postroom.domain.plans.models import PlanVersion
from postroom.domain.subscriptions.actions import void_clearance
from postroom.domain.subscriptions.models import Clearance, ClearanceVoid, Means, Subscription
from postroom.domain.subscriptions.queries import later_versions
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.customers.forms import ToldForm, VoidForm
from postroom.web.refusing import refuse


@desk(May.RUN_CUSTOMERS)
def told(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """Told on DATE by …: for a version newer than the one that is held."""
    subscription = get_object_or_404(
        Subscription.objects.select_related("customer", "plan", "version", "mailbox__location"),
        pk=subscription_id,
    )
    newer = later_versions([subscription])[subscription.pk]
    form = ToldForm(
        request.POST or None,
        versions=newer,
        initial={"told_on": request.on, "told_by": str(request.user)},
    )
    if form.is_valid():
        try:
            clearance = _record(request, subscription, newer, form)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"Recorded. It holds for terms {_days(request, clearance)}.")
            return redirect("desk:customer", request.operator.slug, subscription.customer_id)
    rules = rules_for(subscription, on=request.on)
    first_day, last_day = cleared(request.on, rules)
    context = {
        "form": form,
        "subscription": subscription,
        "customer": subscription.customer,
        "newer": newer,
        "first_day": first_day,
        "last_day": last_day,
        "window": window(subscription.next_term_on, rules),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/customers/told.html", context, status=status)


def _days(request: DeskRequest, clearance: Clearance) -> str:
    first_day = day(clearance.first_day, request.operator)
    if clearance.last_day is None:
        return f"from {first_day} on"
    return f"that start from {first_day} to {day(clearance.last_day, request.operator)}"


def _record(
    request: DeskRequest, subscription: Subscription, newer: list[PlanVersion], form: ToldForm
) -> Clearance:
    typed = form.cleaned_data
    return record_told(
        subscription,
        version=next(it for it in newer if it.pk == typed["version"]),
        told_on=typed["told_on"],
        means=Means(typed["means"]),
        told_by=typed["told_by"],
        reason=typed["reason"],
        by=request.user,
        at=request.at,
        on=request.on,
    )


@desk(May.RUN_CUSTOMERS)
def void(request: DeskRequest, clearance_id: int) -> HttpResponse:
    """Ends a clearance, with a reason."""
    clearance = get_object_or_404(
        Clearance.objects.select_related("subscription__customer", "version"), pk=clearance_id
    )
    customer = clearance.subscription.customer
    form = VoidForm(request.POST or None)
    if form.is_valid():
        try:
            void_clearance(
                clearance, reason=form.cleaned_data["reason"], by=request.user, at=request.at
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Voided. Worse terms need that the customer is told again.")
            return redirect("desk:customer", request.operator.slug, customer.pk)
    context = {
        "form": form,
        "clearance": clearance,
        "customer": customer,
        "voided": ClearanceVoid.objects.filter(clearance=clearance).first(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/customers/void.html", context, status=status)
