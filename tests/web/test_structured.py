"""What search engines and other sites get: current prices, of plans that are shown, and no more."""

import json
import re
from typing import Any
from xml.etree import ElementTree

from django.test import Client

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.operators.kinds import Feature
from postroom.domain.operators.models import Location
from postroom.domain.operators.photos import add_photo
from postroom.domain.operators.showing import show_location
from postroom.domain.plans.terms import Terms
from postroom.web.directory.for_robots import files, index_of
from tests.conftest import AT
from tests.pictures import png
from tests.web.shelf import INTERNAL_ONLY, add, join, location, make_legacy, read, say

LOCS = ".//{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def facts(client: Client, house: House, number: int = 0) -> Any:
    """Will return what a location's page says to search engines."""
    page = read(client, location(house, number))
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(block)


def offered(client: Client, house: House, number: int = 0) -> dict[str, list[str]]:
    """Will return the prices that search engines are told, by plan."""
    return {
        it["name"]: [price["price"] for price in it["priceSpecification"]]
        for it in facts(client, house, number)["makesOffer"]
    }


def show(house: House, **other: Any) -> None:
    words: dict[str, Any] = {
        "description": "On the <corner> & more.</script>",
        "phone": "+1 718 555 0100",
        "hours": {"mo": ["09:00", "17:00"], "sa": ["10:00", "13:30"]},
        "features": [Feature.NOTARY],
    }
    with as_operator(house.operator.pk):
        show_location(house.locations[0], **words | other, by=house.owner, at=AT)


def addresses(client: Client) -> list[str]:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return [str(it.text) for it in root.iterfind(LOCS)]


def test_a_location_is_described(harbor: House, client: Client) -> None:
    show(harbor)
    it = facts(client, harbor)
    place = harbor.locations[0]
    assert it["@type"] == "LocalBusiness" and it["name"] == place.name
    assert it["address"]["postalCode"] == place.postal_code
    assert round(it["geo"]["latitude"]) == 41 and round(it["geo"]["longitude"]) == -74
    assert it["description"] == "On the <corner> & more.</script>"
    assert it["openingHoursSpecification"][1] == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": "https://schema.org/Saturday",
        "opens": "10:00",
        "closes": "13:30",
    }
    assert it["priceRange"] == "$9.99 a month"
    assert it["makesOffer"][0]["url"].endswith(f"{location(harbor)}{harbor.bronze.link}/")


def test_without_more_said_there_is_no_more(harbor: House, client: Client) -> None:
    with as_operator(harbor.operator.pk):
        Location.objects.update(latitude=None, longitude=None)
    it = facts(client, harbor)
    assert not {"geo", "telephone", "description", "openingHoursSpecification", "image"} & set(it)
    assert "Opening hours" not in read(client, location(harbor))


def test_offers_follow_the_plans_at_once(harbor: House, client: Client) -> None:
    here, elsewhere = (frozenset({it.pk}) for it in harbor.locations)
    add(harbor, "Here", Terms(rates={1: 1500, 12: 15000}), locations=here)
    add(harbor, "Elsewhere", Terms(rates={1: 700}), locations=elsewhere)
    hidden = add(harbor, "Hidden", Terms(rates={1: 7777}))
    add(harbor, "Signup alone", Terms(rates={1: 600}), lead_gen=False)
    say(harbor, hidden, **INTERNAL_ONLY)
    make_legacy(harbor)
    assert offered(client, harbor) == {"Bronze": ["12.99", "139.99"], "Here": ["15.00", "150.00"]}
    assert facts(client, harbor)["priceRange"] == "$12.99 to $15.00 a month"
    say(harbor, hidden, lead_gen=True)
    assert "Hidden" in offered(client, harbor)


