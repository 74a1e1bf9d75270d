"""Charging something by hand, and taking it back until it is billed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.billing.charges import ChargeSentBefore, enter_charge, take_back_charge
from postroom.domain.billing.models import Charge
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.models import Subscription
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.subscriptions.forms import ChargeForm
from postroom.web.desk.subscriptions.rented import find, to_customer, today_of
from postroom.web.refusing import refuse

SENT_BEFORE = (
    "This form was sent before with something else, which was charged."
    " To charge this as well, send it again."
)


@desk(May.RUN_CUSTOMERS)
def charge(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """What for, how much, taxed or not: it goes on the next invoice."""
    subscription = find(subscription_id)
    form = ChargeForm(request.POST or None, operator=request.operator)
    if form.is_valid() and _charge(request, subscription, form):
        return to_customer(request, subscription)
    context = {
        "form": form,
        "subscription": subscription,
        "customer": subscription.customer,
        "location": subscription.mailbox.location,
        "today": today_of(request, subscription),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/subscriptions/charge.html", context, status=status)


def _charge(request: DeskRequest, subscription: Subscription, form: ChargeForm) -> bool:
    typed = form.cleaned_data
    try:
        charged = enter_charge(
            subscription,
            text=typed["text"],
            amount_minor=typed["amount"],
            taxable=typed["taxable"],
            form=typed["form_key"],
            by=request.user,
            at=request.at,
            on=today_of(request, subscription),
        )
    except ChargeSentBefore:
        form.renew()
        form.add_error(None, SENT_BEFORE)
        return False
    except Refused as refusal:
        refuse(form, refusal)
        return False
    amount = request.operator.show(charged.amount_minor)
    messages.success(request, f"Charged: {charged.text}, {amount}. {_when(request, charged)}")
    return True


def _when(request: DeskRequest, charged: Charge) -> str:
    """Will say which invoice it goes on."""
    its = Subscription.objects.get(pk=charged.subscription_id)
    if its.next_bill_on is None or its.next_bill_on < charged.on:
        return "It goes on the next invoice."
    return f"It goes on the invoice of {day(its.next_bill_on, request.operator)}."


@require_POST
@desk(May.RUN_CUSTOMERS)
def take_charge_back(request: DeskRequest, charge_id: int) -> HttpResponse:
    """Forgets a charge that no invoice has yet."""
    charged = get_object_or_404(
        Charge.objects.select_related("subscription__customer"), pk=charge_id
    )
    try:
        take_back_charge(charged, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Taken back: {charged.text}.")
    return to_customer(request, charged.subscription)
