"""Who may come in: anybody who knows the operator's address, and who holds a signup's link."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpResponse
from django.shortcuts import render

from postroom.base.tenancy import as_operator
from postroom.domain.plans.published import host
from postroom.domain.signups.models import Signup
from postroom.domain.signups.queries import signup_of
from postroom.domain.signups.signed_links import read_signup_token
from postroom.web.visitors import VisitorRequest, as_visitor

P = ParamSpec("P")


class ApplicantRequest(VisitorRequest):
    """A request of somebody who signs up, by the link to their own signup."""

    signup: Signup
    token: str


def visitor(
    view: Callable[Concatenate[VisitorRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will let anybody in who names an operator; an unknown one is 404."""

    @wraps(view)
    def found(
        request: VisitorRequest, operator: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        known = host(operator)
        if known is None:
            raise Http404
        request.host = known
        return view(request, *args, **kwargs)

    answer: Any = as_visitor(found)
    answer.access = "visitors of an operator"
    return answer  # type: ignore[no-any-return]


def applicant(view: Callable[[ApplicantRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Will let the holder of a signup's link in, to that signup and no other.

    The public reader's snapshot makes all that is read of one instant; within it the operator's
    scope sees the signup. The address is a secret: it goes to no cache or other site. A link that
    is forged, torn, or of a signup that was thrown away gets one and the same page.
    """

    @wraps(view)
    def found(request: ApplicantRequest, operator: str, token: str) -> HttpResponse:
        known, holder = host(operator), read_signup_token(token)
        if known is None:
            raise Http404
        request.host, request.token = known, token
        mine = holder is not None and holder.operator_id == known.id
        with as_operator(known.id if mine else 0):
            signup = signup_of(holder) if holder and mine else None
            if signup is None:
                page = {"operator": known}
                response = render(request, "signup/no_signup.html", page, status=404)
            else:
                request.signup = signup
                response = view(request)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    answer: Any = as_visitor(found)
    answer.access = "the holder of a signup's link"
    return answer  # type: ignore[no-any-return]
