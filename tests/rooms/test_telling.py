"""Telling by hand: for which terms it holds, by the rules of the places at hand.

Gold is 31.00 a month; where its location is, each test says.
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from postroom.base.tenancy import as_platform
from postroom.domain.notices.models import NoticeRule
from postroom.domain.notices.rules import rules_in_force
from postroom.domain.notices.telling import NoDayIsLawful, record_told
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.subscriptions.models import Clearance, Means, Subscription
from tests.rooms.billing_worlds import GOLD, Shop, day, totals

DEARER = replace(GOLD, rates={1: 4000, 12: 36500})


def tell(
    shop: Shop, subscription: Subscription, version: PlanVersion, on: str, **facts: Any
) -> Clearance:
    said = {"means": Means.LETTER, "told_by": "Olga", "reason": "A letter"} | facts
    who = {"by": shop.by, "at": shop.at(on), "on": day(on)}
    return record_told(subscription, version=version, told_on=day(on), **said, **who)


def move(shop: Shop, *, location: str = "TX", customer: str = "") -> None:
    shop.places[0].country, shop.places[0].state = "US", location
    shop.places[0].save(update_fields=["country", "state"])
    shop.who("Ana").state = customer
    shop.who("Ana").save(update_fields=["state"])


def came(shop: Shop, plan: Plan) -> tuple[Subscription, PlanVersion]:
    ana = shop.join(plan, "26-01-01")
    return ana, shop.publish(plan, DEARER, on="26-03-01", at="26-01-02")


@pytest.mark.parametrize(
    ("places", "last_day"),
    [
        ({"location": "TX"}, None),
        ({"location": "CA"}, date(2026, 4, 9)),
        ({"location": "California"}, date(2026, 4, 9)),
        ({"location": "TX", "customer": "NY"}, date(2026, 4, 9)),
    ],
)
def test_telling_holds_for_the_days_that_the_rules_allow(
    shop: Shop, gold: Plan, places: dict[str, str], last_day: date | None
) -> None:
    ana, version = came(shop, gold)
    move(shop, **places)
    clearance = tell(shop, ana, version, "26-03-10")
    assert (clearance.first_day, clearance.last_day) == (date(2026, 3, 20), last_day)


def test_a_letter_too_early_in_california_keeps_the_old_rate(shop: Shop, gold: Plan) -> None:
    """Sent 40 days ahead it holds for no renewal; a second one, inside the window, does."""
    ana, version = came(shop, gold)
    move(shop, location="CA")
    tell(shop, ana, version, "26-01-20")
    shop.run("26-03-01")
    assert totals(ana)[-1] == ("26-03-01", 3100)
    tell(shop, ana, version, "26-03-11")
    shop.run("26-04-01")
    assert totals(ana)[-1] == ("26-04-01", 4000)


def test_rules_hold_from_their_day_to_their_last(shop: Shop) -> None:
    before = {it.jurisdiction for it in rules_in_force(on=date(2025, 6, 30))}
    since = {it.jurisdiction for it in rules_in_force(on=date(2025, 7, 1))}
    assert since - before == {"US-CA"}
    assert not [it for it in rules_in_force(on=date(2026, 6, 30)) if it.reminder]
    with as_platform():
        NoticeRule.objects.filter(jurisdiction="US-CA").update(in_force_until=date(2026, 5, 31))
    for on, is_there in [(date(2026, 5, 31), True), (date(2026, 6, 1), False)]:
        assert any(it.jurisdiction == "US-CA" for it in rules_in_force(on=on)) == is_there


def test_no_day_is_lawful(shop: Shop, gold: Plan) -> None:
    with as_platform():
        NoticeRule.objects.create(
            jurisdiction="US-CA",
            what="fee change",
            applies_to="mailboxes",
            least_days=35,
            source="A bill",
            certainty="made up",
        )
    ana, version = came(shop, gold)
    move(shop, location="CA")
    with pytest.raises(NoDayIsLawful, match="10 March 2026"):
        tell(shop, ana, version, "26-03-10")
