"""Payments on the desk: listed, changed, taken back and paid back."""

import csv
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.demo.cast import House
from postroom.domain.billing.models import Method, Payment
from postroom.domain.billing.payments import in_favour_of
from tests.web.desk_pages import Desk, page
from tests.web.paying import billed, left, of, paid, parts, words


@pytest.fixture
def house(in_harbor: House) -> House:
    return billed(in_harbor)


def take_back(desk: Desk, payment: Payment, **changes: Any) -> Any:
    typed = {"reason": "The check bounced", "form_key": uuid4()} | changes
    return desk.post("payment_take_back", payment.pk, **typed)


def pay_back(desk: Desk, who: str = "ana", **changes: Any) -> Any:
    usual = {"method": "transfer", "amount": "4.00", "paid_on": "2026-06-14", "reference": ""}
    typed = usual | {"reason": "Left town", "form_key": uuid4()} | changes
    return desk.post("pay_back", desk.house.customers[who].pk, **typed)


def test_the_list_adds_up_what_it_shows(house: House) -> None:
    paid(house, 1000, reference="1044")
    paid(house, 2500, "bo", method=Method.CASH)
    text = words(Desk(house).text("payments"))
    assert "Cash $25.00 Check $10.00 Together $35.00" in text
    assert "Jun 12, 2026 Ana Alvarez Check 1044 Check 1044 $10.00" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "ana"}, 1),
        ({"q": "44"}, 1),
        ({"q": "nobody"}, 0),
        ({"method": "cash"}, 1),
        ({"since": "2026-06-12", "until": "2026-06-12"}, 2),
        ({"since": "2026-06-13"}, 0),
        ({"method": "shells", "since": "x", "page": "99", "sort": "colour"}, 2),
    ],
)
def test_payments_are_searched_and_filtered(
    house: House, query: dict[str, str], found: int
) -> None:
    paid(house, 1000, reference="1044")
    paid(house, 2500, "bo", method=Method.CASH)
    context = Desk(house).get("payments", **query).context
    assert (context["count"], len(context["table"].page)) == (found, found)


def test_the_payments_of_a_customer(house: House) -> None:
    paid(house, 1000)
    paid(house, 2500, "bo")
    context = Desk(house).get("payments", customer=house.customers["bo"].pk).context
    assert (context["count"], context["total_minor"]) == (1, 2500)


def test_without_payments_the_list_says_so(house: House) -> None:
    assert "No payments yet" in Desk(house).text("payments")
    assert "No payments match" in Desk(house).text("payments", q="ana")


