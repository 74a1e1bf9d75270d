"""The desk's list of invoices, the table to take away, the invoice's page, the customer's block."""

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.demo.cast import House
from postroom.domain.billing.models import BillingRun, Invoice
from postroom.domain.billing.queries import Wanted, find_invoices
from postroom.domain.billing.run import bill_due
from postroom.domain.operators.models import Operator, Role
from postroom.domain.subscriptions.closing import close
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from postroom.web.desk.billing.invoice_list import lines
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk

DAY = timedelta(days=1)


@pytest.fixture
def billed(in_harbor: House) -> House:
    """Harbor Mail billed up to 15 June: Ana and Bo six times, Cy for his year, Di not yet."""
    bill_due(in_harbor.operator, on=ON, at=AT)
    return in_harbor


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("&amp;", "&")


def listed(house: House, **query: Any) -> str:
    return words(Desk(house).text("invoices", **query))


def shown(house: House, invoice: Invoice) -> str:
    return words(Desk(house).text("invoice", invoice.number))


def of(house: House, who: str) -> list[Invoice]:
    return list(Invoice.objects.filter(customer=house.customers[who]).order_by("number"))


def leave(house: House, who: str = "ana") -> Invoice:
    """Will close on 10 June, which was paid to the end of June, and return the credit note."""
    ana = house.subscriptions[who]
    close(ana, closes_on=date(2026, 6, 10), by=house.owner, at=AT, on=ON)
    bill_due(house.operator, on=ON + DAY, at=AT + DAY)
    return of(house, who)[-1]


def test_the_list_adds_up_what_it_shows(billed: House) -> None:
    text = listed(billed)
    assert "13 invoices, $229.87" in text
    assert "13 Jun 7, 2026 Jun 7, 2026 Bo Berg Imports LLC $9.99 $9.99" in text
    assert "1–13 of 13" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "7"}, 1),
        ({"q": "700"}, 0),
        ({"q": "ana alv"}, 6),
        ({"q": "#102"}, 1),
        ({"q": "nobody"}, 0),
        ({"kind": "invoice"}, 13),
        ({"kind": "credit_note"}, 0),
        ({"since": "2026-06-01"}, 2),
        ({"since": "2026-02-01", "until": "2026-02-28"}, 2),
        ({"q": "ana", "until": "2026-01-31"}, 1),
        ({"since": "tomorrow", "kind": "gift", "run": "x", "page": "99", "sort": "colour"}, 13),
        ({"run": "99999999999999999999"}, 0),
        ({"q": "9" * 40}, 0),
    ],
)
def test_invoices_are_searched_and_filtered(
    billed: House, query: dict[str, str], found: int
) -> None:
    context = Desk(billed).get("invoices", **query).context
    assert context["sums"].count == found
    assert len(context["table"].page) == found


def test_credit_notes_are_told_and_added_up_apart(billed: House) -> None:
    leave(billed)
    text = listed(billed)
    assert "13 invoices, $229.87 and 1 credit note, -$6.66: together $223.21" in text
    assert "14 Jun 16, 2026 Credit note Jun 16, 2026 Ana Alvarez -$6.66 Credit left $6.66" in text
    assert listed(billed, kind="credit_note").count("Credit note Jun") == 1


def test_the_invoices_of_a_run_and_of_a_customer(billed: House) -> None:
    run = BillingRun.objects.create(
        operator=billed.operator, on=ON + DAY, started_at=AT, moved_at=AT
    )
    bill_due(billed.operator, on=date(2026, 7, 1), at=AT, run=run.pk)
    text = listed(billed, run=run.pk)
    assert "Written by the billing run up to Jun 16, 2026" in text
    assert "1 invoice, $9.99" in text
    assert "Of Bo Berg Imports LLC" in listed(billed, customer=billed.customers["bo"].pk)


