"""Terms are closed when the transaction that publishes them ends: shown on committed rows."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House, open_house
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.services import MailType
from postroom.domain.plans.terms import StorageRule
from tests.conftest import AT, ON
from tests.tables import again, breaking

VERSION_2 = "(SELECT max(id) FROM plans_planversion)"


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, written for good."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def committed(db: None) -> House:
    """Harbor Mail, there for every other transaction too."""
    house = open_house(name="Harbor Mail", slug=f"harbor-{uuid4().hex[:8]}", at=AT, on=ON)
    with as_operator(house.operator.pk):
        publish_version(
            house.bronze,
            terms=replace(BRONZE, storage={MailType.LETTER: StorageRule(30, 5)}),
            sold_from=ON,
            existing_from=None,
            by=None,
            at=AT,
        )
    return house


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("plans_rate", {"months": "6"}),
        ("plans_serviceallowance", {"service": "'check_deposit'"}),
        ("plans_storagefee", {"version_id": VERSION_2, "mail_type": "'package'"}),
    ],
)
def test_nothing_is_added_later(committed: House, table: str, changes: dict[str, str]) -> None:
    names = [
        "terms_are_written_as_they_are_published",
        "version_has_one_storage_fee_for_a_mail_type",
    ]
    with as_operator(committed.operator.pk), breaking(*names):
        again(table, **changes)
