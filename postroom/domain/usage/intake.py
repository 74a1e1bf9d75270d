"""Taking in usage: many entries at once, a result for each, and a bad one fails no other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction

from postroom.base.periods import local_day
from postroom.base.refusals import Refused
from postroom.base.sql import changed, rows
from postroom.domain.operators.models import Operator
from postroom.domain.usage.judging import Days, Given, Sound, digest, is_id, is_usable, judge
from postroom.domain.users.models import User

SQL = Path(__file__).parent / "sql"

#: Entries a statement.
BATCH = 10_000


class KeyUsedBefore(Refused):
    """The key “{key}” stands for another entry already, so this one was not counted."""

    field: ClassVar[str | None] = "key"


class Status(Enum):
    COUNTED = "counted"
    ALREADY_COUNTED = "already_counted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of an entry."""

    status: Status
    refusal: Refused | None = None


COUNTED, ALREADY_COUNTED = Outcome(Status.COUNTED), Outcome(Status.ALREADY_COUNTED)


@transaction.atomic
def take_in(
    operator: Operator,
    entries: Iterable[Given],
    *,
    by: User | None,
    at: datetime,
    batch: int = BATCH,
) -> list[Outcome]:
    """Will count entries, each once for its key, and say of each in turn what became of it.

    One statement for each ``batch`` of them. ``by`` is None where a program sends them. What was
    counted before under its key and with the same body is left alone.
    """
    given = list(entries)
    bodies = [digest(it.subscription_id, it.service, it.quantity, it.when) for it in given]
    days = _days(operator, given, at)
    judged = [_judged(it, days, body) for it, body in zip(given, bodies, strict=True)]
    firsts: dict[str, int] = {}
    for index, it in enumerate(judged):
        if isinstance(it, Sound):
            firsts.setdefault(it.key, index)
    sound = [it for index in firsts.values() if isinstance(it := judged[index], Sound)]
    # The order of the statement, so that two senders wait for each other over all batches.
    in_order = sorted(sound, key=lambda it: it.key)
    written = {
        key
        for start in range(0, len(in_order), batch)
        for key in _write(operator, in_order[start : start + batch], by, at)
    }
    _mark_late(operator, [it for it in sound if it.key in written], days)
    # Read after writing: whoever was first has committed by now.
    asked = {it.key for it in given if is_usable(it.key)} - written
    known = _known(operator, sorted(asked)) | {it.key: it.body for it in sound if it.key in written}
    return [
        COUNTED
        if isinstance(it, Sound) and it.key in written and firsts[it.key] == index
        else _outcome(it, bodies[index], known.get(given[index].key), given[index].key)
        for index, it in enumerate(judged)
    ]


def _judged(given: Given, days: dict[int, Days], body: UUID) -> Sound | Refused:
    try:
        known = days.get(given.subscription_id) if is_id(given.subscription_id) else None
        return judge(given, known, body)
    except Refused as refusal:
        return refusal


def _outcome(judged: Sound | Refused, body: UUID, known: UUID | None, key: str) -> Outcome:
    if known is not None and known == body:
        return ALREADY_COUNTED
    refusal = judged if isinstance(judged, Refused) else KeyUsedBefore(key=key)
    return Outcome(Status.REFUSED, refusal)


def _days(operator: Operator, given: Sequence[Given], at: datetime) -> dict[int, Days]:
    """Will return the days of the subscriptions that entries name; a neighbour's is not there."""
    wanted = sorted({it.subscription_id for it in given if is_id(it.subscription_id)})
    facts = {"operator": operator.pk, "subscriptions": wanted}
    return {
        row["id"]: Days(
            row["starts_on"],
            row["closes_on"],
            row["time_zone"],
            today=local_day(at, row["time_zone"]),
        )
        for row in rows(SQL / "days_of_subscriptions.sql", facts)
    }


def _write(operator: Operator, batch: Sequence[Sound], by: User | None, at: datetime) -> list[str]:
    """Will write entries and return the keys of those that were new."""
    facts: dict[str, Any] = {
        "operator": operator.pk,
        "at": at,
        "by": by.pk if by else None,
        "keys": [it.key for it in batch],
        "bodies": [it.body for it in batch],
        "subscriptions": [it.subscription_id for it in batch],
        "services": [it.service.value for it in batch],
        "quantities": [it.quantity for it in batch],
        "days": [it.on for it in batch],
        "instants": [it.happened_at for it in batch],
    }
    return [row["key"] for row in rows(SQL / "take_in.sql", facts)]


def _mark_late(operator: Operator, written: Sequence[Sound], days: dict[int, Days]) -> None:
    """Will tell billing which entries came after their month was billed."""
    mark_late(
        operator,
        [(it.subscription_id, it.on, days[it.subscription_id].today) for it in written],
    )


def mark_late(operator: Operator, entries: Sequence[tuple[int, date, date]]) -> None:
    """Will have what came late corrected on the next bill.

    Of each entry the subscription's id, its day and the local day on which it became known.
    """
    if entries:
        subscriptions, on, known_on = (list(column) for column in zip(*entries, strict=True))
        facts = {
            "operator": operator.pk,
            "subscriptions": subscriptions,
            "days": on,
            "known": known_on,
        }
        changed(SQL / "mark_late.sql", facts)


def _known(operator: Operator, keys: list[str]) -> dict[str, UUID]:
    if not keys:
        return {}
    facts = {"operator": operator.pk, "keys": keys}
    return {row["key"]: row["body"] for row in rows(SQL / "known_keys.sql", facts)}
