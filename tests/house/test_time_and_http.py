"""Time and HTTP enter at the doors: no clock and no request in the domain or the ground."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import files, short, tree

ROOMS = ("postroom/domain/**/*.py", "postroom/base/**/*.py")
CLOCKS = {"now", "today", "localdate", "localtime", "utcnow", "time_ns", "monotonic"}
SQL_CLOCKS = re.compile(
    r"\b(current_date|current_timestamp|current_time|localtimestamp)\b"
    r"|\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\s*\(",
    re.IGNORECASE,
)
#: What cannot be told the day: views, where anybody sees what is on sale today, and a migration.
WITHOUT_A_DOOR = (
    "postroom/domain/plans/sql/published_",
    "postroom/domain/subscriptions/sql/existing_subscriptions.sql",
)
ALLOWED = {
    # allauth hands the request to its backend and adapter.
    "postroom/domain/users/signing_in.py": "django.http",
    # A customer's link is made here, since what is sent to him will carry it.
    "postroom/domain/subscriptions/signed_links.py": "django.urls",
    "postroom/domain/notices/signed_links.py": "django.urls",
    "postroom/domain/signups/signed_links.py": "django.urls",
    # A mail is laid out by a template, which no page and no request has to do with.
    "postroom/domain/notices/writing.py": "django.template",
}
#: The platform's own pages are Django's admin, which stands beside its models.
ADMIN = "admin.py"


def rooms() -> Iterator[Path]:
    """Will return the files of the rooms; a command is a door, where time enters."""
    yield from (
        file for file in files(*ROOMS) if not {"management", "migrations"} & set(file.parts)
    )


def test_no_clock() -> None:
    told = {
        f"{short(file)}:{node.lineno}"
        for file in rooms()
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CLOCKS)
        or (isinstance(node, ast.alias) and node.name in CLOCKS | {"time"})
    }
    assert told == set()


def test_no_clock_in_sql() -> None:
    told = {
        f"{short(file)}: {found[0]}"
        for file in files("postroom/domain/**/*.sql", "postroom/base/**/*.sql")
        if not short(file).startswith(WITHOUT_A_DOOR)
        for line in file.read_text(encoding="utf-8").splitlines()
        if (found := SQL_CLOCKS.search(line.partition("--")[0]))
    }
    assert told == set()


def test_no_http() -> None:
    doors = ("django.http", "django.shortcuts", "django.urls", "django.views", "django.template")
    found = {
        f"{short(file)}: {module}"
        for file in rooms()
        if file.name != ADMIN
        for module in imported(file)
        if module.startswith(doors) and ALLOWED.get(short(file)) != module
    }
    assert found == set()


def imported(file: Path) -> Iterator[str]:
    """Will name the modules that a file imports."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