def test_the_table_to_take_away(house: House) -> None:
    bounced = paid(house, 1000, reference="=1+1")
    take_back(Desk(house), bounced)
    answer = Desk(house).get("payments_csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    header, first, second = csv.reader(lines)
    said = [dict(zip(header, row, strict=True)) for row in (first, second)]
    assert [it["amount"] for it in said] == ["10.00", "-10.00"]
    assert [it["kind"] for it in said] == ["payment", "payment taken back"]
    assert said[0]["reference"] == "'=1+1"
    assert said[0]["taken_back_on"] != ""
    assert said[1]["reason"] == "The check bounced"


def test_what_it_pays_is_changed(house: House) -> None:
    payment, desk = paid(house, 1500), Desk(house)
    first, *_, last = of(house)
    shown = desk.get("payment_pays", payment.pk).context["form"]
    assert shown[f"invoice_{first.pk}"].value() == "9.99"
    answer = desk.post("payment_pays", payment.pk, **parts({last: "9.99", first: "4"}))
    assert answer.url == desk.url("payment", payment.pk)
    assert left(house) == [599, 999, 999, 999, 999, 0]
    assert "Changed. $1.01 of it is left." in desk.text("payment", payment.pk)


def test_more_than_there_is_cannot_be_put(house: House) -> None:
    payment, desk, first = paid(house, 500), Desk(house), of(house)[0]
    for amount, said in [
        ("5.01", "Together that is $5.01, and there is $5.00"),
        ("10", "Together that is $10.00"),
        ("x", "is not an amount of money"),
    ]:
        answer = desk.post("payment_pays", payment.pk, **parts({first: amount}))
        assert said in page(answer, 422)
        assert answer.context["form"][f"invoice_{first.pk}"].value() == amount
    assert left(house)[0] == 499


def test_a_bounced_check_opens_its_invoices_again(house: House) -> None:
    payment, desk = paid(house, 1500), Desk(house)
    text = words(desk.text("payment_take_back", payment.pk))
    second = of(house)[1]
    assert f"Invoice 1 of Jan 1, 2026, with $9.99 {second} of Feb 1, 2026, with $5.01" in text
    assert take_back(desk, payment).url == desk.url("payment", payment.pk)
    assert left(house) == [999] * 6
    text = words(desk.text("payment", payment.pk))
    assert "Taken back: $15.00 from Ana Alvarez. Their balance: owes $59.94." in text
    assert "The check bounced" in text
    assert desk.url("payment_take_back", payment.pk) not in desk.text("payment", payment.pk)
    taken = Payment.objects.get(takes_back=payment)
    assert "What it takes back" in desk.text("payment", taken.pk)
    assert desk.get("payment_take_back", taken.pk).status_code == 404


def test_taking_back_takes_a_reason_and_happens_once(house: House) -> None:
    payment, desk, key = paid(house, 1500), Desk(house), uuid4()
    assert "Say why." in page(take_back(desk, payment, reason=" "), 422)
    assert not Payment.objects.filter(takes_back=payment).exists()
    assert [take_back(desk, payment, form_key=key).status_code for _ in range(2)] == [302, 302]
    assert take_back(desk, payment).status_code == 302
    assert "was taken back on" in desk.text("payment", payment.pk)
    assert Payment.objects.filter(takes_back=payment).count() == 1


def test_what_is_in_favour_is_paid_back(house: House) -> None:
    payment, desk = paid(house, 6494), Desk(house)
    ana = house.customers["ana"]
    shown = desk.get("pay_back", ana.pk)
    assert shown.context["form"]["amount"].value() == "5.00"
    refund_url = pay_back(desk).url
    refund = Payment.objects.get(amount_minor__lt=0)
    assert refund_url == desk.url("payment", refund.pk)
    assert in_favour_of(ana) == 100
    assert "Refund of $4.00" in desk.text("payment", refund.pk)
    assert "Refund" in desk.text("payment", payment.pk)
    assert desk.url("payment_take_back", payment.pk) not in desk.text("payment", payment.pk)
    assert "$4.00 of this payment was paid back" in page(take_back(desk, payment), 422)


def test_no_more_is_paid_back_than_there_is(house: House) -> None:
    desk = Desk(house)
    paid(house, 6494)
    for changes, said in [
        ({"amount": "5.01"}, "$5.00 is in the customer&#x27;s favour"),
        ({"amount": "0"}, "Enter an amount above zero."),
        ({"reason": " "}, "Say why it is paid back."),
        ({"paid_on": "2190-01-01"}, "lies ahead"),
    ]:
        answer = pay_back(desk, **changes)
        assert said in page(answer, 422)
        assert answer.context["form"]["amount"].value() == changes.get("amount", "4.00")
    assert in_favour_of(house.customers["ana"]) == 500
    assert "Nothing to pay back" in desk.text("pay_back", house.customers["bo"].pk)


def test_a_refund_is_recorded_once(house: House) -> None:
    desk, key = Desk(house), uuid4()
    paid(house, 6494)
    assert [pay_back(desk, form_key=key).status_code for _ in range(2)] == [302, 302]
    answer = pay_back(desk, form_key=key, amount="0.50")
    assert "sent before with something else" in page(answer, 422)
    assert Payment.objects.filter(amount_minor__lt=0).count() == 1


def test_a_page_asks_no_more_for_more(house: House) -> None:
    desk, counts = Desk(house), []
    for minor in (500, 4000):
        payment = paid(house, minor)
        found = []
        for name, args in [("payments", ()), ("payment", (payment.pk,))]:
            desk.get(name, *args)
            with CaptureQueriesContext(connection) as queries:
                desk.get(name, *args)
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1]


def test_the_invoice_list_says_what_is_left_now(house: House) -> None:
    paid(house, 1500)
    desk, second = Desk(house), of(house)[1].number
    assert "$9.99 $4.98 $4.98" in words(desk.text("invoices", q=str(second)))
    assert "$9.99 Paid Paid" in words(desk.text("invoices", q="1"))
    assert desk.get("invoices", q="ana", state="open").context["sums"].count == 5
    assert desk.get("invoices", state="credit_left").context["sums"].count == 0
    answer = desk.get("invoices_csv", q="ana")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [row.rpartition(",")[2] for row in lines[1:3]] == ["0.00", "4.98"]
    text = words(desk.text("invoice", second))
    assert "Open" in text
    assert "Paid by check , Jun 12, 2026 $5.01" in text
    assert "Left to pay $4.98" in text
