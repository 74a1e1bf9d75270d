"""Bills the same month by the product and by the peer, in turns, on the same server."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from bench import billing, crowd
from bench.databases import Databases, variables
from bench.results import Result
from bench.setting import say

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ENVIRONMENT = ROOT / ".local" / "peer"
PYTHON = ENVIRONMENT / "bin" / "python"
REQUIREMENTS = HERE / "requirements.txt"
SIZES, FULL = [1_000], 10_000
NAME = "a month, vinta-django-billing"


def measure(databases: Databases, migrated: str, *, full: bool) -> Iterator[Result]:
    """Will install the peer unless it is there, and bill crowds by both."""
    _install()
    for size in SIZES + [FULL] * full:
        yield from _measure(databases, migrated, size, rounds=3 if size < FULL else 1)


def _measure(databases: Databases, migrated: str, size: int, *, rounds: int) -> Iterator[Result]:
    say(f"{size:,} subscriptions, side by side with the peer …")
    start = crowd.make(databases, migrated, size)
    ours, peers = list[dict[str, Any]](), list[dict[str, Any]]()
    for number in range(1, rounds + 1):
        copy = databases.make("ours", like=start)
        ours.append(billing.bill(databases.url(copy), expected=size))
        databases.drop(copy)
        peers.append(_bill(databases, size))
        say(
            f"    round {number}: ours {ours[-1]['seconds']:.2f} s,"
            f" the peer {peers[-1]['seconds']:.2f} s"
        )
    databases.drop(start)
    rates = [size / median(it["seconds"] for it in side) for side in (ours, peers)]
    asked = [side[-1]["statements"] / size for side in (ours, peers)]
    yield Result(NAME, size, rates[0], billing.RATE, rates[1])
    yield Result(f"{NAME}, SQL", size, asked[0], "statements/invoice", asked[1])


def _bill(databases: Databases, size: int) -> dict[str, Any]:
    """Will bill the peer's crowd in a database of its own."""
    name = databases.make("peer")
    said = _answer([str(PYTHON), str(HERE / "vinta.py"), str(size)], databases.url(name))
    if said["bills"] != size:
        raise RuntimeError(f"The peer made {said['bills']} bills instead of {size}.")
    databases.drop(name)
    return said


def _answer(words: list[str], url: str) -> dict[str, Any]:
    program = subprocess.run(
        words, env=variables(url), stdout=subprocess.PIPE, text=True, check=True
    )
    said: dict[str, Any] = json.loads(program.stdout)
    return said


def _install() -> None:
    """Will make the peer's environment, which is never the product's."""
    stamp = ENVIRONMENT / "stamp"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say("Installing the peer from PyPI …")
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    _run([sys.executable, "-m", "venv", str(ENVIRONMENT)])
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    _run([*pip, "-r", str(REQUIREMENTS)])
    stamp.write_text(wanted, encoding="utf-8")


def _run(words: list[str]) -> None:
    subprocess.run(words, stdout=sys.stderr, check=True)
