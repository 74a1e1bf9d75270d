"""The gate before what anybody may send: not too often, and not by a robot.

Both are settled before the public reader's scope is entered, which writes nothing, and before a
view is tried again. A view asks ``request.turned_away`` and shows its form with what was typed.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from ipaddress import IPv6Network, ip_address
from typing import Any

from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_altcha import AltchaField

from postroom.base.limits import too_often

TOO_OFTEN = "That was too often from your connection. Wait {minutes} and send it once more."
#: As large a number as a phone finds within a second.
LARGEST_NUMBER = 50_000
#: What the widget brings along: a worker of its own, and one style sheet, which has this digest.
WIDGET = {
    "worker-src": ["'self'", "blob:"],
    "style-src": ["'sha256-pg+oQARqMq4wCazyrsMt8HY89BJkXkEFkwNWxg2iPdg='"],
}


@dataclass(frozen=True)
class Gate:
    """How often a form may be sent from one connection, and whether a browser has to work."""

    name: str
    at_most: int
    within: timedelta
    proof: bool = True


class ProofOfWork(AltchaField):  # type: ignore[misc]
    """A puzzle that a browser solves by itself, so that robots pay for what they send.

    The gate takes the solution, so a form that shows it does not check it again.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            label="",
            auto="onload",
            maxnumber=LARGEST_NUMBER,
            hidefooter=True,
            hidelogo=True,
            strings={"label": "I am not a robot", "verified": "Checked: you may send it"},
            **options,
        )
        self.error_messages |= {
            "required": "Wait until the check above the button is done, then send it once more."
            " It needs JavaScript.",
            "invalid": "The check above the button is over or was used. It has run anew:"
            " send it once more.",
        }
        self.error_messages["error"] = self.error_messages["invalid"]
        self.error_messages["replay"] = self.error_messages["invalid"]

    def clean(self, value: Any) -> Any:
        return value

    def check(self, solution: str, form: str) -> str:
        """Will return what is wrong with the solution that a form brings, or nothing.

        The second half of a double click brings the same one, by the same form.
        """
        self.form = form
        try:
            # It asks its own ``required`` in any case.
            self.validate(solution)
        except forms.ValidationError as error:
            return str(error.messages[0])
        return ""

    def replay_attack_protection(self, payload: str) -> None:
        """Will take each solution for one form, also of two that come at the same instant."""
        key = f"proof-{sha256(payload.encode()).hexdigest()}"
        seconds = settings.ALTCHA_CHALLENGE_EXPIRE // 1000
        if not cache.add(key, self.form, timeout=seconds) and cache.get(key) != self.form:
            raise forms.ValidationError(self.error_messages["replay"], code="replay")


def at_gate(gate: Gate) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Will put on the request why what it sends is turned away: nothing, where it is let in."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            request.turned_away = _why(request, gate) if request.method == "POST" else ""
            response = view(request, *args, **kwargs)
            if request.turned_away and response.status_code == 422:
                response.status_code = 429 if request.too_often else 422
            return response

        guarded: Any = csp_update(WIDGET)(answer) if gate.proof else answer
        return guarded  # type: ignore[no-any-return]

    return decorate


def visitor_key(request: HttpRequest) -> str:
    """Will name a visitor's connection without saying which it is; a whole network of IPv6."""
    address = visitor_address(request) or "unknown"
    if ":" in address:
        address = str(IPv6Network((address, 64), strict=False))
    return hmac.new(settings.SECRET_KEY.encode(), address.encode(), "sha256").hexdigest()[:24]


def visitor_address(request: HttpRequest) -> str | None:
    """Will return where a request comes from: as the last of our own proxies says, if any."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        passed = request.headers.get("X-Forwarded-For", "").split(",")
        said = passed[-min(settings.PROXIES, len(passed))].strip() or said
    try:
        return str(ip_address(said))
    except ValueError:
        return None


def _why(request: Any, gate: Gate) -> str:
    at = timezone.now()
    key = f"{gate.name} {visitor_key(request)}"
    request.too_often = too_often(key, at_most=gate.at_most, within=gate.within, at=at)
    if request.too_often:
        minutes = int(gate.within.total_seconds() // 60)
        return TOO_OFTEN.format(minutes="a minute" if minutes == 1 else f"{minutes} minutes")
    sent = request.POST
    form = sent.get("form_key") or sent.get("form") or ""
    return ProofOfWork().check(sent.get("altcha", ""), form) if gate.proof else ""
