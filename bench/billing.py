"""The billing run, beside plain SQL that writes the same rows, and beside a small schema's."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench import crowd, same_rows, small_schema
from bench.databases import variables
from bench.results import Result
from bench.setting import Setting, say, seconds_of

RATE = "invoices/s"


@dataclass
class Seconds:
    """What the rounds took, and what our runs said of themselves."""

    ours: list[dict[str, Any]] = field(default_factory=list)
    same: list[float] = field(default_factory=list)
    small: list[float] = field(default_factory=list)


#: What the last run of each size said of its steps, for the document.
STEPS: dict[int, dict[str, Any]] = {}


def measure(setting: Setting) -> Iterator[Result]:
    """Will bill the crowd in rounds, each kind on a fresh copy, one after the other."""
    seconds = _rounds(setting)
    runs = sorted(seconds.ours, key=lambda it: float(it["seconds"]))
    middle = runs[len(runs) // 2]
    STEPS[setting.size] = middle
    ours = setting.size / middle["seconds"]
    yield Result(
        "billing run", setting.size, ours, RATE, setting.size / median(seconds.same), target=3
    )
    yield Result(
        "billing run, small schema", setting.size, ours, RATE, setting.size / median(seconds.small)
    )
    yield Result("billing run, growth", setting.size, ours, RATE, target=1.5)
    yield Result("billing run, peak memory", setting.size, middle["peak_mb"], "MB", target=1.25)


def _rounds(setting: Setting) -> Seconds:
    databases, seconds = setting.databases, Seconds()
    ready, written = "", list[same_rows.Written]()
    small = small_schema.make(databases, setting.size)
    for number in range(1, setting.rounds + 1):
        ours = databases.make("ours", like=setting.start)
        with databases.connected(ours) as plain:
            since = same_rows.mark(plain)
        seconds.ours.append(bill(databases.url(ours), expected=setting.size))
        if not ready:
            ready, written = same_rows.take(databases, ours, start=setting.start, since=since)
        databases.drop(ours)
        seconds.same.append(_write(setting, ready, written))
        seconds.small.append(_bill_small(setting, small))
        say(
            f"    round {number}: ours {seconds.ours[-1]['seconds']:.2f} s,"
            f" same rows {seconds.same[-1]:.2f} s, small schema {seconds.small[-1]:.2f} s"
        )
    databases.drop(ready)
    databases.drop(small)
    return seconds


def bill(url: str, *, expected: int) -> dict[str, Any]:
    """Will bill a crowd in a process of its own, and return what that process says."""
    return _answer(_start(url, crowd.SLUG), expected)


def bill_at_once(url: str, slugs: Sequence[str], *, expected: int) -> list[dict[str, Any]]:
    """Will bill the crowds of several operators, each in a process of its own, all at once."""
    programs = [_start(url, slug) for slug in slugs]
    return [_answer(program, expected) for program in programs]


def _start(url: str, slug: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bench.bill_once", slug],
        env=variables(url),
        stdout=subprocess.PIPE,
        text=True,
    )


def _answer(program: "subprocess.Popen[str]", expected: int) -> dict[str, Any]:
    text, _ = program.communicate()
    if program.returncode:
        raise RuntimeError("The billing run has failed.")
    said: dict[str, Any] = json.loads(text)
    if said["invoices"] != expected:
        raise RuntimeError(f"{said['invoices']} invoices were written instead of {expected}.")
    return said


def _write(setting: Setting, ready: str, written: list[same_rows.Written]) -> float:
    copy = setting.databases.make("same", like=ready)
    with setting.databases.connected(copy) as plain:
        seconds = seconds_of(lambda: same_rows.write(plain, written))
    setting.databases.drop(copy)
    return seconds


def _bill_small(setting: Setting, small: str) -> float:
    copy = setting.databases.make("small", like=small)
    with setting.databases.connected(copy) as plain:
        seconds = seconds_of(lambda: small_schema.bill(plain, expected=setting.size))
    setting.databases.drop(copy)
    return seconds
