"""Closing on the desk: what is shown is what is billed and given back; staying after all."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.closing import preview_close
from postroom.domain.billing.models import Invoice, LineKind
from postroom.domain.billing.run import bill_due
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.events.models import Event
from postroom.domain.operators.models import Role
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.closing import close
from postroom.domain.subscriptions.models import Subscription, SwitchTiming
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk, page
from tests.web.renting import (
    ONE_DAY,
    Today,
    amounts,
    bills_of,
    gold,
    look,
    say_yes,
    shown_amounts,
    terms_of,
)


def seen_as_text(html: str) -> str:
    """Will return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_today_is_the_usual_day(today: Today) -> None:
    form = Desk(today.house).get("close", today.rents().pk).context["form"]
    assert form["closes_on"].value() == today.on.isoformat()


def test_what_is_shown_is_what_is_billed(today: Today) -> None:
    desk, its = Desk(today.house), today.rents("cy")
    before = len(bills_of(its))
    shown = say_yes(desk, "close", its, closes_on=today.on)
    its = today.rents("cy")
    assert (its.closes_on, its.next_bill_on) == (today.on, today.on + ONE_DAY)
    assert len(bills_of(its)) == before, "the day itself is used"
    today.bill(today.on + ONE_DAY)
    written = bills_of(its)[before:]
    assert shown_amounts(shown.bills) == amounts(written)
    assert written[-1].is_credit_note
    assert terms_of(its)[-1].ends_on == today.on + ONE_DAY
    its = today.rents("cy")
    assert (its.next_bill_on, its.mailbox.state) == (None, MailboxState.QUARANTINED)
    assert "Nothing more to bill" in desk.text("customer", its.customer_id)


def test_amounts_of_a_known_day(in_harbor: House) -> None:
    its = in_harbor.subscriptions["ana"]
    bill_due(in_harbor.operator, on=ON, at=AT)
    shown = preview_close(its, closes_on=ON, by=None, at=AT, on=ON)
    assert shown.bills is not None
    [bill] = shown.bills
    assert [(line.sentence, line.amount_minor) for line in bill.lines] == [
        ("Bronze, not used: 15 of 30 days at $9.99 a month: Jun 16 – 30, 2026.", -500)
    ]
    assert Subscription.objects.get(pk=its.pk).closes_on is None


def test_the_page_says_what_happens(today: Today) -> None:
    its = today.rents("cy")
    text = seen_as_text(page(look(Desk(today.house), "close", its, closes_on=today.on)))
    assert "Then number 102 is quarantined" in text
    assert "The final bill is written on" in text
    assert "Bronze, not used:" in text
    assert "Until the end of that day it can be taken back" in text


