"""Keeping a customer's terms from the desk: price locks, pins, and ending them."""

from datetime import timedelta
from typing import Any

import pytest

from postroom.domain.events.models import Event
from postroom.domain.operators.models import Role
from postroom.domain.subscriptions.models import Pin, PriceLock
from tests.web.desk_pages import Desk, page
from tests.web.renting import Today

WHY = "Promised on the phone."


def keep(desk: Desk, today: Today, **typed: str) -> Any:
    return desk.post("protect", today.rents().pk, **{"kind": "lock", "reason": WHY} | typed)


def later(today: Today, days: int) -> str:
    """Will return a day after Ana's next term starts."""
    return (today.rents().next_term_on + timedelta(days=days)).isoformat()


def test_a_price_lock(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    assert keep(desk, today, until=later(today, 300)).status_code == 302
    lock = PriceLock.objects.get(subscription=its)
    assert (lock.until.isoformat(), lock.reason, lock.by) == (later(today, 300), WHY, desk.user)
    text = desk.text("customer", its.customer_id)
    assert "Price lock:" in text
    assert WHY in text


def test_a_pin_is_set_once(today: Today) -> None:
    desk = Desk(today.house)
    assert keep(desk, today, kind="pin").status_code == 302
    again = keep(desk, today, kind="pin")
    assert "They are pinned to their terms already." in page(again, 422)
    assert Pin.objects.count() == 1
    assert Event.objects.filter(act="subscription.pinned").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter the day on which the price lock ends."),
        ({"until": "soon"}, "soon"),
        ({"until": "2020-01-01"}, "Choose a later day than today."),
        ({"kind": "pin", "reason": " "}, "This field is required."),
        ({"kind": "charm"}, "charm"),
    ],
)
def test_what_protects_nothing_stays_in_the_form(
    today: Today, typed: dict[str, str], sentence: str
) -> None:
    assert sentence in page(keep(Desk(today.house), today, **typed), 422)
    assert not PriceLock.objects.exists()


def test_a_double_click_locks_once(today: Today) -> None:
    desk = Desk(today.house)
    for _ in range(2):
        assert keep(desk, today, until=later(today, 300)).status_code == 302
    assert PriceLock.objects.count() == 1
    assert Event.objects.filter(act="subscription.locked").count() == 1
    assert keep(desk, today, until=later(today, 400)).status_code == 302
    assert PriceLock.objects.count() == 2


def test_a_protection_is_ended_with_a_reason(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    keep(desk, today, until=later(today, 300))
    keep(desk, today, kind="pin")
    assert WHY in desk.text("protect_end", its.pk)
    page(desk.post("protect_end", its.pk, reason=""), 422)
    for _ in range(2):
        assert desk.post("protect_end", its.pk, reason="They moved out").status_code == 302
    assert not PriceLock.objects.exists()
    assert not Pin.objects.exists()
    assert Event.objects.filter(act="subscription.unprotected").count() == 1
    assert "Nothing to end" in desk.text("protect_end", its.pk)


def test_somebody_who_left_has_no_terms_to_keep(today: Today) -> None:
    its = today.rents()
    its.closes_on = today.on - timedelta(days=1)
    its.save(update_fields=["closes_on"])
    assert "There are no terms to keep any more." in Desk(today.house).text("protect", its.pk)


def test_a_clerk_promises_nothing(today: Today) -> None:
    clerk = Desk(today.house, Role.CLERK)
    assert keep(clerk, today, kind="pin").status_code == 403
