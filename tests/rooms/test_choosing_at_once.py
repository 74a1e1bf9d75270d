"""Two clicks at the same instant on “Switch now”, on committed rows and their own connections."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House, open_house
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.run import bill_due
from postroom.domain.plan_changes.choosing import Choice, choose, preview_choice
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Subscription, Switch, SwitchTiming
from tests.conftest import AT, ON
from tests.web.renting import GOLD


@pytest.fixture
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """A house with Gold on its signup page, billed, written for good."""
    with django_db_blocker.unblock():
        house = open_house(name="Harbor Mail", slug=f"harbor-{uuid4().hex[:8]}", at=AT, on=ON)
        on = ON - timedelta(days=900)
        words = Words(name="Gold", signup=True)
        with as_operator(house.operator.pk):
            create_plan(house.operator, words=words, terms=GOLD, by=house.owner, at=AT, on=on)
            bill_due(house.operator, on=ON, at=AT)
        yield house


def test_two_clicks_at_once_are_one_switch_and_one_bill(house: House) -> None:
    operator, form, both = house.operator.pk, uuid4(), Barrier(2)
    with as_operator(operator):
        gold = Plan.objects.get(name="Gold")
        choice = Choice(gold.pk, 12, SwitchTiming.NOW)
        ana = Subscription.objects.get(pk=house.subscriptions["ana"].pk)
        seen = preview_choice(ana, choice=choice, at=AT, on=ON).preview.key

    def click(_: int) -> int:
        try:
            with as_operator(operator):
                its = Subscription.objects.get(pk=ana.pk)
                both.wait(10)
                return choose(its, choice=choice, seen=seen, form=form, at=AT, on=ON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(click, range(2)))
    with as_operator(operator):
        assert made == {Switch.objects.get().pk}
        assert Invoice.objects.filter(switch__isnull=False).count() == 1
