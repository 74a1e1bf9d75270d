"""A browser, a server and committed houses, for stories that are done the way a person does.

Nothing is flushed: every story opens an operator of its own, so that others can run beside it.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from postroom.base.periods import local_day
from postroom.demo.cast import House, open_house
from tests.stories.steps import My

PASSWORD = "only-for-stories"
SCREENS = settings.ROOT / ".local" / "screens"
CHROMIUM = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
#: Keeps Chromium from asking the outside world anything.
QUIETLY = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=PreloadTopChromeWebUI",
]
AXE = {"resultTypes": ["violations"]}
#: The page wears this scheme and no colour is still on its way.
SETTLED = """scheme => document.documentElement.dataset.bsTheme === scheme
  && document.getAnimations().every(it => it.playState !== "running")"""


@pytest.fixture(autouse=True)
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, written for good, since the server reads on connections of its own."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[LiveServer]:
    """The product on a free port, without the limit on signing in that many stories would meet."""
    # A kept connection would outlive its request, and the database couldn't be dropped.
    connection.settings_dict["CONN_MAX_AGE"] = 0
    with django_db_blocker.unblock(), override_settings(ACCOUNT_RATE_LIMITS=False):
        server = LiveServer("localhost")
        yield server
        server.stop()


@pytest.fixture(scope="session")
def browser(server: LiveServer, django_db_blocker: DjangoDbBlocker) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield browser
        browser.close()
        # While Playwright's loop runs, this thread has a connection of its own for it.
        with django_db_blocker.unblock():
            connection.close()


@pytest.fixture
def page(browser: Browser, server: LiveServer) -> Iterator[Page]:
    """A window on a desk, which fails its story on any error in a script or of the policy."""
    with window(browser, server, width=1280, height=900) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, server: LiveServer) -> Iterator[Page]:
    """The same in the hand."""
    with window(browser, server, width=390, height=844) as page:
        yield page


@contextmanager
def window(browser: Browser, server: LiveServer, *, width: int, height: int) -> Iterator[Page]:
    """Will open a window that fails its story on any error in a script or of the policy."""
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
        service_workers="block",
    )
    errors: list[str] = []
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if _is_policy(said.text) else None)
    yield page
    context.close()
    assert errors == []


def _is_policy(text: str) -> bool:
    return "Content Security Policy" in text or "Content-Security-Policy" in text


@pytest.fixture
def open_committed_house(db: None) -> Callable[[str], House]:
    """Will open an operator with the cast in it, as of now, whose people have a password."""

    def make(name: str) -> House:
        slug = f"{name.split(maxsplit=1)[0].lower()}-{uuid4().hex[:8]}"
        at = datetime.now(UTC)
        on = local_day(at, "America/New_York")
        return open_house(name=name, slug=slug, at=at, on=on, password=PASSWORD)

    return make


@pytest.fixture
def house(open_committed_house: Callable[[str], House]) -> House:
    """Harbor Mail, of this story alone."""
    return open_committed_house("Harbor Mail")


@pytest.fixture
def my(open_committed_house: Callable[[str], House]) -> My:
    """What a story does beside clicking, and Neighbor Post next door."""
    neighbour = open_committed_house("Neighbor Post")
    return My(sign_in=sign_in, axe=axe, snap=snap, neighbour_owner=neighbour.owner)


def sign_in(page: Page, house: House) -> None:
    """Will sign in on the form as the house's owner."""
    fill_in(page, f"owner@{house.operator.slug}.example", PASSWORD)
    expect(page).to_have_url(re.compile(f"/desk/{house.operator.slug}/"))


def fill_in(page: Page, email: str, password: str) -> None:
    """Will send the form for signing in."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def axe(page: Page) -> None:
    """Will assert that axe finds nothing on the page, in light and in dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(SETTLED, arg=scheme)
        results = Axe().run(page, options=AXE)
        assert results.violations_count == 0, f"{page.url}, {scheme}:\n{results.generate_report()}"
    page.emulate_media(color_scheme="light")


def snap(page: Page, name: str) -> Path:
    """Will save what the page looks like, for people to look at; never kept in git."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    file = SCREENS / f"{name}-{(page.viewport_size or {'width': 0})['width']}.png"
    page.screenshot(path=file, full_page=True)
    return file
