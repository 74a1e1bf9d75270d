"""The operator moves customers to another plan, each at a renewal that allows it.

Gold is 31.00 a month, Silver twice as much, Iron a third of it. Ana joined Gold on 1 January.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from postroom.domain.events.models import Event
from postroom.domain.plans.models import Plan, PlanVersion, Withdrawal
from postroom.domain.plans.queries import latest_version
from postroom.domain.plans.written_terms import compare_with_plan
from postroom.domain.proof.models import Kind
from postroom.domain.subscriptions.models import (
    Basis,
    Clearance,
    Pin,
    PriceLock,
    Subscription,
    Switch,
    SwitchState,
    Term,
)
from postroom.domain.subscriptions.moving import enter_moves, take_back_moves
from postroom.domain.subscriptions.protecting import lock, pin
from tests.rooms.billing_worlds import GOLD, NEXT_TERM, NOW, Shop, day, lines_on, totals
from tests.rooms.proof_worlds import plant, proved

TWICE = replace(GOLD, rates={1: 6200, 12: 73000})
THIRD = replace(GOLD, rates={1: 1000})


@pytest.fixture
def ana(shop: Shop, gold: Plan) -> Subscription:
    ana = shop.join(gold, "24-01-01")
    shop.run("24-01-01")
    return ana


@pytest.fixture
def silver(shop: Shop) -> PlanVersion:
    return latest_version(shop.plan(TWICE, name="Silver"))


@pytest.fixture
def iron(shop: Shop) -> PlanVersion:
    return latest_version(shop.plan(THIRD, name="Iron"))


def move(shop: Shop, version: PlanVersion, *who: Subscription, not_before: str = "24-02-01") -> int:
    """Will enter a move on 5 January."""
    for plan in {it.plan for it in who} - {version.plan}:
        compare_with_plan(version, plan)
    own = {"by": shop.by, "at": shop.at("24-01-05"), "on": day("24-01-05")}
    return enter_moves(version, [it.pk for it in who], not_before=day(not_before), **own)


def tell(shop: Shop, whom: Subscription, version: PlanVersion, told: str) -> Clearance:
    """Will note that a notice was accepted: it holds ten days later and after."""
    return Clearance.objects.create(
        operator=shop.operator,
        subscription=whom,
        version=version,
        told_on=day(told),
        means="mail",
        first_day=day(told) + timedelta(days=10),
        told_by="Mail",
        reason="Accepted",
        recorded_at=shop.at(told),
    )


def rates(whom: Subscription) -> list[int]:
    """Will return what each of their bills came to."""
    return [minor for _, minor in totals(whom)]


def test_better_terms_come_without_a_notice(
    shop: Shop, ana: Subscription, iron: PlanVersion
) -> None:
    assert move(shop, iron, ana) == 1
    shop.run("24-03-01")
    assert rates(ana) == [3100, 1000, 1000]
    ana.refresh_from_db()
    assert (ana.plan_id, ana.version_id) == (iron.plan_id, iron.pk)
    term = Term.objects.get(subscription=ana, seq=2)
    assert (term.basis, term.switch) == (Basis.MOVED, Switch.objects.get(state=SwitchState.DONE))
    assert lines_on(ana, "24-02-01") == ["rate 24-02-01/24-03-01 1000"]


def test_not_before_its_day(shop: Shop, ana: Subscription, iron: PlanVersion) -> None:
    move(shop, iron, ana, not_before="24-02-02")
    shop.run("24-03-01")
    assert rates(ana) == [3100, 3100, 1000]


def test_worse_terms_wait_for_the_first_renewal_that_a_notice_covers(
    shop: Shop, ana: Subscription, silver: PlanVersion
) -> None:
    move(shop, silver, ana)
    tell(shop, ana, silver, "24-02-10")
    shop.run("24-04-01")
    assert rates(ana) == [3100, 3100, 6200, 6200]


def test_who_was_never_told_stays(shop: Shop, ana: Subscription, silver: PlanVersion) -> None:
    move(shop, silver, ana)
    shop.run("24-06-01")
    assert set(rates(ana)) == {3100}
    assert Switch.objects.get().state == SwitchState.PENDING


def test_a_pin_keeps_them_and_a_lock_keeps_worse_terms_away(
    shop: Shop, gold: Plan, silver: PlanVersion, iron: PlanVersion
) -> None:
    pinned, locked, better = (shop.join(gold, "24-01-01", who=it) for it in ("P", "L", "B"))
    own = {"reason": "Promised", "by": shop.by, "at": shop.at("24-01-02")}
    pin(pinned, **own)
    for it in (locked, better):
        lock(it, until=day("24-03-01"), **own)
    move(shop, silver, pinned, locked)
    move(shop, iron, better)
    for it in (pinned, locked):
        tell(shop, it, silver, "24-01-05")
    shop.run("24-03-01")
    assert rates(pinned) == [3100, 3100, 3100]
    assert rates(locked) == [3100, 3100, 6200]
    assert rates(better) == [3100, 1000, 1000]
    assert (Pin.objects.count(), PriceLock.objects.count()) == (1, 2), "a move ends nothing"


def test_withdrawn_nobody_moves(shop: Shop, ana: Subscription, iron: PlanVersion) -> None:
    move(shop, iron, ana)
    own = {"operator": shop.operator, "by": shop.by, "at": shop.at("24-01-21")}
    Withdrawal.objects.create(version=iron, reason="A slip", **own)
    shop.run("24-03-01")
    assert rates(ana) == [3100, 3100, 3100]


def test_what_their_own_plan_brings_comes_while_they_wait(
    shop: Shop, gold: Plan, ana: Subscription, silver: PlanVersion
) -> None:
    move(shop, silver, ana)
    shop.publish(gold, replace(GOLD, rates={1: 3000}), on="24-03-01", at="24-01-06")
    tell(shop, ana, silver, "24-03-10")
    shop.run("24-04-01")
    assert rates(ana) == [3100, 3100, 3000, 6200]


@pytest.mark.parametrize("timing", [NOW, NEXT_TERM])
def test_their_own_choice_takes_its_place(
    shop: Shop, ana: Subscription, silver: PlanVersion, iron: PlanVersion, timing: str
) -> None:
    move(shop, iron, ana)
    shop.switch(ana, silver.plan, "24-01-10", timing=timing)
    shop.run("24-03-01")
    assert rates(ana)[-2:] == [6200, 6200]
    assert Switch.objects.get(moves_to=iron).state == SwitchState.REPLACED


def test_who_chose_something_or_cannot_be_billed_so_is_left_alone(
    shop: Shop, gold: Plan, ana: Subscription, silver: PlanVersion, iron: PlanVersion
) -> None:
    shop.switch(ana, silver.plan, "24-01-04", timing=NEXT_TERM)
    annual, on_it = (
        shop.join(gold, "24-01-01", who="Y", months=12),
        shop.join(iron.plan, "24-01-01"),
    )
    bo = shop.join(gold, "24-01-01", who="Bo")
    assert move(shop, iron, ana, annual, on_it, bo) == 1
    assert move(shop, iron, ana, annual, on_it, bo) == 0
    [entered] = Event.objects.filter(act="subscription.move_entered")
    assert (entered.subject_kind, entered.subject_id) == ("subscription", bo.pk)
    assert entered.facts == {"plan": "Iron", "not_before": "2024-02-01"}


def test_taken_back_it_does_not_come(
    shop: Shop, gold: Plan, ana: Subscription, iron: PlanVersion
) -> None:
    other = shop.join(shop.plan(name="Other"), "24-01-01", who="Bo")
    move(shop, iron, ana, other)
    own = {"by": shop.by, "at": shop.at("24-01-20")}
    assert take_back_moves(iron, plan=gold, **own) == 1
    assert take_back_moves(iron, plan=gold, **own) == 0
    shop.run("24-02-01")
    assert (rates(ana), rates(other)) == ([3100, 3100], [3100, 1000])
    [taken] = Event.objects.filter(act="subscription.move_taken_back")
    assert taken.subject_id == ana.pk


def test_who_leaves_before_it_is_not_moved(
    shop: Shop, ana: Subscription, iron: PlanVersion
) -> None:
    move(shop, iron, ana)
    shop.close(ana, "24-01-31", on="24-01-20")
    shop.run("24-03-01")
    assert rates(ana) == [3100]


def test_the_size_of_a_page_does_not_matter(
    shop: Shop, gold: Plan, silver: PlanVersion, iron: PlanVersion
) -> None:
    many = [shop.join(gold, "24-01-01", who=f"Nr {it}") for it in range(7)]
    move(shop, silver, *many[:3])
    move(shop, iron, *many[3:6])
    tell(shop, many[1], silver, "24-01-10")
    shop.run("24-02-01", page=2)
    assert [rates(it)[-1] for it in many] == [3100, 6200, 3100, 1000, 1000, 1000, 3100]


def test_the_proof_asks_who_told_them(shop: Shop, ana: Subscription, silver: PlanVersion) -> None:
    move(shop, silver, ana)
    tell(shop, ana, silver, "24-01-10")
    shop.run("24-02-01")
    _, differences = proved(shop.operator, shop.at("24-02-01"))
    assert differences == []
    plant("UPDATE subscriptions_clearance SET first_day = '2024-02-02'")
    _, [difference] = proved(shop.operator, shop.at("24-02-01"))
    assert (difference.kind, difference.subscription_id) == (Kind.UNTOLD, ana.pk)
