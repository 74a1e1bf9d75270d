"""The lead-gen website as a stranger opens it: its search, and a location's page."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import shop_windows
from bench.databases import Databases, Plain, statement
from bench.pages import STORAGES
from bench.results import Result
from bench.setting import MEASURED_FROM, milliseconds, say, seconds_of
from postroom.base.gazetteer import spot_of_zip
from postroom.base.tenancy import as_public_reader
from postroom.domain.plans.directory import Wanted, search
from postroom.domain.plans.searching import understand

#: So many there are at most, and so often each page is opened.
LOCATIONS, TIMES = 3_000, 15


@dataclass(frozen=True)
class Looked:
    """A page that is opened, and the statement that reads the same rows."""

    name: str
    address: str
    statement: str
    facts: dict[str, Any]


def measure(databases: Databases, migrated: str, *, locations: int) -> Iterator[Result]:
    """Will open each page some times, beside plain SQL for the same rows."""
    say(f"{locations:,} locations: opening …")
    name = shop_windows.make(databases, migrated, locations)
    times = TIMES if locations >= MEASURED_FROM else 2
    with (
        TemporaryDirectory() as static,
        override_settings(STORAGES=STORAGES, STATIC_ROOT=static, ALLOWED_HOSTS=["testserver"]),
        databases.of_the_product(name),
        databases.connected(name) as plain,
    ):
        plain.execute("SET ROLE postroom_platform")
        # A process reads the list of cities once.
        understand("Austin")
        for it in _looked_at():
            yield from _open(it, plain, locations, times)


def _looked_at() -> Iterator[Looked]:
    nothing: dict[str, Any] = {"state": "", "latitude": None, "longitude": None, "within": None}
    nothing |= {"services": [], "features": [], "price": None}
    near: dict[str, Any] = {}
    if spot := spot_of_zip(shop_windows.ZIP):
        near = {"latitude": spot.latitude, "longitude": spot.longitude, "within": 100}
    filters = {"services": ["forward", "check_deposit"], "features": ["parking"], "price": 4000}
    index, sql = reverse("directory:index"), "plain_directory.sql"
    by_zip = f"{index}?q={shop_windows.ZIP}&within=100"
    asked = "&offers=forward&offers=check_deposit&has=parking&price=40"
    yield Looked("search by state", f"{index}?q=Texas", sql, nothing | {"state": "TX"})
    yield Looked("search by ZIP and distance", by_zip, sql, nothing | near)
    yield Looked("search with filters", by_zip + asked, sql, nothing | near | filters)
    with as_public_reader():
        (first,) = search(Wanted(understand("")), limit=1).listings
    here = [first.host.slug, first.place.slug]
    facts = {"operator": here[0], "location": here[1]}
    address = reverse("directory:location", args=here)
    yield Looked("location page", address, "plain_location.sql", facts)


def _open(it: Looked, plain: Plain, size: int, times: int) -> Iterator[Result]:
    client = Client()
    with CaptureQueriesContext(connection) as queries:
        content = _get(client, it.address)
        asked = len(queries)
    ours = [seconds_of(partial(_get, client, it.address)) for _ in range(times)]
    text: Any = statement(it.statement)
    rows = [seconds_of(lambda: plain.execute(text, it.facts).fetchall()) for _ in range(times + 1)][
        1:
    ]
    yield Result(it.name, size, milliseconds(ours), "ms", reference=milliseconds(rows))
    yield Result(f"{it.name}, queries", size, asked, "queries", reference=1)
    yield Result(f"{it.name}, size", size, len(content), "bytes")
    yield Result(f"{it.name}, gzipped", size, len(gzip.compress(content)), "bytes")


def _get(client: Client, address: str) -> bytes:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers with {answer.status_code}.")
    return answer.content
