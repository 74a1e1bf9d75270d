"""What is done with numbers from their list: set aside, one or many, and reserved for signup."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from postroom.base.refusals import Refused
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.customers.numbers import over_on, reserve_more, set_aside, set_many_aside
from postroom.domain.operators.models import Location
from postroom.domain.operators.permissions import May
from postroom.ui.templatetags.ui import count
from postroom.web.desk.access import DeskRequest, desk

#: More than one page of the list is not chosen by hand.
MOST_CHOSEN = 500


@require_POST
@desk(May.RUN_CUSTOMERS)
def set_one_aside(request: DeskRequest, mailbox_id: int) -> HttpResponse:
    """Keeps a free number for signing up online, or gives it back to staff."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id)
    try:
        mailbox = set_aside(
            mailbox, state=_wanted(request), by=request.user, at=request.at, on=request.on
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Mailbox {mailbox} is {mailbox.get_state_display().lower()}.")
    return _back(request)


@require_POST
@desk(May.RUN_CUSTOMERS)
def set_chosen_aside(request: DeskRequest) -> HttpResponse:
    """Does so with the chosen ones; those that are not free stay as they are."""
    typed = request.POST.getlist("mailbox")[:MOST_CHOSEN]
    chosen = [int(it) for it in typed if it.isascii() and it.isdigit() and len(it) < 19]
    if not chosen:
        messages.error(request, "Choose some mailboxes first, by the boxes before their numbers.")
        return _back(request)
    _set_aside(request, chosen)
    return _back(request)


@require_POST
@desk(May.RUN_CUSTOMERS)
def release_all(request: DeskRequest) -> HttpResponse:
    """Makes all numbers available whose quarantine is over."""
    over = list(over_on(request.on).values_list("pk", flat=True))
    _set_aside(request, over)
    return _back(request)


@require_POST
@desk(May.RUN_CUSTOMERS)
def reserve(request: DeskRequest, location_id: int) -> HttpResponse:
    """Keeps as many more numbers for online signup as the location is short of."""
    location = get_object_or_404(Location, pk=location_id)
    typed = request.POST.get("count", "")
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    try:
        reserved = reserve_more(location, count=wanted, by=request.user, at=request.at)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = f"{count(reserved, 'more number,more numbers')} reserved at {location}."
        if reserved < wanted:
            said += f" No more are available there: make {wanted - reserved:,} to have enough."
        messages.success(request, said)
    return _back(request)


def _set_aside(request: DeskRequest, mailboxes: list[int]) -> None:
    state = _wanted(request)
    done, left = set_many_aside(
        mailboxes, state=state, by=request.user, at=request.at, on=request.on
    )
    said = f"{count(done, 'mailbox is,mailboxes are')} {state.label.lower()} now."
    if left:
        said += f" {count(left, 'is,are')} not free, and left alone."
    (messages.success if done else messages.error)(request, said)


def _wanted(request: DeskRequest) -> MailboxState:
    reserved = request.POST.get("state") == MailboxState.RESERVED
    return MailboxState.RESERVED if reserved else MailboxState.AVAILABLE


def _back(request: DeskRequest) -> HttpResponse:
    """Will return to the page that it was done from, else to the list as it was filtered."""
    here = request.POST.get("next", "")
    if here and url_has_allowed_host_and_scheme(here, allowed_hosts=None):
        return redirect(here)
    url = reverse("desk:mailboxes", args=[request.operator.slug])
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return redirect(f"{url}?{query}" if query else url)
