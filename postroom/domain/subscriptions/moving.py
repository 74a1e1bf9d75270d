"""The operator's move of customers to another plan, each at a renewal that allows it."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from postroom.base.sql import rows
from postroom.domain.events.actions import record_many
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.users.models import User

SQL = Path(__file__).parent / "sql"


@transaction.atomic
def enter_moves(
    version: PlanVersion,
    subscription_ids: Collection[int],
    *,
    not_before: date,
    by: User | None,
    at: datetime,
    on: date,
) -> int:
    """Will note that customers move to a version of another plan, and return how many do.

    Each does at the first renewal on or after ``not_before`` at which it is not worse for them or
    they are cleared for it, and no pin or price lock keeps them. Who has a switch waiting, or terms
    that it has no rate for, is left alone: entered twice, it is entered once. Expects that the
    versions of their plan are compared with it (``compare_with_plan``).
    """
    facts = _facts(version, by, at) | {
        "subscriptions": list(subscription_ids),
        "not_before": not_before,
        "on": on,
        "plan": version.plan_id,
    }
    entered = [it["subscription_id"] for it in rows(SQL / "enter_moves.sql", facts)]
    said = {"plan": version.plan.name, "not_before": not_before.isoformat()}
    _record("subscription.move_entered", entered, version, by=by, at=at, said=said)
    return len(entered)


@transaction.atomic
def take_back_moves(
    version: PlanVersion,
    *,
    plan: Plan,
    by: User | None,
    at: datetime,
    entered_at: datetime | None = None,
) -> int:
    """Will forget the moves of a plan's customers to a version that wait still; how many did.

    All of them, or those that were entered at an instant.
    """
    facts = _facts(version, by, at) | {"plan": plan.pk, "entered_at": entered_at}
    taken = [it["subscription_id"] for it in rows(SQL / "take_back_moves.sql", facts)]
    said = {"plan": version.plan.name}
    _record("subscription.move_taken_back", taken, version, by=by, at=at, said=said)
    return len(taken)


def _facts(version: PlanVersion, by: User | None, at: datetime) -> dict[str, object]:
    return {
        "operator": version.operator_id,
        "version": version.pk,
        "by": by.pk if by else None,
        "at": at,
    }


def _record(
    act: str,
    subscriptions: Collection[int],
    version: PlanVersion,
    *,
    by: User | None,
    at: datetime,
    said: dict[str, str],
) -> None:
    record_many(
        act, Subscription, subscriptions, operator=version.operator_id, by=by, at=at, facts=said
    )