@pytest.mark.parametrize(
    ("sort", "first"), [("", 13), ("number", 1), ("-number", 13), ("-billed_on", 13)]
)
def test_invoices_are_sorted(billed: House, sort: str, first: int) -> None:
    table = Desk(billed).get("invoices", sort=sort).context["table"]
    assert next(iter(table.page)).record.number == first


def test_without_invoices_the_list_says_so(in_harbor: House) -> None:
    assert "No invoices yet" in listed(in_harbor)
    assert "No invoices match" in listed(in_harbor, q="ana")


def test_the_list_takes_the_same_queries_however_many(billed: House) -> None:
    desk, taken = Desk(billed), []
    for query in ({"q": "cy"}, {"q": "a"}):
        desk.get("invoices", **query)
        with CaptureQueriesContext(connection) as queries:
            desk.get("invoices", **query)
        taken.append(len(queries))
    assert taken[0] == taken[1]


def table(house: House, **query: Any) -> list[list[str]]:
    """Will return the table to take away, without its header."""
    answer = Desk(house).get("invoices_csv", **query)
    assert answer.streaming
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    delimiter = ";" if house.operator.locale == "de_DE" else ","
    header, *rows = csv.reader(lines, delimiter=delimiter)
    assert header[0] == "number" and len({len(row) for row in [header, *rows]}) == 1
    return rows


def test_the_table_to_take_away_has_what_is_listed(billed: House) -> None:
    leave(billed)
    rows = table(billed)
    assert [row[0] for row in rows] == [str(number) for number in range(1, 15)]
    assert rows[13][:6] == [
        "14",
        "credit note",
        "2026-06-16",
        "Ana Alvarez",
        "100",
        "Brooklyn - Henry St",
    ]
    assert rows[13][6:] == ["USD", "-6.66", "0.00", "0.00", "-6.66", "0.00", "0.00"]
    assert [row[3] for row in table(billed, q="cy")] == ["Cy Castellanos"]


def test_the_table_follows_the_locale_and_holds_no_formula(in_harbor: House) -> None:
    in_harbor.customers["ana"].name = "=1+1"
    in_harbor.customers["ana"].save(update_fields=["name"])
    Operator.objects.filter(pk=in_harbor.operator.pk).update(locale="de_DE")
    in_harbor.operator.refresh_from_db()
    bill_due(in_harbor.operator, on=date(2026, 1, 1), at=AT)
    [row] = table(in_harbor)
    assert row[3] == "'=1+1"
    assert row[-1] == "9,99"


@pytest.mark.parametrize("chunk", [1, 6, 13, 14])
def test_the_table_is_read_in_chunks(billed: House, chunk: int) -> None:
    read = list(lines(billed.operator, find_invoices(Wanted()), chunk=chunk))
    assert [line.partition(",")[0] for line in read[1:]] == [str(it) for it in range(1, 14)]


def test_an_invoice_explains_itself(in_harbor: House) -> None:
    ana = in_harbor.subscriptions["ana"]
    used = [Given("k", ana.pk, "open_and_scan", 7, date(2026, 5, 4))]
    take_in(in_harbor.operator, used, by=None, at=AT)
    bill_due(in_harbor.operator, on=ON, at=AT)
    text = shown(in_harbor, of(in_harbor, "ana")[-1])
    assert "Bronze, 1 month: Jun 1 – 30, 2026. Rate, Bronze version 1 $9.99" in text
    assert "Open & scan, May 1 – 31, 2026: 7 used, 5 included, 2 over at $1.00 each." in text
    assert "Total $11.99 Left to pay $11.99" in text
    assert "Mailbox #100, Brooklyn - Henry St Plan Bronze Billing date Jun 1, 2026" in text


def test_an_invoice_leads_on(billed: House) -> None:
    first, second, *_ = of(billed, "ana")
    text = Desk(billed).text("invoice", second.number)
    desk = Desk(billed)
    assert desk.url("invoice", first.number) in text
    assert desk.url("invoice", of(billed, "ana")[2].number) in text
    assert desk.url("customer", billed.customers["ana"].pk) in text
    assert "of the same customer" not in shown(billed, of(billed, "cy")[0])


