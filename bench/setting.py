"""What each measurement is given: a size, the crowd's databases, and who hears of progress."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from bench.databases import Databases

#: Below the first size it is only shown that everything works; above the second a round takes
#: longer than the noise does.
MEASURED_FROM, ONE_ROUND_ABOVE = 1_000, 100_000


@dataclass(frozen=True)
class Setting:
    """One size of the crowd, ready to be measured."""

    databases: Databases
    size: int
    #: The database with the product's tables, and nothing in them.
    migrated: str
    #: The database in which the crowd awaits the bill; every measurement works on a copy.
    start: str

    @property
    def rounds(self) -> int:
        return 3 if MEASURED_FROM <= self.size <= ONE_ROUND_ABOVE else 1

    def times(self, wanted: int) -> int:
        """Will return how often something short is done."""
        return wanted if self.size >= MEASURED_FROM else max(2, wanted // 20)


def say(sentence: str) -> None:
    """Will print a line of progress, away from what is printed as the result."""
    print(sentence, file=sys.stderr, flush=True)


def seconds_of(act: Callable[[], object]) -> float:
    """Will return how long an act took."""
    began = perf_counter()
    act()
    return perf_counter() - began


def milliseconds(seconds: list[float]) -> float:
    """Will return the median in milliseconds."""
    return median(seconds) * 1000


def percentile(seconds: list[float], percent: int) -> float:
    """Will return the milliseconds that so many of a hundred stayed below."""
    in_order = sorted(seconds)
    return in_order[min(len(in_order) - 1, len(in_order) * percent // 100)] * 1000
