"""What all steps of signing up share: the way so far, and a cookie that leads back to it."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from postroom.domain.signups.signed_links import read_signup_token
from postroom.web.visitors import VisitorRequest

STEPS = ("Plan", "Number", "You", "Agree")
#: As long as it is kept when nobody comes back.
REMEMBERED = 14 * 24 * 3600


def step(request: VisitorRequest, number: int) -> dict[str, Any]:
    """Will return what each step's page takes: which step it is, and whose pages these are."""
    return {
        "operator": request.host,
        "home": reverse("signup:plans", args=[request.host.slug]),
        "steps": list(enumerate(STEPS, start=1)),
        "step": number,
    }


def remember(response: HttpResponse, request: VisitorRequest, token: str) -> None:
    """Will have the browser bring the link along, for who comes back without it."""
    response.set_cookie(
        _cookie(request),
        token,
        max_age=REMEMBERED,
        path=reverse("signup:plans", args=[request.host.slug]),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse, request: VisitorRequest) -> None:
    """Will have the browser forget a signup that is decided."""
    response.delete_cookie(_cookie(request), path=reverse("signup:plans", args=[request.host.slug]))


def begun_before(request: VisitorRequest) -> str:
    """Will return where somebody goes on who began here before."""
    token = begun_here(request)
    return reverse("signup:standing", args=[request.host.slug, token]) if token else ""


def begun_here(request: VisitorRequest) -> str:
    """Will return the link that the browser brought along, if it is whole."""
    token = request.COOKIES.get(_cookie(request), "")
    holder = read_signup_token(token) if token else None
    return token if holder is not None and holder.operator_id == request.host.id else ""


def _cookie(request: VisitorRequest) -> str:
    return f"signup_{request.host.id}"
