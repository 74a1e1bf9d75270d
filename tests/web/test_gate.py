"""The gate before what anybody may send: a puzzle solved once, and not too often."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from postroom.base.limits import forget_visits, too_often
from postroom.demo.cast import House
from postroom.web.gate import visitor_address, visitor_key
from postroom.web.offers import LEAD
from tests.conftest import AT
from tests.solving import solved
from tests.web.shelf import join
from tests.web.test_leads import leads, typed

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("altcha", ["", "x", "e30=", "bnVsbA==", "\0", "é" * 3000])
def test_what_is_no_solution_is_turned_away(harbor: House, client: Client, altcha: str) -> None:
    form = typed(harbor, harbor.bronze, altcha=altcha)
    answer = client.post(join(harbor, harbor.bronze), form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "check above the button" in page
    assert "Vera Vogel" in page and leads(harbor) == []


def test_a_solution_is_good_for_one_form(harbor: House, client: Client) -> None:
    solution = solved()
    for form, status in [("1" * 32, 302), ("1" * 32, 302), ("2" * 32, 422)]:
        sent = typed(harbor, harbor.bronze, altcha=solution, form=form)
        assert client.post(join(harbor, harbor.bronze), sent).status_code == status
    assert len(leads(harbor)) == 1


def test_a_puzzle_that_is_over_is_told(harbor: House, client: Client, settings: Any) -> None:
    settings.ALTCHA_CHALLENGE_EXPIRE = -1000
    answer = client.post(join(harbor, harbor.bronze), typed(harbor, harbor.bronze))
    assert answer.status_code == 422 and "is over or was used" in answer.content.decode()


def test_too_often_is_429_and_keeps_what_was_typed(harbor: House, client: Client) -> None:
    for _ in range(LEAD.at_most):
        sent = client.post(join(harbor, harbor.bronze), typed(harbor, harbor.bronze))
        assert sent.status_code == 302
    answer = client.post(join(harbor, harbor.bronze), typed(harbor, harbor.bronze))
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "too often from your connection" in page and "Vera Vogel" in page
    other = client.post(
        join(harbor, harbor.bronze), typed(harbor, harbor.bronze), REMOTE_ADDR="192.0.2.9"
    )
    assert other.status_code == 302


def test_a_while_begins_with_the_first_visit(db: None) -> None:
    visits = [
        too_often("me", at_most=2, within=MINUTE, at=AT + timedelta(seconds=seconds))
        for seconds in (0, 20, 40, 59, 60, 61, 62)
    ]
    assert visits == [False, False, True, True, False, False, True]
    assert forget_visits(at=AT + timedelta(hours=2)) == 0
    assert forget_visits(at=AT + timedelta(days=2)) == 1


@pytest.mark.parametrize(
    ("proxies", "passed", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (5, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (1, "nonsense", None),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Any, proxies: int, passed: str, address: str | None
) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": passed})
    assert visitor_address(request) == address


def test_a_whole_network_is_one_visitor(settings: Any) -> None:
    def key(address: str) -> str:
        return visitor_key(RequestFactory().get("/", REMOTE_ADDR=address))

    assert key("2001:db8:1:2::1") == key("2001:db8:1:2:ffff::9") != key("2001:db8:1:3::1")
    assert "192.0.2.7" not in key("192.0.2.7") != key("192.0.2.8")
