"""Sending a customer the link to their own plan."""

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.notices.link_mails import ask_to_mail_link
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.subscriptions.rented import find, to_customer
from postroom.web.worker import ask_worker


@require_POST
@desk(May.RUN_CUSTOMERS)
def send_link(request: DeskRequest, subscription_id: int) -> HttpResponse:
    """Has “my plan and other plans” mailed to the customer."""
    subscription = find(subscription_id)
    try:
        to = ask_to_mail_link(subscription, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return to_customer(request, subscription)
    ask_worker(
        "mail_my_plan",
        operator_id=subscription.operator_id,
        subscription_id=subscription.pk,
        to=to,
    )
    messages.success(request, f"The link is on its way to {to}.")
    return to_customer(request, subscription)
