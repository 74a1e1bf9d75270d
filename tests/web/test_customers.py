"""Customers: found, added, looked at, changed."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.demo.cast import House
from postroom.domain.customers.actions import Details, add_customer
from postroom.domain.customers.models import Customer, Kind
from postroom.domain.operators.models import Role
from tests.conftest import AT
from tests.web.desk_pages import Desk, page

MAX = {"kind": "person", "name": "Max Meyer", "country": "US", "email": "max@customers.example"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "alvarez"}, {"Ana Alvarez"}),
        ({"q": "BO@customers"}, {"Bo Berg Imports LLC"}),
        ({"q": "555 0143"}, {"Cy Castellanos"}),
        ({"q": "#101"}, {"Bo Berg Imports LLC"}),
        ({"q": "101"}, {"Bo Berg Imports LLC"}),
        ({"q": "#10"}, set()),
        ({"state": "no-email"}, {"Di Dvořák"}),
        ({"state": "none"}, {"Eve Ender"}),
        ({"q": "%"}, set()),
    ],
)
def test_a_customer_is_found(in_harbor: House, query: dict[str, str], found: set[str]) -> None:
    eve = Details(Kind.PERSON, "Eve Ender", "eve@customers.example")
    add_customer(in_harbor.operator, details=eve, by=None, at=AT)
    rows = Desk(in_harbor).get("customers", **query).context["table"].page
    assert {row.record.customer.name for row in rows} == found


def test_customers_of_a_plan(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert "Ana Alvarez" in desk.text("customers", plan=in_harbor.bronze.pk)
    assert "Ana Alvarez" in desk.text("customers", plan="nonsense"), "nonsense filters nothing"


def test_the_list_is_sorted_and_paged(in_harbor: House) -> None:
    for number in range(30):
        details = Details(Kind.PERSON, f"Person {number:02}")
        add_customer(in_harbor.operator, details=details, by=None, at=AT)
    desk = Desk(in_harbor)
    first = [row.record.customer.name for row in desk.get("customers").context["table"].page]
    assert len(first) == 25
    assert first[0] == "Ana Alvarez"
    newest = desk.get("customers", sort="-added").context["table"].page
    assert newest[0].record.customer.name == "Person 29"
    assert "Person 29" in desk.text("customers", page=2)


def test_the_list_asks_no_more_for_more_customers(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    desk.get("customers")
    with CaptureQueriesContext(connection) as few:
        desk.get("customers")
    for number in range(20):
        details = Details(Kind.PERSON, f"Person {number:02}")
        add_customer(in_harbor.operator, details=details, by=None, at=AT)
    with CaptureQueriesContext(connection) as many:
        desk.get("customers")
    assert len(many) == len(few)


def test_nobody_yet(in_harbor: House) -> None:
    assert "No customers match" in Desk(in_harbor).text("customers", q="nobody like that")


def test_a_form_sent_twice_adds_one(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    key = uuid4()
    answers = [desk.post("customer_new", **MAX, form_key=key) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert Customer.objects.filter(name="Max Meyer").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Enter the customer&#x27;s name."),
        ({"name": "   "}, "Enter the customer&#x27;s name."),
        ({"name": "Max\x00Meyer"}, "Null characters are not allowed."),
        ({"name": "Max\x07"}, "cannot be stored"),
        ({"email": "max@"}, "Enter a valid email address."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"country": "XX"}, "Select a valid choice."),
    ],
)
def test_bad_input_is_said_and_kept(in_harbor: House, typed: dict[str, str], said: str) -> None:
    sent = MAX | {"city": "Typed City", "form_key": str(uuid4())} | typed
    text = page(Desk(in_harbor).post("customer_new", **sent), 422)
    assert said in text
    assert "Typed City" in text
    assert Customer.objects.count() == 4


def test_the_page_says_what_he_rents(in_harbor: House) -> None:
    text = Desk(in_harbor).text("customer", in_harbor.customers["cy"].pk)
    for words in (
        "#102",
        "Brooklyn - Henry St",
        "$109.99 a year",
        "Annual",
        "Bronze",
        "Next renewal",
    ):
        assert words in text


def test_a_clerk_sees_mailboxes_and_no_money(in_harbor: House) -> None:
    desk = Desk(in_harbor, Role.CLERK)
    for text in (desk.text("customers"), desk.text("customer", in_harbor.customers["cy"].pk)):
        assert "#102" in text
        assert "Bronze" not in text
        assert "109.99" not in text
    assert desk.get("customer_new").status_code == 403
    assert desk.get("customer_edit", in_harbor.customers["cy"].pk).status_code == 403


def test_two_people_edit_and_nothing_is_lost(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    ana = in_harbor.customers["ana"].pk
    sent = MAX | {"seen": 1, "name": "Ana Alvarez", "phone": "1"}
    assert desk.post("customer_edit", ana, **sent).status_code == 302
    text = page(desk.post("customer_edit", ana, **sent | {"phone": "2", "city": "Typed"}), 422)
    assert "Somebody else saved this customer" in text
    assert "Typed" in text
    again = desk.post("customer_edit", ana, **sent | {"phone": "2", "seen": 2})
    assert again.status_code == 302
    assert Customer.objects.get(pk=ana).phone == "2"
    assert "changed phone" in desk.text("customer", ana)


def test_a_neighbours_customer_is_not_there(in_harbor: House, make_house: object) -> None:
    desk = Desk(in_harbor)
    theirs = make_house("Neighbor Post").customers["ana"].pk  # type: ignore[operator]
    for name in ("customer", "customer_edit", "assign"):
        assert desk.get(name, theirs).status_code == 404
