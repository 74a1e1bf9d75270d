"""Running the statements of this room."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection

from postroom.base.sql import rows

SQL = Path(__file__).parent / "sql"


def figures(name: str, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Will run a statement that adds up many rows, as it stands.

    It is run once: compiling it first, for half a second, never pays.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
    return rows(SQL / f"{name}.sql", facts)
