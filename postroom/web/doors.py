"""What the doors for people share: every view says whom it is for, or is not served."""

from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern


def guarded(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """Will return a door's addresses, refusing to serve a view without an access decorator."""
    checked = list(patterns)
    for pattern in checked:
        if getattr(pattern.callback, "access", None) is None:
            raise ImproperlyConfigured(f"The view of “{pattern.name}” does not say whom it is for.")
    return checked
