"""Usage: taken in, beside plain inserts and COPY of the same rows; read, beside a raw read."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any
from uuid import uuid4

from django.db import connection

from bench.crowd import AT, MONTH, ON, SERVICES, Crowd, found
from bench.databases import Plain, statement
from bench.results import Result
from bench.setting import Setting, percentile, seconds_of
from postroom.base.periods import Period
from postroom.base.tenancy import as_operator
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.intake import Status, take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.queries import facts_of, used

SINGLE = 300
#: So many batches of each size.
BATCHES = {100: 100, 1_000: 20, 10_000: 3}
READS = 2_000
RATE = "entries/s"


def measure_intake(setting: Setting) -> Iterator[Result]:
    """Will take the same kind of entries in by three ways, in turns."""
    crowd = found()
    entries = _Entries(crowd)
    name = str(connection.settings_dict["NAME"])
    with setting.databases.connected(name) as plain:
        # COPY knows no policies: the plain ways work as the tables' owner, whom none binds here.
        plain.execute("ALTER TABLE usage_usageentry NO FORCE ROW LEVEL SECURITY")
        for size, wanted in {1: SINGLE, **BATCHES}.items():
            times = setting.times(wanted)
            seconds = {"ours": 0.0, "insert": 0.0, "copy": 0.0}
            for _ in range(times):
                given = [entries.batch(size) for _ in seconds]
                seconds["ours"] += seconds_of(partial(_take_in, crowd, given[0]))
                seconds["insert"] += seconds_of(partial(_insert, plain, crowd, given[1]))
                seconds["copy"] += seconds_of(partial(_copy, plain, crowd, given[2]))
            rates = {way: size * times / it for way, it in seconds.items()}
            what = f"usage intake, {'single' if size == 1 else f'batches of {size:,}'}"
            target = None if size == 1 else 3
            yield Result(what, setting.size, rates["ours"], RATE, rates["insert"], target)
            if size > 1:
                yield Result(f"{what}, COPY", setting.size, rates["ours"], RATE, rates["copy"])


def measure_reading(setting: Setting) -> Iterator[Result]:
    """Will read what a subscription has used, by the product and by a cursor of the driver."""
    crowd, random = found(), Random(1)
    month = Period(MONTH, ON)
    ours, raw = list[float](), list[float]()
    with as_operator(crowd.operator.pk):
        everybody = Subscription.objects.order_by("id").values_list("pk", flat=True)
        chosen = random.choices(everybody, k=setting.times(READS))
        subscriptions = Subscription.objects.in_bulk(chosen)
        with connection.connection.cursor() as cursor:
            for it in [subscriptions[pk] for pk in chosen]:
                facts = facts_of(it, month)
                raw.append(seconds_of(partial(_read, cursor, facts)))
                ours.append(seconds_of(partial(used, it, month)))
    for percent in (50, 99):
        figures = percentile(ours, percent), percentile(raw, percent)
        name = f"allowance read, p{percent}"
        yield Result(name, setting.size, figures[0], "ms", figures[1], target=3)


class _Entries:
    """Makes entries that were never there: of all customers in turn, on days of the month."""

    def __init__(self, crowd: Crowd) -> None:
        with as_operator(crowd.operator.pk):
            self._subscriptions = list(
                Subscription.objects.order_by("id").values_list("pk", flat=True)
            )
        self._random, self._numbers = Random(2), count(1)

    def batch(self, size: int) -> list[Given]:
        return [
            Given(
                f"bench-{next(self._numbers)}",
                self._random.choice(self._subscriptions),
                self._random.choice(SERVICES).value,
                self._random.randint(1, 9),
                MONTH + timedelta(days=self._random.randrange(31)),
            )
            for _ in range(size)
        ]


def _take_in(crowd: Crowd, given: list[Given]) -> None:
    with as_operator(crowd.operator.pk):
        outcomes = take_in(crowd.operator, given, by=None, at=AT)
    if any(it.status != Status.COUNTED for it in outcomes):
        raise RuntimeError("Not every entry was counted.")


def _insert(plain: Plain, crowd: Crowd, given: list[Given]) -> None:
    facts = {
        "operator": crowd.operator.pk,
        "at": AT,
        "keys": [it.key for it in given],
        "bodies": [uuid4() for _ in given],
        "subscriptions": [it.subscription_id for it in given],
        "services": [it.service for it in given],
        "quantities": [it.quantity for it in given],
        "days": [it.when for it in given],
    }
    plain.execute(statement("insert_usage.sql"), facts)


def _copy(plain: Plain, crowd: Crowd, given: list[Given]) -> None:
    with plain.cursor() as cursor, cursor.copy(statement("copy_usage.sql")) as copy:
        for it in given:
            row = (crowd.operator.pk, it.key, uuid4(), it.subscription_id, it.service)
            copy.write_row((*row, it.quantity, it.when, "", AT))


def _read(cursor: Any, facts: dict[str, Any]) -> dict[str, int]:
    cursor.execute(statement("read_usage.sql"), facts)
    return dict(cursor.fetchall())
