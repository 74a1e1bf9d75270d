"""Bills the crowd of one operator, in a process of its own, and says what that took.

Run as ``python -m bench.bill_once SLUG`` with DATABASE_URL; prints one object of JSON.
"""

import json
import re
import resource
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import django


class Steps:
    """The seconds that each statement of the run took, by the name of its file."""

    def __init__(self) -> None:
        """Will know the statements of the rooms by their text."""
        from bench.databases import SQL

        rooms = SQL.parent.parent / "postroom" / "domain"
        self._names = {file.read_text("utf-8"): file.stem for file in rooms.glob("*/sql/*.sql")}
        self.seconds: dict[str, float] = defaultdict(float)
        self.count = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Will time one statement, as a wrapper of Django's connection."""
        self.count += 1
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            word = sql.split(maxsplit=1)[0].lower()
            self.seconds[self._names.get(sql, word)] += perf_counter() - began


def main(slug: str) -> None:
    """Will bill what is due and print what came of it."""
    django.setup()
    from django.db import connection

    from bench.crowd import AT, found
    from postroom.domain.billing.running import bill_operator

    operator, steps = found(slug).operator, Steps()
    with connection.execute_wrapper(steps):
        began = perf_counter()
        runs = bill_operator(operator, at=AT)
        seconds = perf_counter() - began
    result = {
        "seconds": seconds,
        "invoices": sum(run.invoices for run in runs),
        "peak_mb": peak_mb(),
        "statements": steps.count,
        "steps": steps.seconds,
    }
    json.dump(result, sys.stdout)


def peak_mb() -> float:
    """Will return the most memory that this process has held.

    Linux counts the parent's into what getrusage says, so the process itself is asked.
    """
    status = Path("/proc/self/status")
    if status.exists():
        [peak] = re.findall(r"^VmHWM:\s+(\d+) kB", status.read_text(), re.MULTILINE)
        return int(peak) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main(sys.argv[1])
