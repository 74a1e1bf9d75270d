"""Two connections at once: the same entries sent twice, and one entry corrected twice.

On committed rows of an operator of its own, since each connection must see the other's work.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House, open_house
from postroom.domain.plans.services import Service
from postroom.domain.usage.actions import correct, counts_now, enter
from postroom.domain.usage.intake import Outcome, take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry
from tests.conftest import AT, ON
from tests.tables import ask

DAY = date(2026, 6, 2)


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, written for good."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def house(db: None) -> House:
    return open_house(name="Harbor Mail", slug=f"harbor-{uuid4().hex[:8]}", at=AT, on=ON)


def meanwhile(house: House, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Will do both at once, the first one committing only when the second one waits for it."""
    done = Event()

    def lead() -> Any:
        with as_operator(house.operator.pk):
            result = first()
            done.set()
            _until_somebody_waits()
            return result

    def follow() -> Any:
        assert done.wait(10)
        with as_operator(house.operator.pk):
            return second()

    def closing(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        return [it.result(20) for it in [threads.submit(closing, act) for act in (lead, follow)]]


def _until_somebody_waits() -> None:
    for _ in range(200):
        if ask("SELECT true FROM pg_locks WHERE NOT granted"):
            return
        time.sleep(0.02)
    pytest.fail("nobody waited for the lock")


def sending(house: House, *keys: str, quantity: int = 1) -> Callable[[], list[Outcome]]:
    entries = [Given(key, house.subscriptions["ana"].pk, "forward", quantity, DAY) for key in keys]
    return lambda: take_in(house.operator, entries, by=None, at=AT)


def test_the_same_entries_in_another_order(house: House) -> None:
    first, second = meanwhile(house, sending(house, "a", "b", "c"), sending(house, "c", "b", "d"))
    assert [it.status.value for it in first] == ["counted"] * 3
    assert [it.status.value for it in second] == ["already_counted", "already_counted", "counted"]


def test_another_body_under_the_same_key(house: House) -> None:
    first, second = meanwhile(house, sending(house, "a"), sending(house, "a", "b", quantity=2))
    assert [it.status.value for it in first] == ["counted"]
    assert [it.refusal and it.refusal.code for it in second] == ["key_used_before", None]


def test_many_at_once_never_lock_each_other_out(house: House) -> None:
    keys = [f"k{n}" for n in range(200)]

    def send(backwards: bool) -> int:
        try:
            with as_operator(house.operator.pk):
                act = sending(house, *(reversed(keys) if backwards else keys))
                return sum(it.status.value == "counted" for it in act())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        counted = list(threads.map(send, [False, True] * 10))
    assert sum(counted) == len(keys)


def test_two_corrections_of_one_entry(house: House) -> None:
    own = {"by": house.owner, "at": AT}
    with as_operator(house.operator.pk):
        ana = house.subscriptions["ana"]
        entry = enter(ana, service=Service.SHRED, quantity=9, on=DAY, form=uuid4(), **own)

    def correcting(counts: int) -> Callable[[], UsageEntry]:
        return lambda: correct(entry, counts=counts, reason="Slip", form=uuid4(), **own)

    first, second = meanwhile(house, correcting(1), correcting(0))
    assert (first.quantity, second.quantity) == (-8, -1)
    with as_operator(house.operator.pk):
        assert counts_now(entry) == 0
