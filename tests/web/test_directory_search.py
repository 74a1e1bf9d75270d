"""Finding a location: by city, ZIP, state and distance, by what is offered, and by price."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.operators.actions import add_location
from postroom.domain.operators.kinds import Feature
from postroom.domain.operators.models import Location
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance, Terms
from tests.conftest import AT
from tests.web.shelf import INTERNAL_ONLY, add, make_legacy, read, say

#: Where the locations of these tests are: in Austin, six miles and sixty miles from there.
PLACES = {
    "Congress Ave": ("Austin", "TX", "78701"),
    "Research Blvd": ("Austin", "TX", "78758"),
    "River Walk": ("San Antonio", "TX", "78205"),
}


@pytest.fixture
def texan(harbor: House) -> House:
    """Harbor Mail with three locations in Texas beside its own two."""
    with as_operator(harbor.operator.pk):
        for name, (city, state, code) in PLACES.items():
            add_location(
                harbor.operator,
                name=name,
                street="1 Main St",
                city=city,
                state=state,
                postal_code=code,
                at=AT,
                by=None,
            )
    return harbor


def place(house: House, name: str) -> Location:
    with as_operator(house.operator.pk):
        return Location.objects.get(name=name)


def names(client: Client, **asked: Any) -> list[str]:
    answer = client.get("/locations/", asked)
    assert answer.status_code == 200
    return [row.listing.place.name for row in answer.context["rows"]]


def test_a_city_finds_what_is_near_nearest_first(texan: House, client: Client) -> None:
    assert names(client, q="Austin") == ["Congress Ave", "Research Blvd"]
    assert names(client, q="78758", within=25) == ["Research Blvd", "Congress Ave"]
    assert names(client, q="78758", within=5) == ["Research Blvd"]
    assert names(client, q="Austin, TX", within=100) == [*PLACES]
    assert names(client, q="Austin, TX", within="any", by="price")[0] == "Beverly Hills - Lasky Dr"
    page = read(client, "/locations/?q=78758&within=5")
    assert "1 location within 5 miles of 78758, Austin, TX" in page


@pytest.mark.parametrize("typed", ["TX", "texas", "Texas "])
def test_a_state_goes_by_name_and_code(texan: House, client: Client, typed: str) -> None:
    assert names(client, q=typed) == ["Congress Ave", "Research Blvd", "River Walk"]


def test_miles_are_those_along_the_earth(texan: House, client: Client) -> None:
    answer = client.get("/locations/?q=78701&within=100")
    miles = {row.listing.place.name: row.listing.miles for row in answer.context["rows"]}
    assert miles["Congress Ave"] == 0
    # From one ZIP's middle to the other's it is 73.7 miles by the spherical law of cosines.
    assert miles["River Walk"] == pytest.approx(73.7, abs=0.3)


def test_an_unknown_place_is_said_to_be_unknown(texan: House, client: Client) -> None:
    assert "No place is known as “Xyzzy”" in read(client, "/locations/?q=Xyzzy")
    page = read(client, "/locations/?q=00000")
    assert "There is no ZIP 00000" in page
    assert "By state" in page and 'href="/locations/tx/"' in page
    assert "No location in Maine" in read(client, "/locations/?q=Maine")


def test_far_from_everything_the_nearest_are_shown(texan: House, client: Client) -> None:
    answer = client.get("/locations/?q=Dallas")
    page = answer.content.decode()
    assert answer.context["rows"] == []
    assert "No location within 25 miles of Dallas, TX" in page
    nearest = [row.listing.place.name for row in answer.context["nearest"]]
    assert nearest == ["Research Blvd", "Congress Ave", "River Walk"]


@pytest.mark.parametrize("city", ["Toronto", "Ottawa", "Chibougamau"])
def test_a_city_of_no_zip_is_found_by_its_name(texan: House, client: Client, city: str) -> None:
    with as_operator(texan.operator.pk):
        Location.objects.filter(name="River Walk").update(
            city=city, state="Ontario", country="CA", latitude=None, longitude=None
        )
    assert names(client, q=city.lower()) == ["River Walk"]
    assert "River Walk" not in names(client, q="Austin", within="any")
    page = read(client, "/locations/ca-ontario/")
    assert "Mailbox addresses in Ontario" in page and "River Walk" in page
    assert "River Walk" not in read(client, "/locations/tx/")


def test_services_are_those_of_one_plan_on_sale(texan: House, client: Client) -> None:
    here = place(texan, "River Walk")
    assert names(client, q="TX", offers="check_deposit") == []
    deposits = BRONZE.allowances | {Service.CHECK_DEPOSIT: Allowance(Offer.UNLIMITED)}
    gold = add(
        texan,
        "Gold",
        replace(BRONZE, rates={1: 4999}, allowances=deposits),
        locations=frozenset({here.pk}),
    )
    assert names(client, q="TX", offers=["check_deposit", "open_and_scan"]) == ["River Walk"]
    page = read(client, "/locations/?q=TX&offers=check_deposit")
    assert "$49.99 a month" in page, "the price is of the plan that offers it"
    assert names(client, q="TX", offers="check_deposit", price="49.98") == []
    say(texan, gold, **INTERNAL_ONLY)
    assert names(client, q="TX", offers="check_deposit") == []


def test_the_price_is_the_current_version_s(texan: House, client: Client) -> None:
    assert len(names(client, q="TX", price="9.99")) == 3
    assert names(client, q="TX", price="9.98") == []
    make_legacy(texan)
    assert names(client, q="TX", price="9.99") == []
    assert len(names(client, q="TX", price="12.99")) == 3


def test_a_year_counts_by_the_month(texan: House, client: Client) -> None:
    say(texan, texan.bronze, **INTERNAL_ONLY)
    add(texan, "Yearly", Terms(rates={12: 12000}))
    assert len(names(client, q="TX", price="10")) == 3
    assert names(client, q="TX", price="9.99") == []


def test_decimals_are_the_currency_s(texan: House, client: Client) -> None:
    with as_operator(texan.operator.pk):
        texan.operator.currency = "JPY"
        texan.operator.save(update_fields=["currency"])
    assert len(names(client, q="TX", price="999")) == 3
    assert names(client, q="TX", price="998") == []


def test_features_are_all_there(texan: House, client: Client) -> None:
    with as_operator(texan.operator.pk):
        Location.objects.filter(name="River Walk").update(
            features=[Feature.PARKING, Feature.NOTARY]
        )
    assert names(client, q="TX", has="parking") == ["River Walk"]
    assert names(client, q="TX", has=["parking", "notary"]) == ["River Walk"]
    assert names(client, q="TX", has=["parking", "printing"]) == []
    assert "No location in Texas has all of that" in read(client, "/locations/?q=TX&has=printing")


def test_all_that_is_asked_for_stands_in_the_form_again(texan: House, client: Client) -> None:
    page = read(client, "/locations/?q=Austin&within=50&by=price&offers=forward&has=&price=20")
    assert 'value="Austin"' in page and 'value="20"' in page
    assert '<option value="50" selected>' in page and '<option value="price" selected>' in page
    assert "<details open>" in page


def test_what_makes_no_sense_is_passed_over(texan: House, client: Client) -> None:
    for query in ("within=7", "by=rm", "offers=magic", "has=x", "price=cheap", "price=-1"):
        found = names(client, q="TX", **dict([query.split("=")]))
        assert found == [*PLACES], query
    assert "Write the price like 20 or 19.99." in read(client, "/locations/?price=cheap")


def test_a_search_costs_few_queries(
    texan: House, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for query in ("?q=Austin&offers=forward&price=20", "?q=Dallas", "?q=Xyzzy", "tx/", ""):
        with django_assert_max_num_queries(7):
            read(client, f"/locations/{query}")


def test_a_state_has_a_page_with_its_cities(texan: House, client: Client) -> None:
    page = read(client, "/locations/tx/")
    assert "Mailbox addresses in Texas" in page and "3 locations in Texas" in page
    assert 'href="/locations/?q=Austin%2C%20TX"' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/locations/tx/">' in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/locations/tx/">' in read(
        client, "/locations/?q=texas"
    )
    read(client, "/locations/me/", 404)


def test_a_map_has_a_dot_for_each_that_was_found(texan: House, client: Client) -> None:
    for query in ("tx/", "?q=TX", "?q=Austin&within=100", "?q=78701&within=100"):
        page = read(client, f"/locations/{query}")
        assert page.count('class="map-dot"') == 3, query
        assert 'aria-label="River Walk, from $9.99 a month"' in page
    for query in ("", "?q=Austin&within=any", "?q=Xyzzy"):
        assert "map-dot" not in read(client, f"/locations/{query}")


def test_an_operator_called_like_a_state_hides_nothing(texan: House, client: Client) -> None:
    with as_operator(texan.operator.pk):
        texan.operator.slug = "tx"
        texan.operator.save(update_fields=["slug"])
    assert "Mailbox addresses in Texas" in read(client, "/locations/tx/")
    assert "Congress Ave" in read(client, "/locations/tx/congress-ave/")


def test_only_plain_lists_are_for_search_engines(texan: House, client: Client) -> None:
    for query in ("", "?q=Austin", "tx/", "?page=2"):
        assert "noindex" not in read(client, f"/locations/{query}"), query
    for query in ("?q=Austin&price=20", "?q=Austin&within=5", "tx/?has=parking"):
        assert "noindex" in read(client, f"/locations/{query}"), query
