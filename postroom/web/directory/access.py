"""Who may come in: anybody."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpResponse

from postroom.domain.plans.published import Place, host, places
from postroom.domain.plans.services import Channel
from postroom.web.visitors import VisitorRequest, as_visitor

P = ParamSpec("P")


class GuestRequest(VisitorRequest):
    """A request for a location on the lead-gen website."""

    place: Place


def anybody(view: Callable[[VisitorRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Will let anybody in."""
    answer: Any = as_visitor(view)
    answer.access = "anybody"
    return answer  # type: ignore[no-any-return]


def guest(
    view: Callable[Concatenate[GuestRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will let anybody in to a location that the website shows; any other is 404."""

    @wraps(view)
    def found(
        request: GuestRequest, operator: str, location: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        known = host(operator)
        listed = places(known.id, Channel.LEAD_GEN) if known else []
        place = next((it for it in listed if it.slug == location), None)
        if known is None or place is None:
            raise Http404
        request.host, request.place = known, place
        return view(request, *args, **kwargs)

    answer: Any = as_visitor(found)
    answer.access = "anybody"
    return answer  # type: ignore[no-any-return]
