"""Mailboxes: the list, new ranges, and numbers kept for signing up online."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import House, hire
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.running import bill_operator
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.events.models import Event
from postroom.domain.operators.actions import open_operator
from postroom.domain.operators.models import Role, Staff
from tests.conftest import AT
from tests.web.desk_pages import Desk, page


def found(desk: Desk, **query: Any) -> list[str]:
    rows = desk.get("mailboxes", **query).context["table"].page
    return [row.record[0].number for row in rows]


def test_the_list_says_who_rents(in_harbor: House) -> None:
    text = Desk(in_harbor).text("mailboxes", q="100")
    assert "Ana Alvarez" in text
    assert "Assigned" in text


def test_the_list_is_filtered_and_sorted(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert found(desk, state="assigned") == ["100", "101", "102", "103"]
    assert found(desk, state="assigned", sort="-number") == ["103", "102", "101", "100"]
    assert found(desk, q="#139", location=in_harbor.locations[1].pk) == ["139"]
    assert found(desk, q="nope") == []


def test_a_free_number_is_reserved_and_given_back(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    mailbox = Mailbox.objects.filter(number="120").first()
    assert mailbox is not None
    for state in ("reserved", "reserved", "available"):
        answer = desk.post("mailbox_set_aside", mailbox.pk, state=state, query="q=120")
        assert answer.url.endswith("?q=120")
        mailbox.refresh_from_db()
        assert mailbox.state == state
    acts = Event.objects.filter(subject_kind="mailbox").values_list("act", flat=True)
    assert list(acts.order_by("pk")) == ["mailbox.reserved", "mailbox.made_available"]


def test_a_rented_number_stays(in_harbor: House) -> None:
    mailbox = in_harbor.subscriptions["ana"].mailbox
    desk = Desk(in_harbor)
    desk.post("mailbox_set_aside", mailbox.pk, state="reserved")
    assert "Mailbox #100 is assigned" in desk.text("mailboxes")
    mailbox.refresh_from_db()
    assert mailbox.state == MailboxState.ASSIGNED


def make(desk: Desk, first: object, last: object, **more: str) -> Any:
    location = desk.house.locations[0].pk
    return desk.post(
        "mailboxes_new", location=location, first=first, last=last, state="reserved", **more
    )


def test_a_range_is_made_once(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert [make(desk, 130, 149).status_code for _ in range(2)] == [302, 302]
    assert Mailbox.objects.filter(location=in_harbor.locations[0]).count() == 50
    assert Mailbox.objects.filter(state="reserved").count() == 10


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (1, 10_001, "That would make 10001 mailboxes."),
        (20, 10, "must not be lower"),
        ("ten", 20, "whole number in digits"),
        (-5, 20, "greater than or equal to 0"),
        (1, "", "This field is required."),
    ],
)
def test_a_bad_range_is_refused(in_harbor: House, first: object, last: object, said: str) -> None:
    assert said in page(make(Desk(in_harbor), first, last), 422)
    assert Mailbox.objects.count() == 80


def test_a_large_range_is_asked_about(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert "That is 600 mailboxes. Is the range right?" in page(make(desk, 1000, 1599))
    assert Mailbox.objects.count() == 80
    assert make(desk, 1000, 1599, confirmed="on").status_code == 302
    assert Mailbox.objects.count() == 680


def test_a_clerk_looks_and_changes_nothing(in_harbor: House) -> None:
    desk = Desk(in_harbor, Role.CLERK)
    assert "Reserve" not in desk.text("mailboxes", state="available").split('id="rows"')[1]
    mailbox = in_harbor.subscriptions["ana"].mailbox
    assert desk.post("mailbox_set_aside", mailbox.pk, state="reserved").status_code == 403
    assert desk.get("mailboxes_new").status_code == 403


def test_without_a_location_the_owner_is_led_to_add_one(db: None) -> None:
    with as_platform():
        bare = open_operator(name="Bare Post", slug="bare", at=AT, by=None)
    with as_operator(bare.pk):
        for role in (Role.OWNER, Role.VIEWER):
            hire(bare, role, at=AT, password=None)
        for role, led in ((Role.OWNER, True), (Role.VIEWER, False)):
            client = Client()
            user = Staff.objects.select_related("user").get(role=role).user
            client.force_login(user, backend="postroom.domain.users.signing_in.SigningIn")
            text = page(client.get(reverse("desk:mailboxes", args=["bare"])))
            assert "No location yet" in text
            assert (reverse("desk:location_new", args=["bare"]) in text) is led


def test_many_are_reserved_at_once(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    chosen = list(
        Mailbox.objects.filter(number__in=["100", "120", "121"]).values_list("pk", flat=True)
    )
    desk.post("mailboxes_set_aside", mailbox=chosen, state="reserved", query="state=reserved")
    text = desk.text("mailboxes")
    assert "5 mailboxes are reserved now. 1 is not free, and left alone." in text
    desk.post("mailboxes_set_aside", state="reserved")
    assert "Choose some mailboxes first" in desk.text("mailboxes")


def test_a_short_location_reserves_more(in_harbor: House) -> None:
    desk, here = Desk(in_harbor), in_harbor.locations[0]
    assert "Reserve 10 more" in desk.text("mailboxes")
    desk.post("mailboxes_reserve", here.pk, count="10")
    text = desk.text("mailboxes")
    assert f"10 more numbers reserved at {here}." in text
    desk.post("mailboxes_reserve", here.pk, count="99")
    assert "No more are available there: make 73 to have enough." in desk.text("mailboxes")
    desk.post("mailboxes_reserve", here.pk, count="none of these")
    assert "No number is available at" in desk.text("mailboxes")


def test_another_number_for_a_customer(in_harbor: House) -> None:
    desk, ana = Desk(in_harbor), in_harbor.subscriptions["ana"]
    for typed, said in [
        ({"number": "120"}, "Tick the box once they know."),
        ({"number": "101", "sure": "on"}, "is assigned. Choose another one."),
        ({"number": "", "sure": "on"}, "Enter the new number."),
    ]:
        assert said in page(desk.post("number", ana.pk, **typed), 422)
    desk.post("number", ana.pk, number="#120", sure="on")
    text = desk.text("customer", ana.customer_id)
    assert "Ana Alvarez has mailbox #120 now." in text
    assert "moved the customer from mailbox #100 to #120" in text
    old = desk.text("mailbox", ana.mailbox_id)
    assert "Quarantined" in old and "moved Ana Alvarez to mailbox #120" in old
    assert "moved to #120 on" in old and "Nobody has rented it yet" not in old


def test_a_numbers_page_says_who_had_it(in_harbor: House) -> None:
    desk, ana = Desk(in_harbor), in_harbor.subscriptions["ana"]
    assert "Ana Alvarez" in desk.text("mailbox", ana.mailbox_id)
    free = Mailbox.objects.filter(number="120").first()
    assert free is not None
    assert "Nobody has rented it yet" in desk.text("mailbox", free.pk)
    here = reverse("desk:mailbox", args=[in_harbor.operator.slug, free.pk])
    answer = desk.post("mailbox_set_aside", free.pk, state="reserved", next=here)
    assert answer.url == here
    answer = desk.post("mailbox_set_aside", free.pk, state="reserved", next="//evil.example/")
    assert "evil" not in answer.url


def test_an_invoice_keeps_the_number_it_was_issued_for(in_harbor: House) -> None:
    desk, ana = Desk(in_harbor), in_harbor.subscriptions["ana"]
    bill_operator(in_harbor.operator, at=AT - timedelta(days=1))
    issued = Invoice.objects.filter(subscription=ana).latest("number")
    desk.post("number", ana.pk, number="120", sure="on")
    assert f"#100, {in_harbor.locations[0]}" in desk.text("invoice", issued.number)
