"""One mailbox number: its state, who has it, who had it, and what happened to it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from postroom.domain.customers.models import Mailbox
from postroom.domain.events.queries import events_of
from postroom.domain.events.sentences import sentence
from postroom.domain.operators.permissions import May
from postroom.domain.signups.queries import holder_of
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.numbering import moved_on_from
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.customers.mailbox_list import state_badge
from postroom.web.desk.house.happened import Happened

#: Events and renters that the page shows.
LATEST = 30


@desk(May.SEE_MAIL)
def mailbox(request: DeskRequest, mailbox_id: int) -> HttpResponse:
    """What is known of a number."""
    found = get_object_or_404(Mailbox.objects.select_related("location"), pk=mailbox_id)
    rented = Subscription.objects.filter(mailbox=found).select_related("customer")
    happened = [
        Happened(event, sentence(event, request.operator.locale))
        for event in events_of(found)[:LATEST]
    ]
    context = {
        "mailbox": found,
        "badge": state_badge(found, request.operator),
        "rented": rented.order_by("-starts_on", "-pk")[:LATEST],
        "moved_on": moved_on_from(found, latest=LATEST),
        "held_by": holder_of(found) if request.staff.sees_money else None,
        "happened": happened,
        "may_run": request.may("run_customers"),
        "is_over": found.quarantined_until is not None and found.quarantined_until <= request.on,
    }
    return render(request, "desk/customers/mailbox.html", context)
