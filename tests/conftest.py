"""The world that tests share: a database migrated as its owner and used under the app's role."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import House, open_house
from postroom.domain.knowledge_base.models import Feedback

#: A fixed instant for tests of rules: noon in New York, 15 June 2026.
AT = datetime(2026, 6, 15, 16, 0, tzinfo=UTC)
ON = date(2026, 6, 15)

# Playwright keeps an event loop in the thread that drives the browser.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """Will let the login, not the application's role, create a database for each worker."""
    connection.settings_dict["OPTIONS"].pop("assume_role", None)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Will go on under the application's role once the database stands."""
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["OPTIONS"]["assume_role"] = "postroom_app"
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["OPTIONS"].pop("assume_role", None)


@pytest.fixture(scope="session", autouse=True)
def quick_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Will serve static files as they lie, and hash passwords in no time."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain},
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture
def make_house(db: None) -> Callable[..., House]:
    """Will open another operator with the cast in it, gone when the test ends."""

    def make(name: str = "Harbor Mail", at: datetime = AT, on: date = ON) -> House:
        slug = f"{name.partition(' ')[0].lower()}-{uuid4().hex[:6]}"
        return open_house(name=name, slug=slug, at=at, on=on)

    return make


@pytest.fixture
def harbor(make_house: Callable[..., House]) -> House:
    """Harbor Mail with its Bronze plan, Ana, Bo, Cy and Di."""
    return make_house()


@pytest.fixture
def nothing_said_of_articles(db: None) -> None:
    """Nobody has answered below any article: stories do, for good, and it is the platform's."""
    with as_platform():
        Feedback.objects.all().delete()


@pytest.fixture
def in_harbor(harbor: House) -> Iterator[House]:
    """Harbor Mail, with the test working in its scope."""
    with as_operator(harbor.operator.pk):
        yield harbor
