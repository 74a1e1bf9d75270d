"""The benchmark runs from nothing to the end, and says all of it in the promised form."""

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from bench.results import Result, held_against_the_smallest
from tests.house.source import ROOT

SIZE = 200
KEYS = ["name", "size", "ours", "reference", "unit", "ratio", "target"]
NAMES = {
    "billing run",
    "billing run, small schema",
    "billing run, growth",
    "billing run, peak memory",
    "billing run, two operators at once",
    "plan preview",
    "plan publish",
    "plan publish, rows written",
    "plan legacy",
    "plan legacy, rows written",
    "allowance read, p50",
    "allowance read, p99",
    "plan list",
    "plan list, queries",
    "plan page",
    "plan page, queries",
    *[
        f"{page}{figure}"
        for page in (
            "search by state",
            "search by ZIP and distance",
            "search with filters",
            "location page",
        )
        for figure in ("", ", queries", ", size", ", gzipped")
    ],
    "usage intake, single",
    "usage intake, batches of 100",
    "usage intake, batches of 100, COPY",
    "usage intake, batches of 1,000",
    "usage intake, batches of 1,000, COPY",
    "usage intake, batches of 10,000",
    "usage intake, batches of 10,000, COPY",
}


@pytest.fixture(scope="module")
def said(django_db_setup: None) -> list[dict[str, Any]]:
    """What the benchmark says of one small size, on databases of its own."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = str(settings.DATABASES["default"]["NAME"])
    program = subprocess.run(
        [sys.executable, "-m", "bench", "--sizes", str(SIZE), "--json"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": urlunsplit(url._replace(path=f"/{name}"))},
        capture_output=True,
        text=True,
        check=False,
    )
    # 1 says that a target was missed, which a busy machine may.
    assert program.returncode in {0, 1}, program.stderr
    rows: list[dict[str, Any]] = json.loads(program.stdout)
    return rows


def test_every_figure_is_there_once(said: list[dict[str, Any]]) -> None:
    assert sorted(row["name"] for row in said) == sorted(NAMES)


def test_rows_are_well_formed(said: list[dict[str, Any]]) -> None:
    for row in said:
        assert list(row) == KEYS
        assert row["size"] == SIZE
        assert row["ours"] > 0
        assert row["reference"] > 0
        assert row["ratio"] > 0
        assert row["target"] is None or row["target"] >= 1


def test_an_answer_writes_no_row_for_each_customer(said: list[dict[str, Any]]) -> None:
    written = {row["name"]: row["ours"] for row in said if row["unit"] == "rows"}
    assert len(written) == 2
    assert max(written.values()) < SIZE


def test_nothing_is_left_behind(said: list[dict[str, Any]], db: None) -> None:
    with connection.cursor() as cursor:
        name = str(settings.DATABASES["default"]["NAME"])
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}_bench%"])
        assert cursor.fetchall() == []


def test_a_ratio_says_how_many_times_as_slow_or_as_large_it_is() -> None:
    slow = Result("run", 10, 50.0, "invoices/s", 200.0, target=3)
    assert (slow.ratio, slow.missed) == (4, True)
    large = Result("memory", 10, 120.0, "MB", 100.0, target=1.25)
    assert (large.ratio, large.missed) == (1.2, False)


def test_without_a_reference_the_smallest_size_is_it() -> None:
    figures = [Result("publish", size, ours, "ms") for size, ours in [(1000, 9.0), (10, 6.0)]]
    assert [it.ratio for it in held_against_the_smallest(figures)] == [1.5, 1]
