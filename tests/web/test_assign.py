"""Assigning a mailbox with a plan, cycle and start."""

from datetime import date
from typing import Any

import pytest

from postroom.demo.cast import BRONZE, House
from postroom.domain.customers.models import Mailbox
from postroom.domain.operators.models import Role
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.subscriptions.models import Subscription, Term
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk, page


def send(desk: Desk, **changes: Any) -> Any:
    house = desk.house
    typed = {
        "location": house.locations[0].pk,
        "number": "110",
        "plan": f"{house.bronze.pk}:1",
        "starts_on": "2026-07-01",
    }
    return desk.post("assign", house.customers["ana"].pk, **typed | changes)


def test_a_location_comes_first(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    ana = in_harbor.customers["ana"].pk
    assert "Choose where the mail arrives" in desk.text("assign", ana)
    text = desk.text("assign", ana, location=in_harbor.locations[0].pk)
    assert '<option value="104">' in text
    assert '<option value="100">' not in text, "it is rented"
    assert "Bronze, $109.99 a year" in text


def test_a_mailbox_is_assigned(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert send(desk, billing_day="15").status_code == 302
    begun = Subscription.objects.get(mailbox__number="110", customer=in_harbor.customers["ana"])
    assert (begun.months, begun.billing_day, begun.starts_on) == (1, 15, date(2026, 7, 1))
    text = desk.text("customer", in_harbor.customers["ana"].pk)
    assert "on Bronze from Jul 1, 2026: $9.99 a month." in text


def test_a_double_click_assigns_once(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert [send(desk).status_code for _ in range(2)] == [302, 302]
    assert Subscription.objects.filter(customer=in_harbor.customers["ana"]).count() == 2


def test_moving_in_with_months_paid(in_harbor: House) -> None:
    assert send(Desk(in_harbor), paid_until="2026-09-01").status_code == 302
    begun = Subscription.objects.get(mailbox__number="110")
    assert Term.objects.get(subscription=begun).ends_on == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"starts_on": "9999-12-31"}, "starts_on", "that day is out of reach"),
        ({"starts_on": "2150-01-01"}, "starts_on", "2150-01-01 is out of reach. Check the year."),
        ({"number": "101"}, "number", "is not free"),
        ({"number": "999"}, "number", "There is no mailbox #999"),
        ({"number": "\x00"}, "number", "Null characters"),
        ({"plan": ""}, "plan", "Choose a plan."),
        ({"plan": "0:1"}, "plan", "is not offered here"),
        ({"starts_on": "31/31/31"}, "starts_on", "Enter a day such as"),
        ({"starts_on": "2001-01-01"}, "plan", "is not sold on"),
        ({"billing_day": "32"}, "billing_day", "less than or equal to 31"),
        ({"paid_until": "2026-06-01"}, "paid_until", "must lie after the start"),
        ({"paid_until": "2026-09-02", "billing_day": "1"}, "paid_until", "billing day, which is 1"),
    ],
)
def test_a_refusal_is_at_its_field(
    in_harbor: House, typed: dict[str, str], field: str, said: str
) -> None:
    answer = send(Desk(in_harbor), **typed)
    page(answer, 422)
    assert said in str(answer.context["form"].errors[field])
    assert Subscription.objects.count() == 4


def test_only_internal_plans_of_the_place_are_offered(in_harbor: House) -> None:
    here, there = in_harbor.locations
    for name, words in {
        "Retired": {"internal": False},
        "Elsewhere": {"locations": frozenset({there.pk})},
    }.items():
        create_plan(
            in_harbor.operator, words=Words(name=name, **words), terms=BRONZE, by=None, at=AT, on=ON
        )
    desk = Desk(in_harbor)
    ana = in_harbor.customers["ana"].pk
    text = desk.text("assign", ana, location=here.pk)
    assert "Retired" not in text
    assert "Elsewhere" not in text
    assert "Elsewhere" in desk.text("assign", ana, location=there.pk)


def test_who_may_assign(in_harbor: House) -> None:
    for role in (Role.CLERK, Role.VIEWER):
        assert send(Desk(in_harbor, role)).status_code == 403
    assert not Mailbox.objects.filter(number="110", state="assigned").exists()
