"""Switching a customer's plan on the desk: what is shown is what is billed."""

from datetime import timedelta
from typing import Any

import pytest

from postroom.demo.cast import House
from postroom.domain.billing.models import Charge, Invoice, LineKind, NumberSeries
from postroom.domain.billing.run import bill_due
from postroom.domain.billing.switching import preview_switch, switch
from postroom.domain.events.models import Event
from postroom.domain.operators.models import Location, Role
from postroom.domain.subscriptions.closing import close
from postroom.domain.subscriptions.models import (
    Pin,
    PriceLock,
    Subscription,
    Switch,
    SwitchTiming,
    Term,
)
from postroom.domain.subscriptions.protecting import lock, pin
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk, page
from tests.web.renting import (
    GOLD,
    Today,
    amounts,
    bills_of,
    gold,
    look,
    say_yes,
    shown_amounts,
    terms_of,
)

NOW, LATER = SwitchTiming.NOW, SwitchTiming.NEXT_TERM


def not_on_billing_day(today: Today) -> str:
    """Will name somebody whose billing day is not today."""
    return "bo" if today.on.day == today.rents("ana").billing_day else "ana"


def test_the_choice_is_at_the_next_renewal_unless_said(today: Today) -> None:
    answer = Desk(today.house).get("switch", today.rents().pk)
    text = page(answer)
    assert answer.context["form"]["timing"].value() == LATER
    assert answer.context["renews_on"] == today.rents().next_term_on
    assert "Gold, $19.99 a month" in text
    assert "Bronze, $9.99 a month (what they have)" in text


