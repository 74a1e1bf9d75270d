"""What was put on the list of jobs for a house, and doing it at once."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection

from postroom.demo.cast import House


def asked_for(house: House, job: Any) -> list[dict[str, Any]]:
    """Will return what a job was asked for with, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = %s"
            " AND (args ->> 'operator_id')::bigint = %s ORDER BY id",
            [job.name, house.operator.pk],
        )
        found = [args for (args,) in cursor.fetchall()]
    return [json.loads(it) if isinstance(it, str) else it for it in found]


def do_last(house: House, job: Callable[..., None]) -> None:
    """Will do what was asked for last, and take it off the list, as a worker does."""
    job(**asked_for(house, job)[-1])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = %s"
            " AND (args ->> 'operator_id')::bigint = %s",
            [job.name, house.operator.pk],  # type: ignore[attr-defined]
        )