def test_the_sitemap_lists_what_is_published(harbor: House, client: Client) -> None:
    here = frozenset({harbor.locations[0].pk})
    gold = add(harbor, "Gold", locations=here)
    base = "http://127.0.0.1:8000"
    first, second = (f"{base}{location(harbor, it)}" for it in (0, 1))
    found = set(addresses(client))
    assert {f"{base}/locations/", f"{base}/locations/ny/", first, second} <= found
    assert {f"{first}{gold.link}/", f"{second}{harbor.bronze.link}/"} <= found
    assert f"{second}{gold.link}/" not in found
    say(harbor, gold, lead_gen=False)
    say(harbor, harbor.bronze, locations=here)
    found = {it for it in addresses(client) if harbor.operator.slug in it}
    assert found == {first, f"{first}{harbor.bronze.link}/"}


def test_every_address_of_the_sitemap_is_there(harbor: House, client: Client) -> None:
    for url in addresses(client):
        if harbor.operator.slug in url:
            read(client, url.removeprefix("http://127.0.0.1:8000"))


def test_many_addresses_take_several_files(harbor: House, client: Client) -> None:
    assert [files(it, most=10) for it in (0, 10, 11, 25)] == [1, 1, 2, 3]
    found = ElementTree.fromstring(index_of(2)).iterfind(LOCS)
    assert [it.text for it in found] == [
        f"http://127.0.0.1:8000/sitemap-{number}.xml" for number in (1, 2)
    ]
    assert client.get("/sitemap-1.xml").content == client.get("/sitemap.xml").content
    for number in (0, 2):
        read(client, f"/sitemap-{number}.xml", 404)


def test_robots_are_told_what_need_not_be_read(client: Client, db: None) -> None:
    text = read(client, "/robots.txt")
    for door in ("desk", "my-plan", "notice", "accounts", "admin", "embed"):
        assert f"Disallow: /{door}/" in text
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text


def test_photos_are_kept_by_browsers(harbor: House, client: Client) -> None:
    with as_operator(harbor.operator.pk):
        photo = add_photo(
            harbor.locations[0], content=png(), alt="The counter", by=harbor.owner, at=AT
        )
    here = f"{location(harbor)}photos/{photo.pk}/"
    page = read(client, location(harbor))
    assert f'src="{here}" alt="The counter" width="8" height="4"' in page
    assert facts(client, harbor)["image"] == [f"http://127.0.0.1:8000{here}"]
    answer = client.get(here)
    assert (answer.content, answer["Content-Type"]) == (png(), "image/png")
    assert answer["Cache-Control"] == "public, max-age=604800"
    again = client.get(here, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    read(client, f"{location(harbor, 1)}photos/{photo.pk}/", 404)
    with as_operator(harbor.operator.pk):
        Location.objects.update(listed=False)
    assert client.get(here, headers={"If-None-Match": answer["ETag"]}).status_code == 404


def test_any_site_may_frame_the_plans_and_nothing_else(harbor: House, client: Client) -> None:
    framed = client.get(f"/embed/{harbor.operator.slug}/")
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "<script" not in framed.content.decode() and "noindex" in framed.content.decode()
    assert "no-store" in framed["Cache-Control"]
    for other in (location(harbor), join(harbor), "/locations/", f"/embed/{'x' * 8}/"):
        answer = client.get(other)
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_framed_plans_are_those_of_the_signup_url_now(harbor: House, client: Client) -> None:
    here, elsewhere = (f"?location={it.slug}" for it in harbor.locations)
    gold = add(harbor, "Gold", lead_gen=False, locations=frozenset({harbor.locations[0].pk}))
    table = f"/embed/{harbor.operator.slug}/"
    assert "Gold" in read(client, table) and "Gold" in read(client, table + here)
    assert "Gold" not in read(client, table + elsewhere)
    assert f'href="{join(harbor, gold)}?from=embed"' in read(client, table)
    make_legacy(harbor)
    assert "$12.99 a month" in read(client, table) and "$9.99" not in read(client, table)
    say(harbor, gold, **INTERNAL_ONLY)
    assert "Gold" not in read(client, table) and gold.link not in read(client, table)
    read(client, f"{table}?location=nowhere", 404)
