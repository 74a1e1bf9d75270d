"""The benchmark in the order in which it happens: size by size, measurement by measurement."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from bench import billing, changes, crowd, directory, machine, pages, together, usage
from bench.databases import Databases, variables
from bench.options import Options
from bench.peer import side_by_side
from bench.results import Result, by_name, held_against_the_smallest
from bench.setting import MEASURED_FROM, Setting, say

#: What should not depend on the size: measured once more at the smallest one, within seconds.
FLAT = {"changes", "pages"}
#: These work in one copy of the crowd's database; what writes there comes last.
ON_ONE_COPY: dict[str, Callable[[Setting], Iterator[Result]]] = {
    "changes": changes.measure,
    "reading": usage.measure_reading,
    "pages": pages.measure,
    "intake": usage.measure_intake,
}


@dataclass(frozen=True)
class Measured:
    """The results, and what is to be known about them."""

    results: list[Result]
    machine: str
    seconds: float


def measure(options: Options) -> Measured:
    """Will make what is needed, measure, and leave nothing behind."""
    quickly = max(options.sizes) < MEASURED_FROM
    databases = Databases(os.environ["DATABASE_URL"], quickly=quickly)
    began, results = perf_counter(), list[Result]()
    described = machine.described(databases)
    try:
        migrated = _migrated(databases)
        smallest = None
        if "directory" in options.only:
            locations = min(directory.LOCATIONS, max(options.sizes))
            results += directory.measure(databases, migrated, locations=locations)
        for size in options.sizes if set(options.only) - {"directory"} else []:
            setting = _setting(databases, migrated, size)
            results += _measure_size(setting, smallest, options.only)
            smallest = smallest or databases.make("smallest", like=setting.start)
            databases.drop(setting.start)
        if options.peer:
            results += side_by_side.measure(databases, migrated, full=options.full)
    finally:
        databases.drop_all()
    return Measured(by_name(held_against_the_smallest(results)), described, perf_counter() - began)


def _migrated(databases: Databases) -> str:
    say("Making a database with the product's tables …")
    name = databases.make("migrated")
    words = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(words, env=variables(databases.url(name)), stdout=sys.stderr, check=True)
    return name


def _setting(databases: Databases, migrated: str, size: int) -> Setting:
    say(f"{size:,} subscriptions: moving in …")
    return Setting(databases, size, migrated, crowd.make(databases, migrated, size))


def _measure_size(setting: Setting, smallest: str | None, only: list[str]) -> Iterator[Result]:
    if "billing" in only:
        say("  billing …")
        yield from billing.measure(setting)
    if "together" in only:
        say("  two operators at once …")
        yield from together.measure(setting)
    wanted = {name: act for name, act in ON_ONE_COPY.items() if name in only}
    if not wanted:
        return
    databases = setting.databases
    copy = databases.make("copy", like=setting.start)
    for name, act in wanted.items():
        say(f"  {name} …")
        with databases.of_the_product(copy):
            results = list(act(setting))
        if smallest and name in FLAT:
            with databases.of_the_product(smallest):
                there = {it.name: it.ours for it in act(setting)}
            results = [
                replace(it, reference=there[it.name]) if it.reference is None else it
                for it in results
            ]
        yield from results
    databases.drop(copy)
