"""What the command is asked for."""

import argparse
from dataclasses import dataclass

SIZES, FULL = [1_000, 10_000, 100_000], 1_000_000
#: What can be measured, in the order in which it is.
MEASURES = ["billing", "together", "changes", "reading", "pages", "intake", "directory"]


@dataclass(frozen=True)
class Options:
    """Which sizes and measurements, and in which form."""

    sizes: list[int]
    only: list[str]
    json: bool
    markdown: bool
    peer: bool
    full: bool


def asked(words: list[str]) -> Options:
    """Will read the words of the command line."""
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measures the product beside plain SQL, on this machine, as ratios.",
    )
    parser.add_argument("--sizes", type=_sizes, help="numbers of subscriptions: 1000,10000,100000")
    parser.add_argument("--only", action="append", choices=MEASURES, help="only this; repeatable")
    parser.add_argument("--full", action="store_true", help="a million subscriptions as well")
    parser.add_argument("--peer", action="store_true", help="vinta-django-billing beside it")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a list of JSON instead of a table")
    form.add_argument("--markdown", action="store_true", help="the tables of docs/benchmarks.md")
    it = parser.parse_args(words)
    sizes = it.sizes or (SIZES + [FULL] * it.full)
    only = it.only or ([] if it.peer else MEASURES)
    return Options(sorted(set(sizes)), only, it.json, it.markdown, it.peer, it.full)


def _sizes(text: str) -> list[int]:
    try:
        sizes = [int(it) for it in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not a list of numbers") from None
    if not all(1 <= it <= 10_000_000 for it in sizes):
        raise argparse.ArgumentTypeError("a size is from 1 to 10,000,000")
    return sizes
