"""Two clicks at the same instant, on committed rows and connections of their own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.demo.cast import open_house
from postroom.domain.billing.run import bill_due
from postroom.domain.notices.models import Answer
from postroom.domain.plan_changes.answering import leave, preview_leaving
from postroom.domain.subscriptions.models import Subscription
from tests.conftest import AT, ON
from tests.noticed import Told, tell, told


@pytest.fixture
def change(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Told]:
    """Ana was told, written for good."""
    with django_db_blocker.unblock():
        house = open_house(name="Harbor Mail", slug=f"harbor-{uuid4().hex[:8]}", at=AT, on=ON)
        with as_operator(house.operator.pk):
            bill_due(house.operator, on=ON, at=AT)
            change = tell(house, at=AT, on=ON)
        yield change


def test_leaving_twice_at_once_is_one_answer(change: Told) -> None:
    operator, form, both = change.house.operator.pk, uuid4(), Barrier(2)
    with as_operator(operator):
        seen = preview_leaving(change.notice, closes_on=ON, at=AT, on=ON).key

    def click(_: int) -> int:
        try:
            with as_operator(operator):
                notice = told(change.house, change.change, change.envelope).notice
                both.wait(10)
                return leave(notice, closes_on=ON, seen=seen, form=form, at=AT, on=ON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(click, range(2)))
    with as_operator(operator):
        assert answers == {Answer.objects.get().pk}
        assert Subscription.objects.get(pk=change.notice.subscription_id).closes_on == ON
