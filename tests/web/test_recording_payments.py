"""Recording payments on the desk: once, in the operator's format, towards what is chosen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import Payment
from postroom.domain.operators.models import Operator, Role
from tests.web.desk_pages import Desk, page
from tests.web.paying import billed, left, of, paid, parts, record, words


@pytest.fixture
def house(in_harbor: House) -> House:
    return billed(in_harbor)


def test_the_oldest_are_paid_first(house: House) -> None:
    desk = Desk(house)
    answer = record(desk, amount="25.00")
    payment = Payment.objects.get()
    assert answer.url == desk.url("payment", payment.pk)
    text = words(desk.text("payment", payment.pk))
    assert "Recorded: $25.00 from Ana Alvarez, Jun 12, 2026. Their balance: owes $34.94." in text
    second = of(house)[1].number
    assert f"Invoice 1 Jan 1, 2026 $9.99 Invoice {second} Feb 1, 2026 $9.99" in text
    assert left(house) == [0, 0, 497, 999, 999, 999]
    assert (payment.entered_by, payment.reference) == (desk.user, "1044")


def test_the_amounts_are_chosen(house: House) -> None:
    _, second, third, *_ = of(house)
    amounts = parts({second: "9.99", third: "5"})
    assert record(Desk(house), amount="20", which="chosen", **amounts).status_code == 302
    assert left(house) == [999, 0, 499, 999, 999, 999]
    assert "Left on account" in Desk(house).text("payment", Payment.objects.get().pk)


def test_it_stays_on_account(house: House) -> None:
    record(Desk(house), amount="20", which="none")
    assert left(house) == [999] * 6
    text = words(Desk(house).text("customer", house.customers["ana"].pk))
    assert "Owes $39.94" in text
    assert "$59.94 owed, $20.00 not used yet." in text


def test_who_owes_nothing_pays_ahead(house: House) -> None:
    desk, cy = Desk(house), house.customers["cy"]
    paid(house, 10999, "cy")
    assert "it stays on account and pays the next invoices" in desk.text("payment_new", cy.pk)
    assert record(desk, "cy", which=None).status_code == 302
    assert "$10.00 in their favour" in desk.text("customer", cy.pk)


def test_from_an_invoice_it_begins_with_what_is_left(house: House) -> None:
    third, desk = of(house)[2], Desk(house)
    paid(house, 2500)
    assert f"?invoice={third.number}" in desk.text("invoice", third.number)
    shown = desk.get("payment_new", house.customers["ana"].pk, invoice=third.number).context
    assert (shown["form"]["amount"].value(), shown["form"]["which"].value()) == ("4.97", "chosen")
    assert shown["amounts"][f"invoice_{third.pk}"].value() == "4.97"
    others = desk.get("payment_new", house.customers["ana"].pk, invoice="nonsense").context
    assert others["form"]["amount"].value() is None


def test_sent_twice_it_is_recorded_once(house: House) -> None:
    desk, key = Desk(house), uuid4()
    answers = [record(desk, form_key=key) for _ in range(2)]
    assert {it.url for it in answers} == {desk.url("payment", Payment.objects.get().pk)}


def test_sent_again_with_something_else_it_asks(house: House) -> None:
    desk, key = Desk(house), uuid4()
    record(desk, form_key=key)
    answer = record(desk, form_key=key, amount="11")
    assert "This form was sent before with something else, which was recorded." in page(answer, 422)
    again = answer.context["form"]["form_key"].value()
    assert record(desk, form_key=again, amount="11").status_code == 302
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"amount": ""}, "amount", "Enter the amount."),
        ({"amount": "0"}, "amount", "Enter an amount above zero."),
        ({"amount": "-3"}, "amount", "cannot be below zero"),
        ({"amount": "9,99"}, "amount", "is not an amount of money"),
        ({"amount": "9.999"}, "amount", "more than 2 decimal places"),
        ({"amount": "10000000.01"}, "amount", "check the zeros"),
        ({"received_on": "tomorrow"}, "received_on", "Enter a day such as"),
        ({"received_on": "2190-01-01"}, "received_on", "lies ahead"),
        ({"method": "shells"}, "method", "Select a valid choice"),
        ({"method": None}, "method", "Choose how it was paid."),
        ({"which": None}, "which", "Choose what it pays."),
        ({"which": "chosen"}, "which", "Enter an amount at one invoice or more"),
        ({"reference": "x" * 61}, "reference", "at most 60 characters"),
        ({"reference": "\x07"}, None, "cannot be stored"),
    ],
)
def test_what_is_refused_stays_in_the_form(
    house: House, changes: dict[str, Any], field: str | None, said: str
) -> None:
    answer = record(Desk(house), **changes)
    page(answer, 422)
    form = answer.context["form"]
    assert said in str(form.errors[field] if field else form.non_field_errors())
    expected = {"amount": "10.00", "reference": "1044", "received_on": "2026-06-12"} | changes
    for name in ("amount", "reference", "received_on"):
        assert form[name].value() == expected[name]
    assert not Payment.objects.exists()


def test_amounts_that_do_not_fit_stay_too(house: House) -> None:
    first, second, *_ = of(house)
    for amounts, said in [
        ({first: "10.50"}, "Invoice 1 has $9.99 left to pay."),
        ({first: "9.99", second: "5.02"}, "Together that is $15.01, and there is $15.00"),
        ({first: "x"}, "is not an amount of money"),
    ]:
        answer = record(Desk(house), amount="15", which="chosen", **parts(amounts))
        assert said in words(page(answer, 422)).replace("&#x27;", "'")
        assert answer.context["amounts"][f"invoice_{first.pk}"].value() == amounts[first]
    assert left(house) == [999] * 6
    assert not Payment.objects.exists()


def test_amounts_that_nobody_chose_are_asked_about(house: House) -> None:
    answer = record(Desk(house), amount="10", **parts({of(house)[0]: "5"}))
    assert "choose “The amounts below”, or clear them" in page(answer, 422)


@pytest.mark.parametrize(
    ("currency", "locale", "typed", "minor"),
    [("EUR", "nl_NL", "9,99", 999), ("EUR", "de_DE", "1.234,50", 123450), ("JPY", "ja_JP", "7", 7)],
)
def test_amounts_are_typed_in_the_operators_format(
    house: House, currency: str, locale: str, typed: str, minor: int
) -> None:
    Operator.objects.update(currency=currency, locale=locale)
    assert record(Desk(house), amount=typed).status_code == 302
    assert Payment.objects.get().amount_minor == minor


def test_whose_it_is_is_found_first(house: House) -> None:
    desk = Desk(house)
    assert "Type part of a name" in desk.text("payment_whose")
    text = desk.text("payment_whose", q="berg")
    assert desk.url("payment_new", house.customers["bo"].pk) in text
    assert "owes $59.94" in text
    assert "No customers match" in desk.text("payment_whose", q="nobody at all")


@pytest.mark.parametrize("role", [Role.CLERK, Role.VIEWER])
def test_who_may_record(house: House, role: Role) -> None:
    payment, desk = paid(house, 1000), Desk(house, role)
    ana = house.customers["ana"].pk
    for name, pk in [("payment_new", ana), ("payment_pays", payment.pk), ("pay_back", ana)]:
        assert desk.get(name, pk).status_code == 403
    assert record(desk).status_code == 403
    sees = role == Role.VIEWER
    assert desk.get("payment", payment.pk).status_code == (200 if sees else 403)
    assert ("recorded a payment" in desk.text("customer", ana)) == sees
    assert "Record a payment" not in desk.text("customer", ana)


def test_a_neighbours_customer_is_not_there(house: House, make_house: Callable[..., House]) -> None:
    neighbour = make_house("Neighbor Post")
    assert record(Desk(house), amount="1").status_code == 302
    theirs = neighbour.customers["ana"].pk
    assert Desk(house).get("payment_new", theirs).status_code == 404
    with as_operator(neighbour.operator.pk):
        assert not Payment.objects.exists()


def test_it_is_received_today_unless_said_otherwise(house: House) -> None:
    shown = Desk(house).get("payment_new", house.customers["ana"].pk).context
    assert shown["form"]["received_on"].value() == shown["request"].on.isoformat()
    tomorrow = shown["request"].on + timedelta(days=1)
    assert "lies ahead" in page(record(Desk(house), received_on=tomorrow), 422)
