"""The platform staff's own desk: Django's admin, working in the platform's scope."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from postroom.base.tenancy import as_platform


class PlatformScope:
    """Will serve the admin to platform staff in the platform's scope, one transaction a request.

    Row-level security gives everybody else's requests no rows at all there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(reverse("admin:index")) or not _is_platform_staff(request):
            return self.get_response(request)
        request.at = timezone.now()  # type: ignore[attr-defined]
        with as_platform():
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response


def _is_platform_staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_active and request.user.is_staff
