"""The plan list and the plan page, as the plan's operator opens them."""

from collections.abc import Iterator
from functools import partial
from tempfile import TemporaryDirectory

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.crowd import SLUG, found
from bench.results import Result
from bench.setting import Setting, milliseconds, seconds_of

TIMES = 9
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": PLAIN,
}


def measure(setting: Setting) -> Iterator[Result]:
    """Will open each page some times, once more to count its queries."""
    crowd = found()
    addresses = {
        "plan list": reverse("desk:plans", args=[SLUG]),
        "plan page": reverse("desk:plan", args=[SLUG, crowd.plan.pk]),
    }
    with (
        TemporaryDirectory() as static,
        override_settings(STORAGES=STORAGES, STATIC_ROOT=static, ALLOWED_HOSTS=["testserver"]),
    ):
        client = Client()
        client.force_login(crowd.owner, backend="postroom.domain.users.signing_in.SigningIn")
        for name, address in addresses.items():
            with CaptureQueriesContext(connection) as queries:
                _open(client, address)
                # Counted here: the next request forgets them.
                asked = len(queries)
            seconds = [
                seconds_of(partial(_open, client, address)) for _ in range(setting.times(TIMES))
            ]
            yield Result(name, setting.size, milliseconds(seconds), "ms")
            yield Result(f"{name}, queries", setting.size, asked, "queries", target=1)


def _open(client: Client, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers with {answer.status_code}.")
