"""What a customer chooses by themselves: shown to the cent, done once, and taken back."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from postroom.domain.billing.models import Invoice
from postroom.domain.billing.previews import ChangedSinceSeen, PreviewBill, bills_after, last_number
from postroom.domain.events.models import Event
from postroom.domain.plan_changes.choosing import (
    Choice,
    ChoiceNotOffered,
    HasItAlready,
    LeavesBeforeThen,
    NotBegunYet,
    PaidElsewhereUntil,
    Shown,
    choose,
    preview_choice,
    stay_open,
    take_back_choice,
)
from postroom.domain.plans.actions import Words, create_plan, save_words, words_of
from postroom.domain.plans.models import Plan
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.models import Subscription, Switch, SwitchState, SwitchTiming
from postroom.domain.subscriptions.switching import SwitchOver
from tests.rooms.billing_worlds import GOLD, NEXT_TERM, NOW, Shop, day

DEAR = replace(GOLD, rates={1: 4650, 3: 13000, 12: 50000})
CHEAP = replace(GOLD, rates={1: 1000, 12: 9999})


def sell(shop: Shop, name: str, terms: Terms) -> Plan:
    own: dict[str, Any] = {"by": shop.by, "at": shop.at("20-01-01"), "on": day("20-01-01")}
    return create_plan(shop.operator, words=Words(name=name, signup=True), terms=terms, **own)


def moved_in(shop: Shop, on: str, **facts: Any) -> Subscription:
    """Ana on Gold, with Dear and Cheap beside it."""
    gold = sell(shop, "Gold", GOLD)
    sell(shop, "Dear", DEAR)
    sell(shop, "Cheap", CHEAP)
    return shop.join(gold, on, **facts)


def of(plan: str, months: int = 1, timing: SwitchTiming = NOW) -> Choice:
    return Choice(Plan.objects.get(name=plan).pk, months, timing)


def look(shop: Shop, who: Subscription, choice: Choice, on: str) -> Shown:
    return preview_choice(who, choice=choice, at=shop.at(on), on=day(on))


def do(shop: Shop, who: Subscription, choice: Choice, on: str, seen: str, **facts: Any) -> Switch:
    own = {"form": uuid4(), "at": shop.at(on), "on": day(on)} | facts
    return choose(who, choice=choice, seen=seen, **own)


def last_bill(who: Subscription, on: Any) -> PreviewBill | None:
    written = [it for it in bills_after(who, 0) if it.billed_on == on]
    return written[-1] if written else None


@pytest.mark.parametrize("tax", [None, ("8.875", False), ("20", True)])
@pytest.mark.parametrize(
    ("joined", "months", "on", "plan", "to"),
    [
        ("24-01-01", 1, "24-03-11", "Dear", 1),
        ("24-01-01", 1, "24-03-11", "Cheap", 1),
        ("24-01-01", 1, "24-03-11", "Dear", 12),
        ("24-01-01", 12, "24-03-11", "Cheap", 1),
        ("24-01-31", 12, "24-02-29", "Dear", 3),
        ("24-01-31", 1, "24-02-29", "Dear", 1),
        ("24-01-31", 1, "24-03-30", "Cheap", 12),
        ("24-03-11", 1, "24-03-11", "Dear", 1),
        ("24-03-11", 12, "24-03-11", "Cheap", 12),
    ],
)
def test_the_bill_is_what_was_shown(
    shop: Shop, joined: str, months: int, on: str, plan: str, to: int, tax: Any
) -> None:
    ana = moved_in(shop, joined, months=months)
    if tax:
        shop.tax(tax[0], included=tax[1])
    shop.run(on)
    shop.use(ana, 7, on)
    shown = look(shop, ana, of(plan, to), on)
    before = last_number(ana)
    do(shop, ana, of(plan, to), on, shown.preview.key)
    assert shown.preview.bills == bills_after(ana, before)
    assert any(it.by_switch for it in shown.preview.bills)
    shop.run(f"{shown.next_bill_on:%y-%m-%d}")
    assert shown.next_bill == last_bill(ana, shown.next_bill_on)
    assert shown.next_bill is not None


def test_what_is_due_already_is_billed_first_and_shown(shop: Shop) -> None:
    ana = moved_in(shop, "24-01-31")
    shop.use(ana, 5, "24-02-03")
    shown = look(shop, ana, of("Dear"), "24-02-29")
    do(shop, ana, of("Dear"), "24-02-29", shown.preview.key)
    assert shown.preview.bills == bills_after(ana, 0)
    assert [it.by_switch for it in shown.preview.bills] == [False, False, True]


def test_credit_left_over_pays_the_next_bill(shop: Shop) -> None:
    ana = moved_in(shop, "24-01-01", months=12)
    shop.run("24-01-01")
    shown = look(shop, ana, of("Cheap", 1), "24-01-11")
    assert shown.preview.bills[-1].is_credit_note
    do(shop, ana, of("Cheap", 1), "24-01-11", shown.preview.key)
    shop.run("24-02-11")
    assert shown.next_bill is not None and shown.next_bill.credited_minor == 1000
    assert shown.next_bill == last_bill(ana, day("24-02-11"))


def test_at_the_renewal_nothing_is_billed_before(shop: Shop) -> None:
    ana = moved_in(shop, "24-01-31", months=1)
    shop.run("24-01-31")
    choice = of("Dear", 12, NEXT_TERM)
    shown = look(shop, ana, choice, "24-02-10")
    assert (shown.preview.bills, shown.next_bill_on) == ((), day("24-02-29"))
    do(shop, ana, choice, "24-02-10", shown.preview.key)
    shop.run("24-02-29")
    assert shown.next_bill == last_bill(ana, day("24-02-29"))
    ana.refresh_from_db()
    assert (ana.plan.name, ana.months) == ("Dear", 12)


def test_a_look_changes_nothing(shop: Shop) -> None:
    ana = moved_in(shop, "24-01-01")
    shop.run("24-01-01")
    before = list(Subscription.objects.values()), Event.objects.count()
    look(shop, ana, of("Dear", 12), "24-01-11")
    assert (list(Subscription.objects.values()), Event.objects.count()) == before
    assert not Switch.objects.exists() and Invoice.objects.count() == 1


def test_a_form_counts_once_and_another_one_again(shop: Shop) -> None:
    ana = moved_in(shop, "24-01-01")
    shop.run("24-01-01")
    form, seen = uuid4(), look(shop, ana, of("Dear"), "24-01-11").preview.key
    made = [do(shop, ana, of("Dear"), "24-01-11", seen, form=form) for _ in range(2)]
    assert made[0] == made[1] == Switch.objects.get()
    back = look(shop, ana, of("Gold"), "24-01-11").preview.key
    do(shop, ana, of("Gold"), "24-01-11", back)
    assert do(shop, ana, of("Dear"), "24-01-11", seen, form=form) == made[0]
    ana.refresh_from_db()
    assert ana.plan.name == "Gold"
    event = Event.objects.filter(act="subscription.switched").earliest("id")
    assert (event.by_name, event.by_id) == ("Ana", None)


@pytest.mark.parametrize("meanwhile", ["price", "bill", "use"])
def test_what_changed_since_is_not_done(shop: Shop, meanwhile: str) -> None:
    ana = moved_in(shop, "24-01-01")
    shop.run("24-01-01")
    shop.use(ana, 7, "24-01-20")
    choice = of("Dear", 12)
    seen = look(shop, ana, choice, "24-02-01").preview.key
    if meanwhile == "price":
        dearer = replace(DEAR, rates={1: 4650, 12: 60000})
        shop.publish(Plan.objects.get(name="Dear"), dearer, on="24-02-01", at="24-01-02")
    elif meanwhile == "bill":
        shop.run("24-02-01")
    else:
        shop.use(ana, 1, "24-01-31")
    with pytest.raises(ChangedSinceSeen):
        do(shop, ana, choice, "24-02-01", seen)
    assert not Switch.objects.exists()
    again = look(shop, ana, choice, "24-02-01").preview.key
    assert do(shop, ana, choice, "24-02-01", again).state == SwitchState.DONE


def test_a_plan_that_is_not_on_signup_or_at_another_rate_is_refused(shop: Shop) -> None:
    ana = moved_in(shop, "24-01-01")
    shop.run("24-01-01")
    with pytest.raises(ChoiceNotOffered):
        look(shop, ana, of("Cheap", 3), "24-01-11")
    choice, dear = of("Dear"), Plan.objects.get(name="Dear")
    seen = look(shop, ana, choice, "24-01-11").preview.key
    save_words(
        dear, words=replace(words_of(dear), signup=False), by=shop.by, at=shop.at("24-01-11")
    )
    with pytest.raises(ChoiceNotOffered):
        do(shop, ana, choice, "24-01-11", seen)


def test_refusals_are_said_to_them(shop: Shop) -> None:
    ana = moved_in(shop, "24-01-01", paid_until="24-06-01")
    bo = shop.join(Plan.objects.get(name="Gold"), "24-05-01", who="Bo")
    shop.run("24-01-11")
    with pytest.raises(PaidElsewhereUntil, match="01 June 2024"):
        look(shop, ana, of("Dear"), "24-01-11")
    assert look(shop, ana, of("Dear", 1, NEXT_TERM), "24-01-11").next_bill_on == day("24-06-01")
    with pytest.raises(NotBegunYet, match="01 May 2024"):
        look(shop, bo, of("Dear"), "24-01-11")
    with pytest.raises(HasItAlready):
        look(shop, bo, of("Gold"), "24-05-02")
    shop.close(bo, "24-05-20", on="24-05-02")
    bo.refresh_from_db()
    with pytest.raises(LeavesBeforeThen):
        look(shop, bo, of("Dear"), "24-05-02")


def test_taking_back_means_the_one_that_was_shown(shop: Shop) -> None:
    ana = moved_in(shop, "24-01-01")
    shop.run("24-01-01")
    made = []
    for plan in ("Dear", "Cheap"):
        choice = of(plan, 1, NEXT_TERM)
        made.append(
            do(shop, ana, choice, "24-01-11", look(shop, ana, choice, "24-01-11").preview.key)
        )
    with pytest.raises(SwitchOver):
        take_back_choice(ana, switch_id=made[0].pk, at=shop.at("24-01-12"))
    take_back_choice(ana, switch_id=made[1].pk, at=shop.at("24-01-12"))
    assert not Switch.objects.filter(state=SwitchState.PENDING).exists()
    assert Event.objects.latest("id").by_name == "Ana"


def test_staying_after_all_counts_once(shop: Shop) -> None:
    ana = moved_in(shop, "24-01-01")
    shop.run("24-01-01")
    shop.close(ana, "24-01-20", on="24-01-02")
    for _ in range(2):
        stay_open(ana, at=shop.at("24-01-03"), on=day("24-01-03"))
    ana.refresh_from_db()
    assert ana.closes_on is None
    assert Event.objects.filter(act="subscription.stays").count() == 1
