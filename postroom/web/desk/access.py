"""Who may come in: staff of the operator in the address, whose role allows it."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from postroom.base.periods import local_day
from postroom.base.tenancy import as_member, as_operator
from postroom.domain.operators.models import Operator, Staff
from postroom.domain.operators.permissions import May, allows
from postroom.domain.operators.queries import memberships
from postroom.domain.users.models import User

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of somebody who works here. Time enters with it."""

    user: User
    staff: Staff
    operator: Operator
    #: Everywhere this person works, for the switch between operators.
    places: list[Staff]
    at: datetime
    #: Today in the operator's calendar.
    on: date

    def may(self, permission: str) -> bool:
        """Will tell whether this person may do what the permission's name says."""
        return allows(self.staff.role, May[permission.upper()])


View = Callable[Concatenate[DeskRequest, P], HttpResponse]


def desk(
    permission: May, *, to_write: May | None = None
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Will let staff whose role has the permission in, within their operator's scope.

    ``to_write`` is what sending a form takes, where that is more than seeing the page. A stranger
    to the operator gets 404, as for one that does not exist; a colleague without the permission
    gets 403. The view runs in one transaction.
    """
    writing = to_write or permission

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(
            request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponse:
            let_in(request, slug)
            desk_request: DeskRequest = request  # type: ignore[assignment]
            reads = request.method in {"GET", "HEAD", "OPTIONS"}
            if not allows(desk_request.staff.role, permission if reads else writing):
                raise PermissionDenied
            with as_operator(desk_request.operator.pk):
                return view(desk_request, *args, **kwargs)

        marked = login_required(guarded)
        marked.access = permission  # type: ignore[attr-defined]
        marked.to_write = writing  # type: ignore[attr-defined]
        return marked

    return decorate


def let_in(request: Any, slug: str) -> None:
    """Will put the person's place and today's date on the request. Raises Http404."""
    with as_member(request.user.pk):
        request.places = memberships(request.user.pk)
    request.staff = next((it for it in request.places if it.operator.slug == slug), None)
    if request.staff is None:
        raise Http404
    request.operator = request.staff.operator
    request.at = timezone.now()
    request.on = local_day(request.at, request.operator.time_zone)
    request.may = DeskRequest.may.__get__(request)
