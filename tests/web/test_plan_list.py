"""The list of service plans: what it says, searches, sorts, and costs."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.demo.cast import House
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.plans.terms import Terms
from tests.conftest import AT, ON
from tests.web.plan_forms import address, desk_of


def rows(page: Any) -> list[str]:
    return [row.record.name for row in page.context["table"].rows]


def add(house: House, name: str, **words: Any) -> None:
    create_plan(
        house.operator,
        words=Words(name=name, **words),
        terms=Terms(rates={1: 500 + len(name)}),
        by=house.owner,
        at=AT,
        on=ON,
    )


def test_it_says_what_an_operator_looks_for(in_harbor: House) -> None:
    page = desk_of(in_harbor).get(address(in_harbor)).content.decode()
    for words in ("Bronze", "$9.99 a month", "$109.99 a year", "$38.31", "Signup URL"):
        assert words in page


def test_it_searches_filters_and_sorts(in_harbor: House) -> None:
    add(in_harbor, "Silver", signup=True)
    add(in_harbor, "Old Gold", internal=False)
    client = desk_of(in_harbor)
    assert rows(client.get(address(in_harbor))) == ["Bronze", "Old Gold", "Silver"]
    assert rows(client.get(address(in_harbor, "?sort=-customers")))[0] == "Bronze"
    assert rows(client.get(address(in_harbor, "?q=SIL"))) == ["Silver"]
    assert rows(client.get(address(in_harbor, "?visibility=retired"))) == ["Old Gold"]
    assert rows(client.get(address(in_harbor, "?visibility=lead_gen"))) == ["Bronze"]
    nothing = client.get(address(in_harbor, "?q=platinum"))
    assert "No plans match" in nothing.content.decode()
    assert client.get(address(in_harbor, "?sort=nonsense&page=99&visibility=x")).status_code == 200
    assert client.get(address(in_harbor, "?per_page=-1&page=0")).status_code == 200


def test_its_queries_do_not_grow(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    client.get(address(in_harbor))

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get(address(in_harbor))
        return len(counted)

    before = queries()
    for number in range(12):
        add(in_harbor, f"Plan {number}")
    assert queries() == before
