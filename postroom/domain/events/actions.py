import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, models

from postroom.domain.events.models import Event
from postroom.domain.users.models import User

#: Who stands in the record when no person acted.
THE_TIMETABLE = "the timetable"

_BY_NAME: ContextVar[str] = ContextVar("who acts without an account", default=THE_TIMETABLE)


@contextmanager
def in_the_name_of(name: str) -> Iterator[None]:
    """Will record what no person of the staff does meanwhile as done by that name: a customer's."""
    token = _BY_NAME.set(name)
    try:
        yield
    finally:
        _BY_NAME.reset(token)


def record(
    act: str,
    subject: models.Model,
    *,
    by: User | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> Event:
    """Will write down an act of ``by`` (``None`` is the timetable) on a tenant row at an instant.

    A customer who acts by a signed link has no account: see ``in_the_name_of``.

    ``act`` is ``noun.verb_in_the_past``, such as ``plan.copied``; ``facts`` must be plain JSON.
    """
    return Event.objects.create(
        operator_id=subject.operator_id,  # type: ignore[attr-defined]
        act=act,
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
        by_id=by.pk if by else None,
        by_name=str(by) if by else _BY_NAME.get(),
        at=at,
        facts=dict(facts or {}),
    )


def record_many(
    act: str,
    kind: type[models.Model],
    subjects: Collection[int],
    *,
    operator: int,
    by: User | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Will write down one act on many rows of a kind, by their ids, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO events_event (operator_id, act, subject_kind, subject_id, by_id, by_name,"
            " at, facts) SELECT %s, %s, %s, unnest(%s::bigint[]), %s, %s, %s, %s::jsonb",
            [
                *(operator, act, kind._meta.model_name, list(subjects)),
                *(by.pk if by else None, str(by) if by else _BY_NAME.get()),
                *(at, json.dumps(dict(facts or {}))),
            ],
        )
