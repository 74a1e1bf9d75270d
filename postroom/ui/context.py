"""What every page knows about this installation."""

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, object]:
    return {"version": settings.VERSION, "is_demo": settings.DEMO}
