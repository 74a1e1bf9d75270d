"""Two connections at once: somebody joins a plan while its Update is being saved, or the reverse.

On committed rows of an operator of its own, since each connection must see the other's work.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House, open_house
from postroom.domain.customers.models import Mailbox
from postroom.domain.plan_changes.update import Seen, Updated, update
from postroom.domain.plans.actions import NameTaken, Words, copy_plan, create_plan, words_of
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.actions import MailboxTaken, assign
from postroom.domain.subscriptions.models import Subscription
from tests.conftest import AT, ON
from tests.tables import ask


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, written for good."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def committed(db: None) -> House:
    return open_house(name="Harbor Mail", slug=f"harbor-{uuid4().hex[:8]}", at=AT, on=ON)


@pytest.fixture
def empty_plan(committed: House) -> Plan:
    """A plan that nobody is on yet."""
    with as_operator(committed.operator.pk):
        return copy_plan(committed.bronze, by=committed.owner, at=AT, on=ON, form=uuid4())


def meanwhile(house: House, first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Will do both at once, the first one committing only when the second one waits for it."""
    done = Event()

    def in_scope(act: Callable[[], Any], *, waits: bool) -> Any:
        try:
            with as_operator(house.operator.pk):
                if not waits:
                    assert done.wait(10)
                result = act()
                if waits:
                    done.set()
                    _until_somebody_waits()
                return result
        except (MailboxTaken, NameTaken) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        futures: list[Future[Any]] = [
            threads.submit(in_scope, first, waits=True),
            threads.submit(in_scope, second, waits=False),
        ]
        return [future.result(20) for future in futures]


def _until_somebody_waits() -> None:
    for _ in range(200):
        if ask("SELECT true FROM pg_locks WHERE NOT granted"):
            return
        time.sleep(0.02)
    pytest.fail("nobody waited for the lock")


def dearer(house: House, plan: Plan) -> Callable[[], Updated]:
    """Will return an Update that doubles the plan's monthly rate."""
    seen = Seen(revision=plan.revision, version=1)
    terms = replace(BRONZE, rates={1: 1898, 12: 10999})
    return lambda: update(
        plan, words=words_of(plan), terms=terms, seen=seen, by=house.owner, at=AT, on=ON
    )


def joining(house: House, plan: Plan, number: str = "130") -> Callable[[], Subscription]:
    def act() -> Subscription:
        mailbox = Mailbox.objects.get(location=house.locations[0], number=number)
        return assign(
            house.customers["ana"],
            mailbox=mailbox,
            plan=plan,
            months=1,
            starts_on=ON,
            by=house.owner,
            at=AT,
        )

    return act


def test_who_joins_during_an_update_gets_its_terms(committed: House, empty_plan: Plan) -> None:
    updated, joined = meanwhile(
        committed, dearer(committed, empty_plan), joining(committed, empty_plan)
    )
    assert updated.question is None
    assert joined.version == updated.version


def test_an_update_during_joining_asks_the_question(committed: House, empty_plan: Plan) -> None:
    joined, updated = meanwhile(
        committed, joining(committed, empty_plan), dearer(committed, empty_plan)
    )
    assert updated.version is None
    assert updated.question is not None
    assert joined.version.number == 1


def test_two_who_want_one_mailbox(committed: House, empty_plan: Plan) -> None:
    joined, refused = meanwhile(
        committed, joining(committed, committed.bronze), joining(committed, empty_plan)
    )
    assert isinstance(joined, Subscription)
    assert isinstance(refused, MailboxTaken)


def test_two_clicks_on_copy_at_once(committed: House) -> None:
    form = uuid4()

    def copy() -> Plan:
        return copy_plan(committed.bronze, by=committed.owner, at=AT, on=ON, form=form)

    first, second = meanwhile(committed, copy, copy)
    assert first == second


def test_two_copies_at_once_get_two_names(committed: House) -> None:
    def copy() -> Plan:
        return copy_plan(committed.bronze, by=committed.owner, at=AT, on=ON, form=uuid4())

    names = [plan.name for plan in meanwhile(committed, copy, copy)]
    assert names == ["Copy of Bronze", "Copy of Bronze (2)"]


def test_two_clicks_on_save_at_once(committed: House) -> None:
    form = uuid4()

    def make() -> Plan:
        return create_plan(
            committed.operator,
            words=Words(name="Gold"),
            terms=BRONZE,
            by=committed.owner,
            at=AT,
            on=ON,
            form=form,
        )

    first, second = meanwhile(committed, make, make)
    assert first == second
