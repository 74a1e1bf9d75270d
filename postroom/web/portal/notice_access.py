"""Who may come in to a notice's page: the customer whose signed link it is."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.messages import get_messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from postroom.base.tenancy import as_operator
from postroom.domain.notices.signed_links import envelope_of, read_answer_token
from postroom.domain.operators.models import Operator
from postroom.domain.plan_changes.noticed import Noticed, Opened, open_envelope

P = ParamSpec("P")


class NoticeRequest(HttpRequest):
    """A request of the customer who holds a notice's link. Time enters with it."""

    operator: Operator
    opened: Opened
    token: str
    at: datetime

    def noticed(self, notice_id: int) -> Noticed:
        """Will return the mailbox of a notice in this envelope. Raises Http404."""
        found = self.opened.of(notice_id)
        if found is None:
            raise Http404
        return found


def shared(request: NoticeRequest) -> dict[str, object]:
    """Will return what every page behind a notice's link takes."""
    return {
        "operator": request.operator,
        "heading": request.opened.heading,
        "has_logo": request.opened.has_logo,
        "token": request.token,
    }


def holder_of_notice(
    view: Callable[Concatenate[NoticeRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will let the holder of a good link in, to one envelope of their own.

    A link that is forged, torn or of an envelope that was never written gets one page; one that
    is too old, or whose notice does not count any more, gets a page that says so. The address is
    a secret: it goes to no cache, search engine or other site. Reading it changes nothing, since
    mail scanners open every link.
    """

    @never_cache
    @wraps(view)
    def answer(request: Any, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request.at, request.token = timezone.now(), token
        len(get_messages(request))
        holder = read_answer_token(token)
        with as_operator(holder.operator_id if holder else 0):
            if holder is None:
                response = render(request, "portal/notice/no_link.html", status=404)
            elif holder.is_over(request.at):
                response = render(request, "portal/notice/too_old.html", status=410)
            else:
                envelope = envelope_of(holder, request.at)
                if envelope is None:
                    response = render(request, "portal/notice/no_link.html", status=404)
                else:
                    request.operator = envelope.operator
                    request.opened = open_envelope(envelope, at=request.at)
                    request.noticed = NoticeRequest.noticed.__get__(request)
                    response = _answer(view, request, *args, **kwargs)
        # Not “no-referrer”: a browser would then send forms from nowhere, and none would count.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    answer.access = "the customer with a notice's signed link"  # type: ignore[attr-defined]
    return answer


def _answer(view: Any, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    if request.opened.over is None:
        response: HttpResponse = view(request, *args, **kwargs)
        return response
    page = {
        "operator": request.operator,
        "heading": request.opened.heading,
        "opened": request.opened,
        "over": request.opened.over.value,
    }
    return render(request, "portal/notice/over.html", page, status=410)
