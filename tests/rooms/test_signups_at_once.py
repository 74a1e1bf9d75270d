"""Two who want the same at the same instant: one gets it, the other is told, nobody gets half."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House, open_house
from postroom.domain.signups.models import Signup
from tests.conftest import AT, ON
from tests.signing_up import choice, reserve_some, state_of
from tests.solving import solved


@pytest.fixture
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """Harbor Mail with reserved numbers, written for good."""
    with django_db_blocker.unblock():
        house = open_house(name="Harbor Mail", slug=f"harbor-{uuid4().hex[:8]}", at=AT, on=ON)
        reserve_some(house)
        yield house


def send(address: str, forms: list[dict[str, Any]]) -> list[int]:
    """Will send forms at the same instant, each from a browser of its own."""
    start = Barrier(len(forms))

    def one(form: dict[str, Any]) -> int:
        try:
            start.wait()
            return Client().post(address, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(forms)) as people:
        return sorted(people.map(one, forms))


def wants(house: House, number: str, form: str) -> dict[str, str]:
    version = str(choice(house).offered.version_id)
    return {"number": number, "version": version, "form_key": form, "altcha": solved()}


def test_one_number_for_one(house: House) -> None:
    address = (
        f"{reverse('signup:begin', args=[house.operator.slug])}"
        f"?location={house.locations[0].slug}&plan={house.bronze.link}&months=1"
    )
    forms = [wants(house, "201", str(uuid4())) for _ in range(4)]
    assert send(address, forms) == [302, 422, 422, 422]
    twice = wants(house, "202", str(uuid4()))
    assert send(address, [twice, twice]) == [302, 302]
    with as_operator(house.operator.pk):
        assert Signup.objects.count() == 2
    assert {state_of(house, it) for it in ("201", "202")} == {"pending"}
