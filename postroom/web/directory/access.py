"""Who may come in: anybody."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpResponse

from postroom.base.tenancy import as_public_reader
from postroom.domain.plans.published import Place, host, places
from postroom.domain.plans.services import Channel
from postroom.web.visitors import VisitorRequest, as_visitor

P = ParamSpec("P")


class GuestRequest(VisitorRequest):
    """A request for a location on the lead-gen website."""

    place: Place


def anybody(
    view: Callable[Concatenate[VisitorRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will let anybody in."""
    answer: Any = as_visitor(view)
    answer.access = "anybody"
    return answer  # type: ignore[no-any-return]


def guest(
    view: Callable[Concatenate[GuestRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will let anybody in to a location that the website shows; any other is 404."""
    answer: Any = as_visitor(_found(view))
    answer.access = "anybody"
    return answer  # type: ignore[no-any-return]


def photographed(
    view: Callable[Concatenate[GuestRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will let anybody see a photo of a location that the website shows, and let it be kept."""
    found = _found(view)

    @wraps(view)
    def answer(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        with as_public_reader():
            return found(request, *args, **kwargs)

    answer.access = "anybody"  # type: ignore[attr-defined]
    return answer


def _found(
    view: Callable[Concatenate[GuestRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will look for the location that an address names."""

    @wraps(view)
    def found(
        request: GuestRequest, operator: str, location: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        known = host(operator)
        here = places(known.id, Channel.LEAD_GEN, slug=location) if known else []
        if known is None or not here:
            raise Http404
        request.host, request.place = known, here[0]
        return view(request, *args, **kwargs)

    return found
