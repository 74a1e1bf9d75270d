"""The lead-gen website: which locations, from what price, in what order."""

from collections.abc import Callable
from dataclasses import replace

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.operators.actions import add_location
from postroom.domain.plans.terms import Terms
from tests.conftest import AT
from tests.web.shelf import INTERNAL_ONLY, add, location, make_legacy, read, say


def rows(client: Client, query: str = "") -> list[tuple[str, str]]:
    """Will return each row's location and entry price."""
    answer = client.get(f"/locations/{query}")
    assert answer.status_code == 200
    return [(row.listing.place.name, row.entry) for row in answer.context["rows"]]


BROOKLYN, BEVERLY_HILLS = "Brooklyn - Henry St", "Beverly Hills - Lasky Dr"


def test_entry_price_is_the_lowest_monthly_rate(harbor: House, client: Client) -> None:
    cheap = frozenset({harbor.locations[0].pk})
    add(harbor, "Cheap", Terms(rates={1: 799, 12: 100}), locations=cheap)
    assert rows(client) == [(BEVERLY_HILLS, "$9.99 a month"), (BROOKLYN, "$7.99 a month")]
    assert rows(client, "?by=price")[0] == (BROOKLYN, "$7.99 a month")
    assert rows(client, "?by=city")[0][0] == BEVERLY_HILLS


def test_plan_sold_by_the_year_only_says_so(harbor: House, client: Client) -> None:
    say(harbor, harbor.bronze, **INTERNAL_ONLY)
    add(harbor, "Yearly", Terms(rates={12: 14999, 24: 20000}))
    assert rows(client)[0][1] == "$149.99 a year"
    assert "from <strong>$149.99 a year</strong>" in read(client, "/locations/")


def test_location_without_a_plan_there_is_not_listed(harbor: House, client: Client) -> None:
    say(harbor, harbor.bronze, locations=frozenset({harbor.locations[0].pk}))
    assert [name for name, _ in rows(client)] == [BROOKLYN]
    read(client, location(harbor, 1), 404)
    say(harbor, harbor.bronze, lead_gen=False)
    assert rows(client) == []
    assert "No location is listed yet" in read(client, "/locations/")
    read(client, location(harbor, 0), 404)


def test_unlisted_location_is_not_listed(harbor: House, client: Client) -> None:
    with as_operator(harbor.operator.pk):
        harbor.locations[0].listed = False
        harbor.locations[0].save(update_fields=["listed"])
    assert [name for name, _ in rows(client)] == [BEVERLY_HILLS]
    read(client, location(harbor, 0), 404)
    read(client, f"{location(harbor, 0)}{harbor.bronze.link}/", 404)
    assert BROOKLYN in read(client, f"/join/{harbor.operator.slug}/")


def test_old_price_goes_with_the_legacy_plan(harbor: House, client: Client) -> None:
    make_legacy(harbor)
    assert {entry for _, entry in rows(client)} == {"$12.99 a month"}
    page = read(client, location(harbor))
    assert "$12.99 a month" in page and "$9.99" not in page and "Legacy" not in page


def test_every_operator_is_listed_under_his_own_name(
    harbor: House, make_house: Callable[..., House], client: Client
) -> None:
    neighbor = make_house("Neighbor Post")
    page = read(client, "/locations/?state=NY")
    assert "Harbor Mail" in page and "Neighbor Post" in page
    assert BEVERLY_HILLS not in page
    read(client, f"/locations/{neighbor.operator.slug}/nowhere/", 404)
    read(client, "/locations/nobody/nowhere/", 404)


def test_pages_are_of_thirty_and_cost_the_same(
    harbor: House, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with as_operator(harbor.operator.pk):
        for number in range(33):
            add_location(
                harbor.operator,
                name=f"Suite {number:02}",
                street="1 Main St",
                city="Albany",
                state="NY",
                postal_code="12207",
                at=AT,
                by=None,
            )
    with django_assert_max_num_queries(6):
        assert len(rows(client)) == 30
    assert len(rows(client, "?page=2")) == 5
    assert "31–35 of 35" in read(client, "/locations/?page=2")


def test_strange_questions_get_an_answer(harbor: House, client: Client) -> None:
    for query in ("?page=99", "?page=-1", "?page=x", "?by=rm", "?page=²"):
        assert len(rows(client, query)) == 2, query
    assert len(rows(client, "?q=%00")) == 2


def test_location_compares_its_plans(harbor: House, client: Client) -> None:
    add(harbor, "Silver", replace(BRONZE, rates={1: 1999}))
    page = read(client, location(harbor))
    assert page.index("Bronze") < page.index("Silver")
    assert harbor.locations[0].street in page
    assert f'href="{location(harbor)}{harbor.bronze.link}/' in page
