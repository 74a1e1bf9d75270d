"""A window of the size of a picture, signed in as the owner of a house."""

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from postroom.demo.cast import House
from tests.stories.conftest import sign_in, window
from tests.stories.walks.walking import LEAVING, Walk


@pytest.fixture
def walk(
    browser: Browser, server: LiveServer, open_committed_house: Callable[[str], House]
) -> Iterator[Walk]:
    """An article in the hand, and Harbor Mail's desk in the window."""
    house = open_committed_house("Harbor Mail")
    with (
        # Pictures show the desk of somebody in earnest.
        override_settings(DEMO=False, BASE_URL="https://mail.example"),
        window(browser, server, width=1000, height=660) as page,
    ):
        page.add_init_script(LEAVING)
        sign_in(page, house)
        yield Walk(page, house)
