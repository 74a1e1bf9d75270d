"""Rate limits: how often somebody may come to a gate, counted for all processes together."""

from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from postroom.base.sql import rows

SQL = Path(__file__).parent / "sql"
#: No limit is counted over a longer while than this.
LONGEST = timedelta(days=1)


def too_often(key: str, *, at_most: int, within: timedelta, at: datetime) -> bool:
    """Will count a visit, and tell whether it is one too many since the first within a while."""
    facts = {"key": key, "at": at, "since": at - within}
    [visit] = rows(SQL / "count_visit.sql", facts)
    return bool(visit["times"] > at_most)


def forget_visits(*, at: datetime) -> int:
    """Will throw away what no limit looks at any more; returns how many counters it was."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM visits WHERE began_at < %s", [at - LONGEST])
        return int(cursor.rowcount)
