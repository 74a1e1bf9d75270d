"""What a location's public page says of it: words, a phone number, hours and features."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.operators.kinds import Feature
from postroom.domain.operators.models import Location
from postroom.domain.users.models import User


@transaction.atomic
def show_location(
    location: Location,
    *,
    description: str,
    phone: str,
    hours: Mapping[str, list[str]],
    features: Iterable[Feature],
    by: User | None,
    at: datetime,
) -> dict[str, list[Any]]:
    """Will save what a location's page says of it; ``hours`` are as ``hours.written`` has them.

    Returns what changed as field: [before, after].
    """
    location = Location.objects.select_for_update(of=("self",)).get(pk=location.pk)
    chosen = set(features)
    wanted = {
        "description": "\n".join(tidy(line) for line in description.splitlines()).strip(),
        "phone": tidy(phone),
        "hours": dict(hours),
        "features": [it.value for it in Feature if it in chosen],
    }
    changes = {
        field: [getattr(location, field), value]
        for field, value in wanted.items()
        if getattr(location, field) != value
    }
    for field, (_, value) in changes.items():
        setattr(location, field, value)
    if changes:
        location.save(update_fields=list(changes))
        record("location.shown", location, by=by, at=at, facts=changes)
    return changes
