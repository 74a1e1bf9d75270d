"""Price locks and pins for a group of a plan's customers: what they meant, and what it did."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.running import bill_operator
from postroom.domain.events.models import Event
from postroom.domain.plan_changes.groups import Group
from postroom.domain.plan_changes.protecting import (
    Counted,
    NobodyMeant,
    Protected,
    end_group,
    lock_group,
    pin_group,
    protected,
)
from postroom.domain.plans.actions import publish_version
from postroom.domain.subscriptions.models import Pin, PriceLock, Subscription, Term
from postroom.domain.subscriptions.protecting import ProtectionSaysNoReason, lock, pin
from postroom.domain.subscriptions.protecting_many import LockIsOver
from tests.conftest import AT, ON

UNTIL = ON + timedelta(days=300)
#: Ana and Bo rent by the month, Cy and Di for longer.
MONTHLY = Group(months=1)


def of(house: House) -> dict[str, object]:
    return {"reason": " Promised  ", "by": house.owner, "at": AT, "on": ON}


def test_a_lock_for_those_who_meet_the_filter(in_harbor: House) -> None:
    own = of(in_harbor)
    monthly = set(Subscription.objects.filter(months=1).values_list("pk", flat=True))
    counted = lock_group(in_harbor.bronze, MONTHLY, until=UNTIL, **own)
    assert counted == Counted(meant=len(monthly), done=len(monthly))
    locks = list(PriceLock.objects.all())
    assert {it.subscription_id for it in locks} == monthly
    said = {(it.until, it.reason, it.by, it.at) for it in locks}
    assert said == {(UNTIL, "Promised", in_harbor.owner, AT)}
    events = list(Event.objects.filter(act="subscription.locked"))
    assert {(it.subject_kind, it.subject_id) for it in events} == {
        ("subscription", it) for it in monthly
    }
    assert events[0].facts == {"until": UNTIL.isoformat(), "reason": "Promised"}
    assert (events[0].by_name, events[0].at) == (str(in_harbor.owner), AT)


def test_promised_twice_it_is_one(in_harbor: House) -> None:
    own = of(in_harbor)
    assert lock_group(in_harbor.bronze, MONTHLY, until=UNTIL, **own) == Counted(2, 2)
    again = lock_group(in_harbor.bronze, Group(), until=UNTIL, **own)
    assert (again.meant, again.done, again.as_before) == (4, 2, 2)
    assert PriceLock.objects.count() == again.meant
    assert Event.objects.filter(act="subscription.locked").count() == again.meant


def test_pins_leave_those_alone_who_are_pinned(in_harbor: House) -> None:
    ana, bo = in_harbor.subscriptions["ana"], in_harbor.subscriptions["bo"]
    pin(ana, reason="Before", by=None, at=AT)
    picked = Group(picks=frozenset({ana.pk, bo.pk}))
    assert pin_group(in_harbor.bronze, picked, **of(in_harbor)) == Counted(meant=2, done=1)
    reasons = dict(Pin.objects.values_list("subscription", "reason"))
    assert reasons == {ana.pk: "Before", bo.pk: "Promised"}


def test_ended_for_those_who_had_any(in_harbor: House) -> None:
    ana, bo = in_harbor.subscriptions["ana"], in_harbor.subscriptions["bo"]
    pin(ana, reason="One", by=None, at=AT)
    for it in (ana, bo):
        lock(it, until=UNTIL, reason="Two", by=None, at=AT)
    assert protected(in_harbor.bronze, Group(), on=ON) == Protected(4, locked=2, pinned=1)
    assert end_group(in_harbor.bronze, Group(), **of(in_harbor)) == Counted(meant=4, done=2)
    assert not PriceLock.objects.exists()
    assert not Pin.objects.exists()
    ended = Event.objects.filter(act="subscription.unprotected")
    assert set(ended.values_list("subject_id", flat=True)) == {ana.pk, bo.pk}


def test_those_of_a_location_or_version_alone(in_harbor: House) -> None:
    elsewhere = Group(locations=frozenset({in_harbor.locations[1].pk}))
    with pytest.raises(NobodyMeant):
        pin_group(in_harbor.bronze, elsewhere, **of(in_harbor))
    here = Group(locations=frozenset({in_harbor.locations[0].pk}), version=1_000_000)
    with pytest.raises(NobodyMeant):
        pin_group(in_harbor.bronze, here, **of(in_harbor))
    assert pin_group(in_harbor.bronze, replace(here, version=None), **of(in_harbor)).done == 4


def test_it_says_why_and_ends_ahead(in_harbor: House) -> None:
    own = of(in_harbor)
    with pytest.raises(ProtectionSaysNoReason):
        pin_group(in_harbor.bronze, MONTHLY, **own | {"reason": " "})
    with pytest.raises(LockIsOver):
        lock_group(in_harbor.bronze, MONTHLY, until=ON, **own)
    assert not Event.objects.filter(act__startswith="subscription.p").exists()


def test_a_pinned_group_keeps_its_terms_when_better_ones_come(in_harbor: House) -> None:
    """Bo's pin keeps even a lower rate away from them; Ana gets it."""
    days = {"sold_from": date(2026, 4, 1), "existing_from": date(2026, 4, 1)}
    cheaper = replace(BRONZE, rates={1: 899, 12: 9999})
    publish_version(in_harbor.bronze, terms=cheaper, **days, by=None, at=AT)
    bo = in_harbor.subscriptions["bo"]
    pin_group(in_harbor.bronze, Group(picks=frozenset({bo.pk})), **of(in_harbor))
    bill_operator(in_harbor.operator, at=AT)
    held = dict(Term.objects.order_by("seq").values_list("subscription", "version__number"))
    assert (held[bo.pk], held[in_harbor.subscriptions["ana"].pk]) == (1, 2)
