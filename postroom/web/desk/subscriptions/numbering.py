"""Another mailbox number for a customer."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from postroom.base.refusals import Refused
from postroom.domain.customers.models import Mailbox
from postroom.domain.customers.numbers import FREE
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.numbering import change_number
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.subscriptions.rented import find, to_customer, today_of
from postroom.web.refusing import refuse

#: Free numbers that the browser is given to search in; any other may be typed.
SUGGESTED = 200


class NumberForm(forms.Form):
    """Which number."""

    number = forms.CharField(
        max_length=13,
        label="New mailbox number",
        help_text="Type to search the free numbers at this location.",
        widget=forms.TextInput(attrs={"list": "free-numbers", "autocomplete": "off"}),
        error_messages={"required": "Enter the new number."},
    )
    sure = forms.BooleanField(
        label="I have told them that it needs a new Form 1583",
        error_messages={"required": "Tick the box once they know."},
    )


@desk(May.RUN_CUSTOMERS)
def number(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """Moves a subscription to another number at the same location."""
    subscription = find(subscription_id)
    form = NumberForm(request.POST or None)
    if form.is_valid():
        try:
            moved = change_number(
                subscription,
                number=form.cleaned_data["number"],
                by=request.user,
                at=request.at,
                on=today_of(request, subscription),
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{subscription.customer} has mailbox {moved.mailbox} now.")
            return to_customer(request, moved)
    free = Mailbox.objects.filter(location=subscription.mailbox.location_id, state__in=FREE)
    context = {
        "form": form,
        "subscription": subscription,
        "customer": subscription.customer,
        "free": free.order_by("state", "sort_key")[:SUGGESTED],
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/subscriptions/number.html", context, status=status)
