"""What happens between the choice of another plan and its first day."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from postroom.domain.billing.charges import enter_charge
from postroom.domain.billing.models import Charge, Invoice
from postroom.domain.billing.switching import switch
from postroom.domain.events.models import Event
from postroom.domain.plan_changes.answers import grandfather
from postroom.domain.plans.actions import keep_draft, publish_version
from postroom.domain.subscriptions.closing import close
from postroom.domain.subscriptions.models import (
    Switch,
    SwitchState,
    SwitchTiming,
)
from tests.web.desk_pages import Desk, page
from tests.web.renting import (
    GOLD,
    ONE_DAY,
    Today,
    gold,
    look,
    say_yes,
)

NOW, LATER = SwitchTiming.NOW, SwitchTiming.NEXT_TERM


def test_it_is_taken_back_once(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    say_yes(desk, "switch", its, **gold(today, LATER))
    waiting = Switch.objects.get()
    assert desk.post("switch_take_back", waiting.pk).status_code == 302
    assert Switch.objects.get().state == SwitchState.REPLACED
    text = desk.text("customer", its.customer_id)
    assert "The switch to Gold is taken back." in text
    assert "took the switch to Gold back." in text
    desk.post("switch_take_back", waiting.pk)
    assert "This switch does not wait any more." in desk.text("customer", its.customer_id)


def test_another_choice_takes_its_place(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    say_yes(desk, "switch", its, **gold(today, LATER))
    assert "A switch to Gold waits for it" in desk.text("switch", its.pk)
    answer = look(desk, "switch", its, **gold(today, LATER, 12))
    assert "The switch to Gold that waits is dropped." in page(answer)
    say_yes(desk, "switch", its, **gold(today, LATER, 12))
    assert Switch.objects.get(state=SwitchState.PENDING).months == 12


@pytest.mark.parametrize("timing", [NOW, LATER])
def test_a_double_click_switches_once(today: Today, timing: SwitchTiming) -> None:
    desk, its = Desk(today.house), today.rents()
    seen = look(desk, "switch", its, **gold(today, timing)).context["preview"].key
    for _ in range(2):
        answer = desk.post("switch", its.pk, **gold(today, timing), seen=seen)
        assert answer.status_code == 302
    assert Switch.objects.count() == 1
    assert Event.objects.filter(act="subscription.switched").count() == 1
    assert Invoice.objects.filter(switch__isnull=False).count() == (timing == NOW)


def test_what_changed_since_is_shown_before_it_is_billed(today: Today) -> None:
    desk, its, chosen = Desk(today.house), today.rents(), gold(today, NOW)
    seen = look(desk, "switch", its, **chosen).context["preview"].key
    charged: dict[str, Any] = {"text": "A key", "amount_minor": 700, "taxable": False}
    enter_charge(its, **charged, form=uuid4(), **today.acts)
    answer = desk.post("switch", its.pk, **chosen, seen=seen)
    text = page(answer, 409)
    assert "Something has changed since you looked." in text
    assert "A key" in text
    assert not Switch.objects.exists()
    again = answer.context["preview"].key
    assert desk.post("switch", its.pk, **chosen, seen=again).status_code == 302
    assert Charge.objects.get().billed_on == today.on


def test_switched_elsewhere_meanwhile(today: Today) -> None:
    desk, its, chosen = Desk(today.house), today.rents(), gold(today, NOW)
    seen = look(desk, "switch", its, **chosen).context["preview"].key
    switch(its, plan=today.gold, months=1, timing=NOW, by=None, at=today.at, on=today.on)
    text = page(desk.post("switch", its.pk, **chosen, seen=seen), 422)
    assert "They have “Gold” for 1 months with these terms already." in text
    assert Switch.objects.count() == 1


def test_closed_meanwhile(today: Today) -> None:
    desk, its, chosen = Desk(today.house), today.rents(), gold(today, NOW)
    seen = look(desk, "switch", its, **chosen).context["preview"].key
    close(its, closes_on=today.on - ONE_DAY, **today.acts)
    answer = desk.post("switch", its.pk, **chosen, seen=seen)
    page(answer, 422)
    assert "is not open on" in str(answer.context["form"].non_field_errors())
    assert "The last day used has passed." in desk.text("switch", its.pk)


def test_a_plan_that_is_not_sold_so_by_then_is_flagged(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    say_yes(desk, "switch", its, **gold(today, LATER))
    starts = its.next_term_on
    yearly = replace(GOLD, rates={12: 19900})
    facts: dict[str, Any] = {"existing_from": None, "by": None, "at": today.at}
    publish_version(today.gold, terms=yearly, sold_from=starts, **facts)
    assert "not sold so on that day" in desk.text("customer", its.customer_id)
    answer = desk.get("switch", its.pk, **gold(today, LATER))
    assert "has no rate for a term of 1 months" in str(answer.context["form"].errors["plan"])
    today.bill(starts)
    assert Switch.objects.get().state == SwitchState.LAPSED
    assert today.rents().plan == today.house.bronze


def test_a_switch_follows_the_name(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    say_yes(desk, "switch", its, **gold(today, LATER))
    by = today.house.owner
    dearer = replace(GOLD, rates={1: 2499})
    draft = keep_draft(today.gold, terms=dearer, changed_from=1, reason="", by=by, at=today.at)
    grandfather(draft, legacy_name="Gold Legacy", by=by, at=today.at, on=today.on + ONE_DAY)
    text = desk.text("customer", its.customer_id)
    assert "Switches to Gold</strong>" in text
    assert "$24.99 a month, on" in text
