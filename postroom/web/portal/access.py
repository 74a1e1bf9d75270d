"""Who may come in: the customer whose signed link it is."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from postroom.base.periods import local_day
from postroom.base.tenancy import as_operator, as_public_reader
from postroom.domain.operators.models import Operator
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.signed_links import read_my_plan_token, subscription_of


class CustomerRequest(HttpRequest):
    """A request of the customer who holds the link. Time enters with it."""

    operator: Operator
    subscription: Subscription
    token: str
    at: datetime
    #: Today in the calendar of the mailbox's location.
    on: date


View = Callable[[CustomerRequest], HttpResponse]


def customer(view: View) -> Callable[..., HttpResponse]:
    """Will let the holder of a good link look at their own plan and nobody else's.

    The outer scope's snapshot makes all that is read of one instant.
    """
    return _for_holder(view, looks=True)


def acting_customer(view: View) -> Callable[..., HttpResponse]:
    """Will let the holder of a good link act, too: without a snapshot, since acts wait in turn."""
    return _for_holder(view, looks=False)


def _for_holder(view: View, *, looks: bool) -> Callable[..., HttpResponse]:
    """Will let the holder of a good link in.

    A link that is forged, torn, too old or of a subscription that has ended gets one and the same
    page. The address is a secret: it goes to no cache, search engine or other site.
    """

    @never_cache
    @wraps(view)
    def answer(request: Any, token: str) -> HttpResponse:
        request.at, request.token = timezone.now(), token
        len(get_messages(request))
        holder = read_my_plan_token(token, request.at)
        outer = as_public_reader() if looks else nullcontext()
        # The inner scope's operator is the only one whose rows are seen.
        with outer, as_operator(holder.operator_id if holder else 0):
            found = subscription_of(holder, request.at) if holder else None
            if found is None:
                response = render(request, "portal/no_link.html", status=404)
            else:
                request.subscription, request.operator = found, found.operator
                request.on = local_day(request.at, found.mailbox.location.time_zone)
                response = view(request)
        # Not “no-referrer”: a browser would then send forms from nowhere, and none would count.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    answer.access = "the customer with a signed link"  # type: ignore[attr-defined]
    return answer
