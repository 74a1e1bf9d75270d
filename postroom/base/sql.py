"""SQL beside its room: one statement a file, read once, run by name."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection


@cache
def statement(file: Path) -> str:
    """Will return the text of a ``.sql`` file."""
    return file.read_text(encoding="utf-8")


def rows(file: Path, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Will run a file's statement and return its rows as dictionaries keyed by column."""
    with connection.cursor() as cursor:
        cursor.execute(statement(file), facts)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def changed(file: Path, facts: Mapping[str, Any] | None) -> int:
    """Will run a file's statement and return how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(statement(file), facts)
        count: int = cursor.rowcount
    return count
