"""How anybody reads what is published: in one transaction, of one instant, kept by no cache."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.messages import get_messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from psycopg.errors import SerializationFailure

from postroom.base.tenancy import as_public_reader
from postroom.domain.plans.published import Host

#: A visitor's second click may meet the first one's row halfway; then all is read again.
ATTEMPTS = 3


class VisitorRequest(HttpRequest):
    """A request of somebody unknown. Time enters with it."""

    host: Host
    at: datetime
    #: Why what they send is turned away at the gate: nothing, where it is let in.
    turned_away: str = ""


def as_visitor(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Will answer in the public reader's scope, and let no cache keep a price.

    What a session says of the visitor is read before, since the public reader sees no sessions.
    """

    @never_cache
    def answer(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.at = timezone.now()
        len(get_messages(request))
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with as_public_reader():
                    return view(request, *args, **kwargs)
            except OperationalError as error:
                if attempt == ATTEMPTS or not isinstance(error.__cause__, SerializationFailure):
                    raise
        raise AssertionError("the last attempt either answers or raises")

    return answer
