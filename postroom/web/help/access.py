"""Who may come in: anybody, or only who is signed in, as the setting says; and platform staff."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from postroom.base.tenancy import as_platform, as_reader
from postroom.domain.knowledge_base.actions import Reader
from postroom.domain.users.models import User

P = ParamSpec("P")
#: Where a session keeps what a visitor is known by, once they said something.
VISITOR = "knowledge_base_visitor"


class HelpRequest(HttpRequest):
    """A request of somebody who reads. Time enters with it."""

    at: datetime
    reader: Reader
    #: Why what they send is turned away at the gate: nothing, where it is let in.
    turned_away: str = ""


class StaffRequest(HttpRequest):
    """A request of the platform's staff."""

    user: User
    at: datetime


def reader(
    view: Callable[Concatenate[HelpRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will let anybody in, or only who is signed in where ``HELP_PUBLIC`` is off."""

    @wraps(view)
    def answer(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not (settings.HELP_PUBLIC or request.user.is_authenticated):
            return redirect_to_login(request.get_full_path())
        request.at = timezone.now()
        request.reader = _who(request)
        with as_reader(request.reader.user_id, request.reader.visitor):
            return view(request, *args, **kwargs)

    answer.access = "readers of the knowledge base"  # type: ignore[attr-defined]
    return answer


def platform_staff(
    view: Callable[Concatenate[StaffRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Will let the platform's staff in, to what all readers said; anybody else gets 403."""

    @wraps(view)
    def answer(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_staff:
            raise PermissionDenied
        request.at = timezone.now()
        with as_platform():
            return view(request, *args, **kwargs)

    marked = login_required(answer)
    marked.access = "platform staff"  # type: ignore[attr-defined]
    return marked


def _who(request: HttpRequest) -> Reader:
    if request.user.is_authenticated:
        return Reader(user_id=request.user.pk)
    known = request.session.get(VISITOR)
    return Reader(visitor=UUID(known) if known else None)
