"""Two operators billed at once by two workers, beside one of them alone."""

from collections.abc import Iterator
from statistics import median

from bench import billing, crowd
from bench.results import Result
from bench.setting import Setting

SLUGS = (crowd.SLUG, "neighbor")
LARGEST = 10_000


def measure(setting: Setting) -> Iterator[Result]:
    """Will bill one operator, then both at once, each time on a fresh copy.

    Not at large sizes: what is asked is how workers share a machine, not how a run grows.
    """
    if setting.size > LARGEST:
        return
    databases = setting.databases
    start = crowd.make(databases, setting.migrated, setting.size, slugs=SLUGS)
    alone, both = list[float](), list[float]()
    for _ in range(setting.rounds):
        for slugs, seconds in ((SLUGS[:1], alone), (SLUGS, both)):
            copy = databases.make("together", like=start)
            said = billing.bill_at_once(databases.url(copy), slugs, expected=setting.size)
            seconds.append(max(it["seconds"] for it in said))
            databases.drop(copy)
    databases.drop(start)
    rate = setting.size * len(SLUGS) / median(both)
    yield Result(
        "billing run, two operators at once",
        setting.size,
        rate,
        billing.RATE,
        setting.size / median(alone),
    )
