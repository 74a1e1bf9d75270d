"""Switching a customer to another plan or billing cycle: chosen, shown with its bill, done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.previews import ChangedSinceSeen
from postroom.domain.billing.switching import preview_switch, switch
from postroom.domain.operators.permissions import May
from postroom.domain.plans.models import Plan, Rate
from postroom.domain.subscriptions.models import Subscription, Switch, SwitchTiming
from postroom.domain.subscriptions.pending import coming_for, entered_already, renewals_of
from postroom.domain.subscriptions.queries import plans_to_assign
from postroom.domain.subscriptions.switching import take_back
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.subscriptions.forms import SwitchForm
from postroom.web.desk.subscriptions.rented import find, has_closed, to_customer, today_of
from postroom.web.refusing import refuse


@desk(May.RUN_CUSTOMERS)
def switch_plan(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """The choice; chosen, what it would do and bill; and then the act."""
    subscription = find(subscription_id)
    today = today_of(request, subscription)
    form = _form(request, subscription)
    if form.is_valid():
        if request.method == "POST" and form.cleaned_data["seen"]:
            answer = _switch(request, subscription, form)
        else:
            answer = _confirm(request, subscription, form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "subscription": subscription,
        "customer": subscription.customer,
        "closed": has_closed(subscription, today),
        "begun": subscription.starts_on <= today,
        "offered": len(form.fields["plan"].choices) > 1,  # type: ignore[attr-defined]
        "renews_on": renewals_of([subscription.pk])[subscription.pk],
        "rate_minor": _rate(subscription),
        "coming": coming_for([subscription.pk]).get(subscription.pk),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/subscriptions/switch.html", context, status=status)


def _form(request: DeskRequest, subscription: Subscription) -> SwitchForm:
    """Will bind what was sent, or what is in the address to be shown before it is done."""
    asked = request.POST if request.method == "POST" else request.GET
    first = request.method != "POST" and ("plan" not in asked or "edit" in asked)
    return SwitchForm(
        None if first else asked,
        offered=plans_to_assign(subscription.mailbox.location, on=today_of(request, subscription)),
        subscription=subscription,
        operator=request.operator,
        initial={field: asked[field] for field in ("plan", "timing") if field in asked},
    )


def _confirm(
    request: DeskRequest, subscription: Subscription, form: SwitchForm, changed: str = ""
) -> HttpResponse | None:
    """Will show what would happen; None where the switch is refused, which is on the form then."""
    plan_id, months = form.chosen()
    try:
        preview = preview_switch(
            subscription,
            plan=Plan.objects.get(pk=plan_id),
            months=months,
            timing=form.when,
            by=request.user,
            at=request.at,
            on=today_of(request, subscription),
        )
    except Refused as refusal:
        refuse(form, refusal, months="plan")
        return None
    context = {
        "form": form,
        "preview": preview,
        "now": form.when == SwitchTiming.NOW,
        "changed": changed,
        "subscription": subscription,
        "customer": subscription.customer,
        "rate_minor": _rate(subscription),
        "renews_on": renewals_of([subscription.pk])[subscription.pk],
        "settled": [it for it in preview.bills if not it.by_switch],
        "its_bills": [it for it in preview.bills if it.by_switch],
    }
    status = 409 if changed else 200
    return render(request, "desk/subscriptions/switch_confirm.html", context, status=status)


def _switch(
    request: DeskRequest, subscription: Subscription, form: SwitchForm
) -> HttpResponse | None:
    plan_id, months = form.chosen()
    today = today_of(request, subscription)
    try:
        made = switch(
            subscription,
            plan=Plan.objects.get(pk=plan_id),
            months=months,
            timing=form.when,
            by=request.user,
            at=request.at,
            on=today,
            seen=form.cleaned_data["seen"],
        )
    except Refused as refusal:
        # The second half of a double click finds what the first one did.
        found = entered_already(
            subscription,
            plan_id=plan_id,
            months=months,
            timing=form.when,
            by=request.user,
            on=today,
        )
        if found is None and isinstance(refusal, ChangedSinceSeen):
            return _confirm(request, subscription, form, changed=str(refusal))
        if found is None:
            refuse(form, refusal, months="plan")
            return None
        made = found
    messages.success(request, _said(request, made))
    return to_customer(request, subscription)


def _rate(subscription: Subscription) -> int | None:
    held = Rate.objects.filter(version=subscription.version_id, months=subscription.months)
    return held.values_list("amount_minor", flat=True).first()


def _said(request: DeskRequest, made: Switch) -> SafeString:
    """Will say what was done, with a link to its bill."""
    if made.timing == SwitchTiming.NEXT_TERM:
        coming = coming_for([made.subscription_id]).get(made.subscription_id)
        plan = coming.plan if coming else made.plan
        when = day(coming.starts_on, request.operator) if coming else "the next renewal"
        return format_html("Switches to {} on {}.", plan.name, when)
    invoice = Invoice.objects.filter(switch=made).first()
    if invoice is None:
        return format_html("Switched to {}.", made.plan.name)
    return format_html(
        'Switched to {}. <a href="{}">{}</a>: {}.',
        made.plan.name,
        reverse("desk:invoice", args=[request.operator.slug, invoice.number]),
        invoice,
        request.operator.show(invoice.total_minor),
    )


@require_POST
@desk(May.RUN_CUSTOMERS)
def take_switch_back(request: DeskRequest, switch_id: int) -> HttpResponse:
    """Forgets a switch that waits for the next renewal."""
    waiting = get_object_or_404(
        Switch.objects.select_related("subscription__customer", "plan"), pk=switch_id
    )
    try:
        take_back(waiting, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The switch to {waiting.plan} is taken back.")
    return to_customer(request, waiting.subscription)
