"""A switch waits for the renewal while its plan is made legacy, changed or not sold any more.

Gold is 31.00 a month and 365.00 a year, Silver twice as much.
"""

from dataclasses import replace

import pytest

from postroom.domain.plan_changes.answers import grandfather
from postroom.domain.plans.actions import keep_draft
from postroom.domain.plans.models import Draft, Plan, Withdrawal
from postroom.domain.subscriptions.models import Subscription, SwitchState
from tests.rooms.billing_worlds import (
    GOLD,
    NEXT_TERM,
    Shop,
    day,
    lines_on,
    totals,
)

TWICE = replace(GOLD, rates={1: 6200, 12: 73000})


@pytest.fixture
def silver(shop: Shop) -> Plan:
    return shop.plan(TWICE, name="Silver")


@pytest.fixture
def ana(shop: Shop, gold: Plan) -> Subscription:
    """Joined on 1 January, billed that day."""
    ana = shop.join(gold, "24-01-01")
    shop.run("24-01-01")
    return ana


def make_legacy(shop: Shop, plan: Plan, on: str) -> Plan:
    """Will answer NO to new terms: the plan's name goes to a new one, at three times the rate."""
    thrice = replace(GOLD, rates={1: 9300, 12: 99999})
    own = {"by": shop.by, "at": shop.at(on).replace(hour=18)}
    keep_draft(plan, terms=thrice, changed_from=1, reason="", **own)
    draft = Draft.objects.get(plan=plan)
    return grandfather(draft, legacy_name=f"{plan.name} Legacy", on=day(on), **own)


@pytest.mark.parametrize("made_legacy", ["24-01-05", "24-01-20", "24-02-01"])
def test_the_name_is_followed(
    shop: Shop, ana: Subscription, silver: Plan, made_legacy: str
) -> None:
    """The switch is entered at noon on 5 January, the plan made legacy at six or on a later day."""
    shop.switch(ana, silver, "24-01-05", timing=NEXT_TERM)
    new = make_legacy(shop, silver, made_legacy)
    shop.run("24-02-01")
    assert lines_on(ana, "24-02-01") == ["rate 24-02-01/24-03-01 9300"]
    assert Subscription.objects.get(pk=ana.pk).plan_id == new.pk


def test_a_legacy_plan_that_was_chosen_as_such_is_not_left(
    shop: Shop, ana: Subscription, silver: Plan
) -> None:
    make_legacy(shop, silver, "24-01-05")
    shop.switch(ana, Plan.objects.get(pk=silver.pk), "24-01-06", timing=NEXT_TERM)
    shop.run("24-02-01")
    assert lines_on(ana, "24-02-01") == ["rate 24-02-01/24-03-01 6200"]


def test_lapsed_he_renews_as_ever(shop: Shop, ana: Subscription, silver: Plan) -> None:
    waiting = shop.switch(ana, silver, "24-01-05", timing=NEXT_TERM)
    shop.publish(silver, replace(TWICE, rates={12: 73000}), on="24-02-01", at="24-01-06")
    shop.run("24-03-01")
    assert totals(ana)[1:] == [("24-02-01", 3100), ("24-03-01", 3100)]
    waiting.refresh_from_db()
    assert waiting.state == SwitchState.LAPSED


def test_a_withdrawn_version_is_not_switched_to(
    shop: Shop, ana: Subscription, silver: Plan
) -> None:
    shop.switch(ana, silver, "24-01-05", timing=NEXT_TERM)
    slip = shop.publish(silver, replace(TWICE, rates={1: 1}), on="24-01-20", at="24-01-06")
    own = {"operator": shop.operator, "by": shop.by, "at": shop.at("24-01-21")}
    Withdrawal.objects.create(version=slip, reason="A slip", **own)
    shop.run("24-02-01")
    assert lines_on(ana, "24-02-01") == ["rate 24-02-01/24-03-01 6200"]