def test_a_credit_note_and_what_it_paid_know_each_other(billed: House) -> None:
    # He rents a second mailbox, whose next bill the credit of the first one pays.
    ana, bo = billed.subscriptions["ana"], billed.subscriptions["bo"]
    Subscription.objects.filter(pk=bo.pk).update(customer=ana.customer)
    note = leave(billed)
    assert "Left for later invoices $6.66" in shown(billed, note)
    bill_due(billed.operator, on=date(2026, 7, 7), at=AT)
    paid = of(billed, "ana")[-1]
    assert f"Paid by credit note {note.number} $6.66 Left to pay $3.33" in shown(billed, paid)
    assert f"Paid of invoice {paid.number} $6.66 Left for later invoices $0.00" in shown(
        billed, note
    )
    assert "$9.99 $3.33" in listed(billed, q=str(paid.number))


@pytest.mark.parametrize(
    ("included", "words"),
    [
        (False, "Subtotal $9.99 Sales tax 8.875% on $9.99. $0.89 Total $10.88"),
        (True, "Total $9.99 Sales tax included $0.81"),
    ],
)
def test_tax_is_added_or_shown(in_harbor: House, included: bool, words: str) -> None:
    location = in_harbor.locations[0]
    location.tax_percent, location.tax_included = Decimal("8.875"), included
    location.save(update_fields=["tax_percent", "tax_included"])
    bill_due(in_harbor.operator, on=ON, at=AT)
    assert words in shown(in_harbor, of(in_harbor, "ana")[0])


@pytest.mark.parametrize("number", [0, 99, 10**30])
def test_there_is_no_such_invoice(billed: House, number: int) -> None:
    assert Desk(billed).get("invoice", number).status_code == 404


def test_a_neighbours_invoice_is_not_there(billed: House, make_house: Callable[..., House]) -> None:
    neighbour = make_house("Neighbor Post")
    desk = Desk(billed)
    desk.client.force_login(neighbour.owner, backend="postroom.domain.users.signing_in.SigningIn")
    address = f"/desk/{neighbour.operator.slug}/billing/invoices/1/"
    assert desk.client.get(address).status_code == 404
    assert desk.get("invoice", 1).status_code == 404


def test_an_invoice_takes_the_same_queries_however_many_lines(in_harbor: House) -> None:
    ana, desk, taken = in_harbor.subscriptions["ana"], Desk(in_harbor), []
    services = ("forward", "shred", "open_and_scan", "scanned_pages")
    used = [Given(it, ana.pk, it, 50, date(2026, 5, 4)) for it in services]
    take_in(in_harbor.operator, used, by=None, at=AT)
    bill_due(in_harbor.operator, on=ON, at=AT)
    for invoice in of(in_harbor, "ana")[-2:]:
        desk.get("invoice", invoice.number)
        with CaptureQueriesContext(connection) as queries:
            desk.get("invoice", invoice.number)
        taken.append(len(queries))
    # The last of them has no invoice after it, which is asked for just the same.
    assert taken[0] == taken[1]


def test_the_customers_page_shows_his_last_invoices(billed: House) -> None:
    ana = billed.customers["ana"]
    text = Desk(billed).text("customer", ana.pk)
    assert f"{Desk(billed).url('invoices')}?customer={ana.pk}" in text
    assert words(text).count("$9.99 Invoice") == 4
    assert "Invoice" not in words(Desk(billed, Role.CLERK).text("customer", ana.pk))


def test_a_clerk_sees_nothing_of_billing(billed: House) -> None:
    desk = Desk(billed, Role.CLERK)
    assert desk.url("billing") not in desk.text("customers")
    assert desk.url("billing") in Desk(billed, Role.VIEWER).text("customers")
    for name in ("billing", "invoices", "invoices_csv"):
        assert desk.get(name).status_code == 403
