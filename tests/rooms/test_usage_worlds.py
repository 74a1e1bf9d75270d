"""Usage in random worlds: order, repetition and batches change nothing; levels are as told."""

from datetime import date, timedelta
from itertools import pairwise

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.base.periods import Period
from postroom.demo.cast import House
from postroom.domain.plans.services import Service
from postroom.domain.usage.allowances import month_of
from postroom.domain.usage.intake import Status, take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry
from postroom.domain.usage.queries import used
from tests.conftest import AT

quickly = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FIRST = date(2026, 3, 25)


class RolledBack(Exception):
    """The example is over."""


#: (whose, which service, how many, which day); some are refused: none, or before the start.
facts = st.tuples(
    st.sampled_from(("ana", "bo")),
    st.sampled_from(("open_and_scan", "scanned_pages", "recipients", "ironing")),
    st.integers(0, 9),
    st.integers(-90, 80),
)
worlds = st.dictionaries(st.sampled_from([f"k{n}" for n in range(30)]), facts, max_size=20)


def entries_of(house: House, world: dict[str, tuple[str, str, int, int]]) -> list[Given]:
    return [
        Given(key, house.subscriptions[who].pk, service, count, FIRST + timedelta(days=days))
        for key, (who, service, count, days) in world.items()
    ]


def rows() -> set[tuple[object, ...]]:
    return set(
        UsageEntry.objects.values_list("key", "subscription", "service", "quantity", "on", "body")
    )


def totals(house: House) -> list[object]:
    return [
        used(house.subscriptions[who], month_of(FIRST + timedelta(days=30 * count), 1))
        for who in ("ana", "bo")
        for count in range(-3, 4)
    ]


def after(house: House, *batches: list[Given]) -> tuple[set[tuple[object, ...]], list[object]]:
    """Will take batches in and return the rows and totals that they leave, undoing all of it."""
    left: tuple[set[tuple[object, ...]], list[object]] = (set(), [])
    try:
        with transaction.atomic():
            for batch in batches:
                take_in(house.operator, batch, by=None, at=AT)
            left = rows(), totals(house)
            raise RolledBack
    except RolledBack:
        return left


@quickly
@given(world=worlds, data=st.data())
def test_order_and_repetition_change_nothing(
    in_harbor: House, world: dict[str, tuple[str, str, int, int]], data: st.DataObject
) -> None:
    entries = entries_of(in_harbor, world)
    twice = entries + data.draw(st.lists(st.sampled_from(entries))) if entries else []
    shuffled = data.draw(st.permutations(twice))
    assert after(in_harbor, shuffled) == after(in_harbor, entries)


@quickly
@given(world=worlds, cuts=st.lists(st.integers(0, 20), max_size=5))
def test_batches_change_nothing(
    in_harbor: House, world: dict[str, tuple[str, str, int, int]], cuts: list[int]
) -> None:
    entries = entries_of(in_harbor, world)
    # Keys come back with another body as well.
    entries += [Given(it.key, it.subscription_id, "forward", 1, it.when) for it in entries[::2]]
    edges = [0, *sorted(cuts), len(entries)]
    batches = [entries[start:end] for start, end in pairwise(edges)]
    assert after(in_harbor, *batches) == after(in_harbor, entries)


@quickly
@given(world=worlds)
def test_every_item_has_its_result(
    in_harbor: House, world: dict[str, tuple[str, str, int, int]]
) -> None:
    entries = entries_of(in_harbor, world)
    try:
        with transaction.atomic():
            outcomes = take_in(in_harbor.operator, entries, by=None, at=AT)
            counted = {
                it.key
                for it, outcome in zip(entries, outcomes, strict=True)
                if outcome.status is Status.COUNTED
            }
            assert counted == {key for key, *_ in rows()}
            raise RolledBack
    except RolledBack:
        pass


def held_that_month(levels: dict[date, int], month: Period) -> int | None:
    """Will say plainly what the statement should: the highest of the numbers of its days."""
    days = [month.starts_on + timedelta(days=count) for count in range(month.days)]
    numbers = [
        levels[max(it for it in levels if it <= day)]
        for day in days
        if any(it <= day for it in levels)
    ]
    return max(numbers, default=None)


@quickly
@given(levels=st.dictionaries(st.integers(0, 75), st.integers(0, 6), max_size=6))
def test_recipients_are_the_highest_number_held(in_harbor: House, levels: dict[int, int]) -> None:
    ana = in_harbor.subscriptions["ana"]
    by_day = {FIRST + timedelta(days=count): held for count, held in levels.items()}
    entries = [Given(f"{day}", ana.pk, "recipients", held, day) for day, held in by_day.items()]
    try:
        with transaction.atomic():
            take_in(in_harbor.operator, entries, by=None, at=AT)
            for count in range(4):
                month = month_of(FIRST + timedelta(days=30 * count), 1)
                held = used(ana, month).get(Service.RECIPIENTS)
                assert held == held_that_month(by_day, month)
            raise RolledBack
    except RolledBack:
        pass