def test_now_is_billed_as_it_was_shown(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    before, whole = bills_of(its), terms_of(its)[-1]
    unused, days = (whole.ends_on - today.on).days, (whole.ends_on - whole.starts_on).days
    shown = say_yes(desk, "switch", its, **gold(today, NOW))
    written = bills_of(its)[len(before) :]
    assert shown_amounts(shown.bills) == amounts(written)
    kinds = dict(written[0].lines.values_list("kind", "amount_minor"))
    assert kinds[LineKind.CREDIT] == -int(999 * unused / days + 0.5)
    assert kinds[LineKind.RATE] == int(1999 * unused / days + 0.5)
    *_, old, new = terms_of(its)
    assert (old.ends_on, new.starts_on, new.ends_on) == (today.on, today.on, whole.ends_on)
    assert today.rents().plan == today.gold
    assert today.rents().next_term_on == shown.renews_on


def test_the_message_leads_to_the_invoice(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    say_yes(desk, "switch", its, **gold(today, NOW))
    text = desk.text("customer", its.customer_id)
    number = bills_of(its)[-1].number
    assert f'Switched to Gold. <a href="{desk.url("invoice", number)}">' in text
    assert "switched the customer to Gold, monthly, at once." in text


def test_amounts_of_a_known_day(in_harbor: House) -> None:
    Location.objects.update(tax_percent="8.875")
    its = in_harbor.subscriptions["ana"]
    bill_due(in_harbor.operator, on=ON, at=AT)
    silver = Today(in_harbor, AT, ON, in_harbor.bronze).sell("Silver", GOLD)
    acts: dict[str, Any] = {"by": None, "at": AT, "on": ON}
    shown = preview_switch(its, plan=silver, months=1, timing=NOW, **acts)
    [bill] = shown.bills
    assert {line.sentence: line.amount_minor for line in bill.lines} == {
        "Silver, 16 of 30 days at $19.99 a month: Jun 15 – 30, 2026.": 1066,
        "Bronze, not used: 16 of 30 days at $9.99 a month: Jun 15 – 30, 2026.": -533,
        "Sales tax 8.875% on $5.33.": 47,
    }
    made = switch(its, plan=silver, months=1, timing=NOW, **acts, seen=shown.key)
    assert Invoice.objects.get(switch=made).total_minor == bill.total_minor == 580


def test_another_length_of_term_moves_the_month(today: Today) -> None:
    who = not_on_billing_day(today)
    desk, its = Desk(today.house), today.rents(who)
    answer = look(desk, "switch", its, **gold(today, NOW, 12))
    assert f"the billing day moves from {its.billing_day} to {today.on.day}" in page(answer)
    shown = say_yes(desk, "switch", its, **gold(today, NOW, 12))
    its = today.rents(who)
    assert (its.billing_day, its.month_starts_on, its.months) == (today.on.day, today.on, 12)
    assert its.next_term_on == shown.renews_on == terms_of(its)[-1].ends_on
    assert (its.next_term_on - today.on).days in {365, 366}


def test_looking_writes_nothing(today: Today) -> None:
    tables = (Invoice, Term, Event, Switch, Pin, PriceLock, Charge)
    its, before = today.rents(), [it.objects.count() for it in tables]
    last = NumberSeries.objects.get().last_number
    for timing in SwitchTiming:
        look(Desk(today.house), "switch", its, **gold(today, timing))
    assert [it.objects.count() for it in tables] == before
    assert NumberSeries.objects.get().last_number == last
    assert Subscription.objects.filter(pk=its.pk).values().get() == {
        field.attname: getattr(its, field.attname) for field in its._meta.concrete_fields
    }


def test_at_the_next_renewal_nothing_is_billed_now(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    before = len(bills_of(its))
    shown = say_yes(desk, "switch", its, **gold(today, LATER))
    assert shown.bills == ()
    assert len(bills_of(its)) == before
    assert "Switches to Gold on" in desk.text("customer", its.customer_id)
    assert "$19.99 a month, on" in desk.text("customer", its.customer_id)
    today.bill(shown.starts_on)
    term = terms_of(its)[-1]
    assert (term.starts_on, term.ends_on) == (shown.starts_on, shown.renews_on)
    assert term.version.plan == today.gold
    rate = bills_of(its)[-1].lines.get(kind=LineKind.RATE)
    assert rate.amount_minor == shown.rate_minor == 1999
    assert "Switches to" not in desk.text("customer", its.customer_id)


@pytest.mark.parametrize(
    ("who", "typed", "field", "said"),
    [
        ("ana", {"plan": ""}, "plan", "Choose a plan."),
        ("ana", {"plan": "0:1"}, "plan", "is not offered here any more"),
        ("ana", {"timing": "yesterday"}, "timing", "Select a valid choice"),
        ("ana", {"timing": ""}, "timing", "Choose when it starts."),
        ("di", {}, "timing", "they have paid elsewhere"),
    ],
)
def test_a_refusal_is_at_its_field(
    today: Today, who: str, typed: dict[str, str], field: str, said: str
) -> None:
    desk, sent = Desk(today.house), gold(today, NOW) | typed
    for ask in (desk.get, desk.post):
        answer = ask("switch", today.rents(who).pk, **sent)
        text = page(answer, 422)
        assert said in str(answer.context["form"].errors[field])
        assert sent["plan"] in {"", "0:1"} or f'value="{sent["plan"]}" selected' in text
    assert not Switch.objects.exists()


def test_what_protects_him_ends_with_it(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    protected: dict[str, Any] = {"by": today.house.owner, "at": today.at}
    lock(its, until=today.on + timedelta(days=90), reason="Promised", **protected)
    pin(its, reason="Friend of the house", **protected)
    text = desk.text("customer", its.customer_id)
    assert "no worse terms for a term that starts before" in text
    assert "Friend of the house" in text
    assert "pinned the customer to the terms they have: Friend of the house." in text
    text = page(look(desk, "switch", its, **gold(today, NOW)))
    assert "The price lock until" in text
    assert "They are no longer pinned" in text
    say_yes(desk, "switch", its, **gold(today, NOW))
    assert not Pin.objects.exists() and not PriceLock.objects.exists()


def test_leaving_before_the_renewal_is_said(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    close(its, closes_on=today.on, **today.acts)
    text = page(look(desk, "switch", its, **gold(today, LATER)))
    assert "before that: the switch would never come." in text


@pytest.mark.parametrize("role", [Role.CLERK, Role.VIEWER])
def test_who_may_switch(today: Today, role: Role) -> None:
    its = today.rents()
    say_yes(Desk(today.house), "switch", its, **gold(today, LATER))
    desk = Desk(today.house, role)
    assert desk.get("switch", its.pk).status_code == 403
    assert desk.post("switch", its.pk, **gold(today, NOW), seen="x").status_code == 403
    assert desk.post("switch_take_back", Switch.objects.get().pk).status_code == 403
    text = desk.text("customer", its.customer_id)
    sees = role == Role.VIEWER
    assert [words in text for words in ("Gold", "$", "Next bill")] == [sees] * 3
    assert "Take back" not in text


def test_a_neighbours_switch_is_not_there(today: Today, make_house: Any) -> None:
    theirs = make_house("Neighbor Post").subscriptions["ana"].pk
    assert Desk(today.house).get("switch", theirs).status_code == 404
