from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models

from postroom.domain.events.models import Event
from postroom.domain.users.models import User

#: Who stands in the record when no person acted.
THE_TIMETABLE = "the timetable"


def record(
    act: str,
    subject: models.Model,
    *,
    by: User | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> Event:
    """Will write down an act of ``by`` (``None`` is the timetable) on a tenant row at an instant.

    ``act`` is ``noun.verb_in_the_past``, such as ``plan.copied``; ``facts`` must be plain JSON.
    """
    return Event.objects.create(
        operator_id=subject.operator_id,  # type: ignore[attr-defined]
        act=act,
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
        by_id=by.pk if by else None,
        by_name=str(by) if by else THE_TIMETABLE,
        at=at,
        facts=dict(facts or {}),
    )
