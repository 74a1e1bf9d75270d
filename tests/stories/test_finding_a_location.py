"""A stranger finds a location, compares its plans, and meets them on the operator's own site."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from postroom.base.periods import local_day
from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.demo.showing import show_locations
from postroom.domain.operators.photos import add_photo
from postroom.domain.plans.actions import Words, create_plan
from tests.pictures import png
from tests.stories.steps import My

pytestmark = pytest.mark.browser
BROOKLYN = "Brooklyn - Henry St"


@pytest.fixture
def shop(house: House) -> House:
    """Harbor Mail with a second plan, and what its locations show of themselves."""
    at = timezone.now()
    with as_operator(house.operator.pk):
        show_locations(house)
        add_photo(house.locations[0], content=png(600, 400), alt="The door", by=house.owner, at=at)
        create_plan(
            house.operator,
            words=Words(name="Silver", signup=True, lead_gen=True),
            terms=replace(BRONZE, rates={1: 1999}),
            by=house.owner,
            at=at,
            on=local_day(at, house.operator.time_zone),
        )
    return house


def search(page: Page, typed: str) -> None:
    page.get_by_label("City, ZIP or state").fill(typed)
    page.get_by_role("button", name="Search").click()


def test_a_stranger_finds_a_mailbox(shop: House, page: Page, my: My) -> None:
    page.goto("/locations/")
    search(page, "11201")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Mailbox addresses near 11201, Brooklyn, NY"
    )
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Notary").check()
    page.get_by_label("Price a month, up to").fill("10")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile(r"q=11201.*has=notary&price=10"))
    my.axe(page)
    my.snap(page, "directory-search")
    page.goto(page.url.replace("q=11201", "q=Fargo"))
    expect(page.get_by_text("No location within 25 miles of Fargo, ND")).to_be_visible()
    page.goto("/locations/ny/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mailbox addresses in New York")
    my.axe(page)
    my.snap(page, "directory-state")
    dot = page.get_by_role("group", name=re.compile("^Map")).get_by_role("link").first
    dot.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/locations/(\?q=11231|[a-z0-9-]+/brooklyn)"))


def test_a_location_says_what_there_is(shop: House, page: Page, my: My) -> None:
    page.goto(f"/locations/{shop.operator.slug}/{shop.locations[0].slug}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(BROOKLYN)
    photo = page.get_by_role("img", name="The door")
    assert photo.evaluate("it => it.complete && it.naturalWidth") == 600
    expect(page.get_by_text("Opening hours")).to_be_visible()
    expect(page.get_by_text("$19.99 a month")).to_be_visible()
    assert page.locator("script[type='application/ld+json']").count() == 1
    my.axe(page)
    my.snap(page, "directory-location")


def test_in_the_hand(shop: House, phone: Page, my: My) -> None:
    for address in ("/locations/", "/locations/?q=Brooklyn&has=notary", "/locations/ny/"):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") == 390, address
    phone.goto(f"/locations/{shop.operator.slug}/{shop.locations[0].slug}/")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    my.axe(phone)
    my.snap(phone, "directory-location")


@contextmanager
def another_site(text: str) -> Iterator[str]:
    """Will serve a page from another address than ours."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as site:
        Thread(target=site.serve_forever).start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()


def test_another_site_frames_the_plans(shop: House, page: Page, my: My) -> None:
    my.sign_in(page, shop)
    page.goto(f"/desk/{shop.operator.slug}/settings/your-site/")
    snippet = page.get_by_label("Copy this into your page").input_value()
    preview = page.frame_locator("iframe")
    expect(preview.get_by_role("heading", name="Silver")).to_be_visible()
    my.axe(page)
    my.snap(page, "your-site")
    base = page.url.split("/desk/")[0]
    # The installation's own name, for the address that this server happens to have.
    with another_site(re.sub(r'src="https?://[^/]+', f'src="{base}', snippet)) as site:
        page.goto(site)
        framed = page.frame_locator("iframe")
        expect(framed.get_by_text("$19.99 a month")).to_be_visible()
        framed.get_by_role("link", name="Silver", exact=True).click()
        expect(page).to_have_url(re.compile(rf"{base}/join/.*from=embed"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Silver")
