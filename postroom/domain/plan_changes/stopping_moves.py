"""Stopping a move: what waits is taken back, and what was told of it clears nothing."""

from datetime import datetime
from pathlib import Path

from postroom.base.sql import changed
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.subscriptions.moving import take_back_moves
from postroom.domain.users.models import User

SQL = Path(__file__).parent / "sql"


def stop_move(change: PlanChange, *, reason: str, by: User | None, at: datetime) -> int:
    """Will keep a move from everybody whom it has not brought yet, and return how many waited.

    Its version stays, since others may be on it: so the clearances are voided one by one.
    """
    facts = {
        "operator": change.operator_id,
        "announcement": change.announcement_id,
        "reason": reason,
        "by": by.pk if by else None,
        "at": at,
    }
    changed(SQL / "void_clearances_of.sql", facts)
    return take_back_moves(
        change.version, plan=change.plan, by=by, at=at, entered_at=change.scheduled_at
    )
