"""Adjusting an invoice on the desk: what is shown first is what is issued."""

from typing import Any
from uuid import uuid4

import pytest

from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice, InvoiceLine
from postroom.domain.billing.run import bill_due
from postroom.domain.operators.models import Location, Operator, Role
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk, page
from tests.web.paying import left, of, paid, words


@pytest.fixture
def house(in_harbor: House) -> House:
    Location.objects.update(tax_percent="8.875")
    bill_due(in_harbor.operator, on=ON, at=AT)
    return in_harbor


def adjust(desk: Desk, number: int, **changes: Any) -> Any:
    usual = {"what": "credit", "amount": "1.00", "reason": "The scanner was down"}
    return desk.post("adjust", number, **{"form_key": uuid4()} | usual | changes)


def test_a_credit_is_shown_and_issued(house: House) -> None:
    desk, first = Desk(house), of(house)[0]
    text = words(page(adjust(desk, first.number)))
    assert "The scanner was down -$1.00 Sales tax 8.875% -$0.09 Total -$1.09" in text
    assert f"$1.09 of it pays what is left of invoice {first.number}." in text
    assert not Invoice.objects.filter(adjusts=first).exists()
    answer = adjust(desk, first.number, sure="on")
    note = Invoice.objects.get(adjusts=first)
    assert answer.url == desk.url("invoice", note.number)
    assert (note.total_minor, left(house)[0]) == (-109, 1088 - 109)
    assert InvoiceLine.objects.filter(invoice=note, text="The scanner was down").exists()
    assert f"Adjusts invoice {first.number}" in words(desk.text("invoice", note.number))
    assert f"Adjusted by credit note {note.number}" in words(desk.text("invoice", first.number))


def test_what_is_not_owed_any_more_stays_in_their_favour(house: House) -> None:
    desk, first = Desk(house), of(house)[0]
    paid(house, 1000)
    text = words(page(adjust(desk, first.number, amount="2")))
    assert f"$0.88 of it pays what is left of invoice {first.number}." in text
    assert "$1.30 stays in the customer’s favour" in text
    adjust(desk, first.number, amount="2", sure="on")
    note = Invoice.objects.get(adjusts=first)
    text = words(desk.text("invoice", note.number))
    assert "Left for later invoices $1.30" in text
    assert "Credit left" in text


def test_more_is_charged(house: House) -> None:
    desk, first = Desk(house), of(house)[0]
    text = words(page(adjust(desk, first.number, what="charge", amount="10")))
    assert "Total $10.89" in text
    assert "$10.89 is left for the customer to pay." in text
    adjust(desk, first.number, what="charge", amount="10", sure="on")
    assert Invoice.objects.get(adjusts=first).total_minor == 1089


def test_a_credit_note_pays_what_is_chosen(house: House) -> None:
    desk, (first, second, *_) = Desk(house), of(house)
    paid(house, 1088)
    adjust(desk, first.number, amount="5", sure="on")
    note = Invoice.objects.get(adjusts=first)
    assert "There is $5.44 to put towards invoices." in words(desk.text("credit_pays", note.number))
    answer = desk.post("credit_pays", note.number, **{f"invoice_{second.pk}": "5"})
    assert answer.url == desk.url("invoice", note.number)
    assert left(house)[:2] == [0, 588]
    assert desk.get("credit_pays", first.number).url == desk.url("invoice", first.number)


@pytest.mark.parametrize("sure", ["", "on"])
@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"amount": ""}, "amount", "Enter the amount."),
        ({"amount": "0"}, "amount", "Enter an amount above zero."),
        ({"amount": "10"}, "amount", "That would come to $10.89, and the invoice to $10.88"),
        ({"amount": "1,5"}, "amount", "is not an amount of money"),
        ({"reason": ""}, "reason", "Say why."),
        ({"reason": "x" * 201}, "reason", "at most 200 characters"),
        ({"what": "gift"}, "what", "Select a valid choice"),
    ],
)
def test_what_is_refused_stays_in_the_form(
    house: House, changes: dict[str, str], field: str, said: str, sure: str
) -> None:
    answer = adjust(Desk(house), of(house)[0].number, sure=sure, **changes)
    page(answer, 422)
    form = answer.context["form"]
    assert said in str(form.errors[field])
    expected = {"amount": "1.00", "reason": "The scanner was down"} | changes
    assert (form["amount"].value(), form["reason"].value()) == (
        expected["amount"],
        expected["reason"],
    )
    assert not Invoice.objects.filter(adjusts__isnull=False).exists()


def test_it_can_be_changed_before_it_is_issued(house: House) -> None:
    answer = adjust(Desk(house), of(house)[0].number, sure="on", edit="1")
    assert "Nothing is changed yet." in page(answer)
    assert answer.context["form"]["reason"].value() == "The scanner was down"
    assert not Invoice.objects.filter(adjusts__isnull=False).exists()


def test_sent_twice_it_is_issued_once(house: House) -> None:
    desk, key, number = Desk(house), uuid4(), of(house)[0].number
    urls = {adjust(desk, number, form_key=key, sure="on").url for _ in range(2)}
    assert len(urls) == 1
    answer = adjust(desk, number, form_key=key, sure="on", amount="2")
    assert "sent before with something else" in page(answer, 422)
    assert Invoice.objects.filter(adjusts__isnull=False).count() == 1


def test_an_adjustment_leads_to_what_it_adjusts(house: House) -> None:
    desk, first = Desk(house), of(house)[0]
    adjust(desk, first.number, sure="on")
    note = Invoice.objects.get(adjusts=first)
    assert desk.get("adjust", note.number).url == desk.url("invoice", first.number)
    assert desk.url("adjust", note.number) not in desk.text("invoice", note.number)
    text = words(desk.text("customer", house.customers["ana"].pk))
    assert f"adjusted invoice {first.number} on document {note.number}" in text
    assert f"Invoice {first.number} of Ana Alvarez" in words(desk.text("dashboard"))


def test_it_is_typed_in_the_operators_format(house: House) -> None:
    Operator.objects.update(currency="EUR", locale="nl_NL")
    adjust(Desk(house), of(house)[0].number, amount="1,00", sure="on")
    assert Invoice.objects.get(adjusts__isnull=False).subtotal_minor == -100


@pytest.mark.parametrize("role", [Role.CLERK, Role.VIEWER])
def test_who_may_adjust(house: House, role: Role) -> None:
    desk, number = Desk(house, role), of(house)[0].number
    assert desk.get("adjust", number).status_code == 403
    assert adjust(desk, number, sure="on").status_code == 403
    if role == Role.VIEWER:
        assert desk.url("adjust", number) not in desk.text("invoice", number)
