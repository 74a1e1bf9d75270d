"""The dashboard: the numbers, and what each role sees of them."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from postroom.demo.cast import BRONZE, House
from postroom.domain.customers.actions import Details, add_customer
from postroom.domain.customers.models import Kind
from postroom.domain.customers.numbers import reserve_more
from postroom.domain.events import sentences
from postroom.domain.operators.models import Role
from postroom.domain.plans.actions import keep_draft
from postroom.domain.subscriptions.models import Lead
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk
from tests.yes import say_yes


def numbers(desk: Desk) -> Any:
    return desk.get("dashboard").context


def test_the_numbers(in_harbor: House) -> None:
    shown = numbers(Desk(in_harbor))
    assert shown["active"] == 4
    # Two pay 9.99 a month and two 109.99 a year.
    assert shown["monthly_minor"] == 2 * 999 + round(2 * 10999 / 12)
    assert (shown["available"], shown["reserved"], len(shown["short"])) == (76, 0, 2)
    assert shown["without_email"] == 1
    assert [(bar.name, bar.customers) for bar in shown["bars"]] == [("Bronze", 4)]


def test_renewals_of_the_next_days(in_harbor: House) -> None:
    today = numbers(Desk(in_harbor))["request"].on
    ana = in_harbor.subscriptions["ana"]
    for days, expected in ((6, 1), (7, 0), (-1, 0)):
        ana.next_term_on = max(today + timedelta(days), ana.starts_on + timedelta(1))
        ana.save(update_fields=["next_term_on"])
        for other in ("bo", "cy", "di"):
            it = in_harbor.subscriptions[other]
            it.next_term_on = today + timedelta(400)
            it.save(update_fields=["next_term_on"])
        assert numbers(Desk(in_harbor))["renewing"] == expected


def test_enough_reserved_is_no_warning(in_harbor: House) -> None:
    for location, left in zip(in_harbor.locations, (1, 0), strict=True):
        reserve_more(location, count=10, by=None, at=AT)
        assert len(numbers(Desk(in_harbor))["short"]) == left


def test_a_change_under_way_and_a_lead(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    ahead = timezone.now().date() + timedelta(30)
    terms = replace(BRONZE, rates={1: 1299, 12: 13999})
    own = {"by": in_harbor.owner, "at": AT}
    waiting = keep_draft(in_harbor.bronze, terms=terms, changed_from=1, reason="", **own)
    change = say_yes(waiting, sold_from=ON, existing_from=ahead, on=ON, **own)
    version = change.version
    Lead.objects.create(
        operator=in_harbor.operator, plan=in_harbor.bronze, version=version, source="signup",
        name="Lea", email="lea@people.example", sent_by_form=uuid4(), at=timezone.now(),
    )  # fmt: skip
    shown = numbers(desk)
    assert shown["changes"] == [(change, "Scheduled", 0)]
    assert shown["leads"] == 1
    leads = desk.text("leads")
    assert "Lea" in leads
    assert "version 2" in leads


def test_a_clerk_sees_no_money(in_harbor: House) -> None:
    desk = Desk(in_harbor, Role.CLERK)
    text = desk.text("dashboard")
    for words in ("Monthly value", "Bronze", "Open leads", "Changes under way"):
        assert words not in text
    assert "assigned a mailbox" in text
    assert desk.get("leads").status_code == 403


def test_what_happened_is_said_with_its_subject(in_harbor: House) -> None:
    text = Desk(in_harbor).text("dashboard")
    assert "assigned a mailbox on Bronze, version 1, annual" in text
    assert f"/customers/{in_harbor.customers['di'].pk}/" in text


def test_it_asks_no_more_for_more_customers(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    desk.get("dashboard")
    with CaptureQueriesContext(connection) as few:
        desk.get("dashboard")
    for number in range(5):
        details = Details(Kind.PERSON, f"Person {number}")
        add_customer(in_harbor.operator, details=details, by=None, at=AT)
    with CaptureQueriesContext(connection) as many:
        desk.get("dashboard")
    assert len(many) <= len(few)


def test_places_are_switched_in_the_top_bar(in_harbor: House) -> None:
    assert [it.operator.name for it in numbers(Desk(in_harbor))["request"].places] == [
        "Harbor Mail"
    ]


def test_every_act_has_its_words() -> None:
    domain = Path(sentences.__file__).parent.parent
    nouns = "customer|location|mailbox|operator|plan|staff|subscription"
    acts = {
        act
        for file in domain.rglob("actions.py")
        for act in re.findall(rf'"((?:{nouns})\.[a-z_]+)"', file.read_text())
    }
    assert len(acts) > 15
    assert not acts - set(sentences.WORDS)
