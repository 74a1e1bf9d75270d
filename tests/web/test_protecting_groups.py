"""Keeping the terms of a group from a plan's page: chosen, counted, confirmed."""

from datetime import timedelta
from typing import Any

import pytest

from postroom.demo.cast import House
from postroom.domain.operators.models import Role
from postroom.domain.subscriptions.models import Pin, PriceLock, Subscription
from tests.web.desk_pages import Desk, page
from tests.web.renting import Today

WHY = "Promised at the counter"


def later(today: Today) -> str:
    return (today.on + timedelta(days=300)).isoformat()


def send(desk: Desk, today: Today, **typed: Any) -> Any:
    said = {"kind": "lock", "until": later(today), "reason": WHY, "step": "ask"}
    return desk.post("plan_protect", today.house.bronze.pk, **said | typed)


def test_it_says_how_many_before_it_does_it(today: Today) -> None:
    desk = Desk(today.house)
    text = page(send(desk, today, months="1"))
    assert "2 customers of Bronze" in text
    assert not PriceLock.objects.exists()
    done = send(desk, today, months="1", step="do")
    assert done.url == desk.url("plan", today.house.bronze.pk)
    assert "The price is locked for 2 customers." in desk.text("plan", today.house.bronze.pk)
    locked = PriceLock.objects.values_list("subscription__months", "reason", "by")
    assert set(locked) == {(1, WHY, desk.user.pk)}
    assert locked.count() == 2


def test_the_confirmation_keeps_what_was_typed(today: Today) -> None:
    bo = today.house.subscriptions["bo"].pk
    text = page(send(Desk(today.house), today, kind="pin", picks=[bo], locations=[]))
    assert "1 customer of Bronze" in text
    for name, value in (("picks", bo), ("kind", "pin"), ("reason", WHY)):
        assert f'name="{name}" value="{value}"' in text
    send(Desk(today.house), today, kind="pin", picks=[bo], step="do")
    assert Pin.objects.get().subscription_id == bo


def test_a_search_keeps_the_picks_and_what_was_typed(today: Today) -> None:
    ana, bo = (today.house.subscriptions[it] for it in ("ana", "bo"))
    desk = Desk(today.house)
    text = page(send(desk, today, step="look", q=bo.customer.name, picks=[ana.pk]))
    rows = [it.split("</li>")[0] for it in text.split('<li class="py-1">')[1:]]
    assert [ana.customer.name in rows[0], "checked" in rows[0]] == [True, True]
    assert [bo.customer.name in rows[1], "checked" in rows[1], len(rows)] == [True, False, 2]
    assert (WHY in text, later(today) in text) == (True, True)


def test_what_kept_them_is_ended(today: Today) -> None:
    desk = Desk(today.house)
    send(desk, today, kind="pin", step="do")
    assert Pin.objects.count() == Subscription.objects.count() == 4
    text = page(send(desk, today, kind="end"))
    assert "4 are pinned" in " ".join(text.split())
    send(desk, today, kind="end", step="do")
    assert not Pin.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"until": ""}, "Enter the day on which the price lock ends."),
        ({"until": "2020-01-01"}, "Choose a later day than today."),
        ({"reason": " "}, "This field is required."),
        ({"picks": ["999999999"]}, "Nobody on this plan is in the group that you chose."),
        ({"months": "7"}, "7 is not one of the available choices"),
    ],
)
@pytest.mark.parametrize("step", ["ask", "do"])
def test_what_protects_nobody_stays_in_the_form(
    today: Today, typed: dict[str, Any], sentence: str, step: str
) -> None:
    assert sentence in page(send(Desk(today.house), today, step=step, **typed), 422)
    assert not PriceLock.objects.exists()


def test_a_plan_without_customers_offers_nothing(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert "Protect customers" in desk.text("plan", in_harbor.bronze.pk)
    Subscription.objects.update(closes_on="2026-01-20")
    assert "Protect customers" not in desk.text("plan", in_harbor.bronze.pk)


def test_a_viewer_may_not(in_harbor: House) -> None:
    desk = Desk(in_harbor, Role.VIEWER)
    assert "Protect customers" not in desk.text("plan", in_harbor.bronze.pk)
    assert desk.get("plan_protect", in_harbor.bronze.pk).status_code == 403
