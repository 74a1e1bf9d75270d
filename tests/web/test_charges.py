"""Charging by hand on the desk: once, in the operator's format, taken back until it is billed."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.domain.billing.models import Charge, LineKind
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.operators.models import Location, Operator, Role
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.models import SwitchTiming
from tests.web.desk_pages import Desk, page
from tests.web.renting import ONE_DAY, Today, bills_of, gold, say_yes

KEY = {"text": "A second key", "amount": "7.50", "taxable": "on"}


def charge(desk: Desk, today: Today, **changes: Any) -> Any:
    typed = {**KEY, "form_key": uuid4()} | changes
    its = today.rents()
    return desk.post("charge", its.pk, **{key: it for key, it in typed.items() if it is not None})


def test_it_goes_on_the_next_invoice_with_tax(today: Today) -> None:
    Location.objects.update(tax_percent="8.875")
    desk, its = Desk(today.house), today.rents()
    assert "Sales tax of 8.875% is added to the amount." in desk.text("charge", its.pk)
    assert charge(desk, today).status_code == 302
    text = desk.text("customer", its.customer_id)
    assert "Charged: A second key, $7.50. It goes on the invoice of" in text
    assert "waits for the next invoice" in text
    assert "charged by hand: A second key." in text
    today.bill(its.next_bill_on)
    lines = {it.kind: it for it in bills_of(its)[-1].lines.all()}
    assert lines[LineKind.CHARGE].amount_minor == 750
    assert lines[LineKind.TAX].amount_minor == 155, "8.875% of 9.99 and 7.50"
    assert "waits for the next invoice" not in desk.text("customer", its.customer_id)


def test_what_is_not_taxable_is_not_taxed(today: Today) -> None:
    Location.objects.update(tax_percent="10")
    charge(Desk(today.house), today, taxable=None)
    its = today.rents()
    today.bill(its.next_bill_on)
    lines = {it.kind: it.amount_minor for it in bills_of(its)[-1].lines.all()}
    assert (lines[LineKind.CHARGE], lines[LineKind.TAX]) == (750, 100)


def test_sent_twice_it_counts_once(today: Today) -> None:
    desk, key = Desk(today.house), uuid4()
    assert [charge(desk, today, form_key=key).status_code for _ in range(2)] == [302, 302]
    assert Charge.objects.count() == 1


def test_a_form_sent_again_with_something_else_asks(today: Today) -> None:
    desk, key = Desk(today.house), uuid4()
    charge(desk, today, form_key=key)
    answer = charge(desk, today, form_key=key, text="Another lock")
    text = page(answer, 422)
    assert "This form was sent before with something else, which was charged." in text
    assert "Another lock" in text
    again = answer.context["form"]["form_key"].value()
    assert charge(desk, today, form_key=again, text="Another lock").status_code == 302
    assert Charge.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"text": ""}, "text", "Say what is charged."),
        ({"text": "   "}, "text", "Say what is charged."),
        ({"text": "\x07key"}, None, "cannot be stored"),
        ({"text": "x" * 201}, "text", "at most 200 characters"),
        ({"amount": ""}, "amount", "Enter the amount."),
        ({"amount": "0"}, "amount", "Enter an amount above zero."),
        ({"amount": "-3"}, "amount", "cannot be below zero"),
        ({"amount": "7,50"}, "amount", "is not an amount of money"),
        ({"amount": "7.505"}, "amount", "more than 2 decimal places"),
        ({"amount": "10000000.01"}, "amount", "check the zeros"),
        ({"amount": "1e3"}, "amount", "is not an amount of money"),
    ],
)
def test_bad_input_stays_in_the_form(
    today: Today, typed: dict[str, str], field: str | None, said: str
) -> None:
    answer = charge(Desk(today.house), today, **typed)
    text = page(answer, 422)
    form = answer.context["form"]
    assert said in str(form.errors[field] if field else form.non_field_errors())
    for name in ("text", "amount"):
        assert form[name].value() == (KEY | typed)[name]
    assert "checked" in text
    assert not Charge.objects.exists()


@pytest.mark.parametrize(
    ("currency", "locale", "typed", "minor"),
    [
        ("EUR", "de_DE", "1.234,50", 123450),
        ("JPY", "ja_JP", "700", 700),
        ("KWD", "en_US", "1.234", 1234),
    ],
)
def test_amounts_are_typed_in_the_operators_format(
    today: Today, currency: str, locale: str, typed: str, minor: int
) -> None:
    Operator.objects.update(currency=currency, locale=locale)
    assert charge(Desk(today.house), today, amount=typed).status_code == 302
    assert Charge.objects.get().amount_minor == minor


def test_it_is_taken_back_until_it_is_billed(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    for text in ("A slip", "A key"):
        charge(desk, today, text=text)
    slip, key = Charge.objects.order_by("pk")
    assert desk.post("charge_take_back", slip.pk).status_code == 302
    text = desk.text("customer", its.customer_id)
    assert "Taken back: A slip." in text
    assert "took back what was charged by hand: A slip." in text
    today.bill(its.next_bill_on)
    assert bills_of(its)[-1].lines.get(kind=LineKind.CHARGE).charge == key
    desk.post("charge_take_back", key.pk)
    assert "This charge was billed on" in desk.text("customer", its.customer_id)
    key.refresh_from_db()
    assert key.taken_back_at is None


def test_one_who_has_left_can_still_be_charged(today: Today) -> None:
    desk, its = Desk(today.house), today.rents()
    say_yes(desk, "close", its, closes_on=today.on - ONE_DAY)
    today.bill(today.on + ONE_DAY)
    assert "it goes on an invoice of its own." in desk.text("charge", its.pk)
    assert charge(desk, today).status_code == 302
    due = today.rents().next_bill_on
    assert due is not None
    today.bill(due)
    assert Charge.objects.get().billed_on == due
    assert [it.lines.count() for it in bills_of(its)[-1:]] == [1]


def test_a_page_asks_no_more_for_more(today: Today) -> None:
    desk, ana, counts = Desk(today.house), today.house.customers["ana"], []
    for mailbox in Mailbox.objects.filter(state=MailboxState.AVAILABLE)[:3]:
        its = assign(
            ana,
            mailbox=mailbox,
            plan=today.house.bronze,
            months=1,
            starts_on=today.on,
            by=None,
            at=today.at,
        )
        say_yes(desk, "switch", its, **gold(today, SwitchTiming.NEXT_TERM))
        desk.post("charge", its.pk, **KEY, form_key=uuid4())
        desk.text("customer", ana.pk)
        with CaptureQueriesContext(connection) as queries:
            assert "Switches to Gold" in desk.text("customer", ana.pk)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


@pytest.mark.parametrize("role", [Role.CLERK, Role.VIEWER])
def test_who_may_charge(today: Today, role: Role) -> None:
    charge(Desk(today.house), today)
    desk, its = Desk(today.house, role), today.rents()
    assert desk.get("charge", its.pk).status_code == 403
    assert charge(desk, today).status_code == 403
    assert desk.post("charge_take_back", Charge.objects.get().pk).status_code == 403
    assert ("A second key" in desk.text("customer", its.customer_id)) == (role == Role.VIEWER)


def test_a_neighbours_charge_is_not_there(today: Today, make_house: Any) -> None:
    theirs = make_house("Neighbor Post").subscriptions["ana"].pk
    assert Desk(today.house).get("charge", theirs).status_code == 404