def test_ahead_beyond_the_renewal(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    before, closes_on = len(bills_of(its)), today.on + timedelta(days=70)
    shown = say_yes(desk, "close", its, closes_on=closes_on)
    today.bill(closes_on + ONE_DAY)
    assert len(shown.bills) >= 2
    assert shown_amounts(shown.bills) == amounts(bills_of(its)[before:])
    assert terms_of(its)[-1].ends_on == closes_on + ONE_DAY


def test_far_ahead_is_not_worked_out(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    closes_on = today.on + timedelta(days=500)
    assert "more than a year ahead" in page(look(desk, "close", its, closes_on=closes_on))
    assert say_yes(desk, "close", its, closes_on=closes_on).bills is None
    assert today.rents().closes_on == closes_on


def test_he_stays_after_all(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    closes_on = today.on + timedelta(days=3)
    say_yes(desk, "close", its, closes_on=closes_on)
    text = desk.text("customer", its.customer_id)
    assert "Leaves:" in text and "Stays after all" in text
    assert "entered that the customer leaves, the last day being" in text
    assert desk.post("stay", its.pk).status_code == 302
    again = today.rents()
    assert (again.closes_on, again.next_bill_on) == (None, its.next_bill_on)
    text = desk.text("customer", its.customer_id)
    assert "Ana Alvarez stays: mailbox #100 goes on as before." in text
    assert "entered that the customer stays after all." in text
    assert desk.post("stay", its.pk).status_code == 302
    assert "No closing day is set." in desk.text("customer", its.customer_id)


def test_a_day_that_has_passed_cannot_be_taken_back(today: Today) -> None:
    desk, its, yesterday = Desk(today.house), today.rents(), today.on - ONE_DAY
    assert "so this cannot be taken back" in page(look(desk, "close", its, closes_on=yesterday))
    say_yes(desk, "close", its, closes_on=yesterday)
    desk.post("stay", its.pk)
    text = desk.text("customer", its.customer_id)
    assert "This subscription closed on" in text
    assert today.rents().closes_on == yesterday
    assert "Closed on" in text
    assert "Closed already" in desk.text("close", its.pk)
    assert "Stays after all" not in text and desk.url("switch", its.pk) not in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the last day used."),
        ("soon", "Enter a day such as"),
        ("9999-12-31", "that day is out of reach"),
        ("2190-01-01", "is out of reach. Check the year."),
        ("2024-02-29", "is the earliest closing day"),
    ],
)
def test_a_refusal_is_at_its_field(today: Today, typed: str, said: str) -> None:
    desk, its = Desk(today.house), today.rents()
    for answer in (
        desk.get("close", its.pk, closes_on=typed),
        desk.post("close", its.pk, closes_on=typed, seen="x"),
    ):
        text = page(answer, 422)
        assert said in str(answer.context["form"].errors["closes_on"])
        assert f'value="{typed}"' in text or not typed
    assert today.rents().closes_on is None


def test_a_double_click_closes_once(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    seen = look(desk, "close", its, closes_on=today.on).context["preview"].key
    for _ in range(2):
        assert desk.post("close", its.pk, closes_on=today.on, seen=seen).status_code == 302
    assert Event.objects.filter(act="subscription.closed").count() == 1


def test_what_changed_since_is_shown_first(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    seen = look(desk, "close", its, closes_on=today.on).context["preview"].key
    close(its, closes_on=today.on + timedelta(days=9), **today.acts)
    answer = desk.post("close", its.pk, closes_on=today.on, seen=seen)
    assert "Something has changed since you looked." in page(answer, 409)
    assert today.rents().closes_on == today.on + timedelta(days=9)
    assert ", instead of" in page(answer, 409)
    again = answer.context["preview"].key
    assert desk.post("close", its.pk, closes_on=today.on, seen=again).status_code == 302
    assert today.rents().closes_on == today.on


def test_closed_meanwhile(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    seen = look(desk, "close", its, closes_on=today.on).context["preview"].key
    close(its, closes_on=today.on - ONE_DAY, **today.acts)
    answer = desk.post("close", its.pk, closes_on=today.on, seen=seen)
    assert "This subscription closed on" in page(answer, 422)


def test_a_switch_that_waits_never_comes(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    say_yes(desk, "switch", its, **gold(today, SwitchTiming.NEXT_TERM))
    text = page(look(desk, "close", its, closes_on=today.on))
    assert "The switch to Gold that waits never comes." in text
    say_yes(desk, "close", its, closes_on=today.on)
    assert "They leave before that." in desk.text("customer", its.customer_id)


def test_the_deposit_comes_back(today: Today) -> None:
    plan = today.sell("Deposit", replace(BRONZE, deposit_minor=5000))
    its = assign(
        today.house.customers["bo"],
        mailbox=Mailbox.objects.filter(state=MailboxState.AVAILABLE).earliest("pk"),
        plan=plan,
        months=1,
        starts_on=today.on,
        by=None,
        at=today.at,
    )
    today.bill(today.on)
    answer = look(Desk(today.house), "close", its, closes_on=today.on)
    assert "Deposit, deposit returned." in page(answer)
    assert -5000 in [it.amount_minor for it in answer.context["preview"].bills[-1].lines]
    assert Invoice.objects.filter(lines__kind=LineKind.DEPOSIT_RETURN).count() == 0


@pytest.mark.parametrize("role", [Role.CLERK, Role.VIEWER])
def test_who_may_close(today: Today, role: Role) -> None:
    its = today.rents()
    close(its, closes_on=today.on, **today.acts)
    desk = Desk(today.house, role)
    assert desk.get("close", its.pk).status_code == 403
    assert desk.post("close", its.pk, closes_on=today.on, seen="x").status_code == 403
    assert desk.post("stay", its.pk).status_code == 403
    text = desk.text("customer", its.customer_id)
    assert "Leaves:" in text, "a clerk hands out the mail until then"
    assert ("The final bill" in text) == (role == Role.VIEWER)
    assert "Stays after all" not in text


def test_a_neighbours_subscription_is_not_there(today: Today, make_house: Any) -> None:
    theirs = make_house("Neighbor Post").subscriptions["ana"].pk
    desk = Desk(today.house)
    assert desk.get("close", theirs).status_code == 404
    assert desk.post("stay", theirs).status_code == 404
