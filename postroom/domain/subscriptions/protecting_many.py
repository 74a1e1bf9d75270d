"""Protecting many customers at once: a statement each for the promises and for their events."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.sql import rows
from postroom.base.text import tidy
from postroom.domain.events.actions import record_many
from postroom.domain.operators.models import Operator
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.protecting import ProtectionSaysNoReason
from postroom.domain.users.models import User

SQL = Path(__file__).parent / "sql"


class LockIsOver(Refused):
    """Choose a later day than today."""

    field = "until"


@dataclass(frozen=True)
class Many:
    """Subscriptions that are protected together, why, and by whom."""

    operator: Operator
    subscriptions: Collection[int]
    reason: str
    by: User | None
    at: datetime


@transaction.atomic
def lock_many(many: Many, *, until: date, on: date) -> int:
    """Will lock the price of many until a day, and return for how many that is new.

    Raises ProtectionSaysNoReason or LockIsOver.
    """
    if until <= on:
        raise LockIsOver()
    return _do(many, "lock_many", "subscription.locked", until=until)


@transaction.atomic
def pin_many(many: Many) -> int:
    """Will pin many to the version that they have, and return for how many that is new.

    Raises ProtectionSaysNoReason.
    """
    return _do(many, "pin_many", "subscription.pinned")


@transaction.atomic
def unprotect_many(many: Many) -> int:
    """Will end what keeps the terms of many, for every term not opened yet; for how many it did.

    Raises ProtectionSaysNoReason.
    """
    return _do(many, "unprotect_many", "subscription.unprotected")


def _do(many: Many, act: str, event: str, until: date | None = None) -> int:
    if not (reason := tidy(many.reason)):
        raise ProtectionSaysNoReason()
    facts = {
        "operator": many.operator.pk,
        "subscriptions": list(many.subscriptions),
        "until": until,
        "reason": reason,
        "by": many.by.pk if many.by else None,
        "at": many.at,
    }
    touched = [it["subscription_id"] for it in rows(SQL / f"{act}.sql", facts)]
    said = {"reason": reason} | ({"until": until.isoformat()} if until else {})
    record_many(
        event,
        Subscription,
        touched,
        operator=many.operator.pk,
        by=many.by,
        at=many.at,
        facts=said,
    )
    return len(touched)
