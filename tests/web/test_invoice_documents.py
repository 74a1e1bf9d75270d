"""Invoices as PDF and by mail, at the desk: buttons, the list, and what a worker is asked."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.run import bill_due
from postroom.domain.customers.models import Customer
from postroom.domain.documents.models import InvoiceMail, MailState
from postroom.domain.documents.noting import note_invoices
from postroom.domain.operators.mailing import mail_invoices_from_now_on
from postroom.domain.operators.models import Role
from tests.conftest import AT, ON
from tests.mail_server import MailServer, serving
from tests.pictures import pages_of, title_of
from tests.rooms.mailing import Clock, billed, mail
from tests.web.billing_desk import waiting, words
from tests.web.desk_pages import Desk, page

ANA = "ana@customers.example"


@pytest.fixture
def house(in_harbor: House) -> House:
    """Harbor Mail with its bills out, none of them mailed."""
    bill_due(in_harbor.operator, on=ON, at=AT)
    return in_harbor


@pytest.fixture
def server() -> Iterator[MailServer]:
    with serving() as (server, _):
        yield server


def of_ana() -> Invoice:
    return Invoice.objects.filter(customer__email=ANA).earliest("number")


def test_the_pdf(house: House) -> None:
    answer = Desk(house, Role.VIEWER).get("invoice_pdf", of_ana().number)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="invoice-{of_ana().number}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert title_of(answer.content) == str(of_ana())


def test_one_pdf_of_a_list(house: House, tmp_path: Path) -> None:
    desk = Desk(house)
    of_bo = Invoice.objects.filter(customer__name__startswith="Bo").count()
    pdf = desk.get("invoices_pdf", q="Bo Berg").content
    assert title_of(pdf) == f"{of_bo} invoices"
    assert pages_of(pdf, tmp_path) == of_bo
    assert desk.get("invoices_pdf", q="nobody at all").status_code == 302


def test_a_statement(house: House) -> None:
    desk, ana = Desk(house), house.customers["ana"].pk
    pdf = desk.get("statement_pdf", ana, since="2026-01-01", until="2026-06-30").content
    assert title_of(pdf) == "Statement, Ana Alvarez"
    assert desk.get("statement_pdf", ana, since="x", until="1").content.startswith(b"%PDF")


def test_it_is_mailed_by_a_worker(house: House, server: MailServer) -> None:
    desk, number = Desk(house), of_ana().number
    asked = desk.get("invoice_mail", number)
    assert ANA in page(asked)
    sent = desk.post("invoice_mail", number, **asked.context["form"].initial)
    assert sent.url == desk.url("invoice", number)
    assert {"operator_id": house.operator.pk} in waiting("mail_invoices_of")
    mail(house, Clock(AT + timedelta(days=900)))
    assert server.recipients() == [ANA]
    text = words(desk.text("invoice", number))
    assert f"Accepted, {ANA}" in text
    assert "Mail again" in text
    assert "The customer then has it twice." in desk.text("invoice_mail", number)


def test_sent_twice_it_is_asked_once(house: House) -> None:
    desk, number = Desk(house), of_ana().number
    typed = desk.get("invoice_mail", number).context["form"].initial
    desk.post("invoice_mail", number, **typed)
    again = desk.post("invoice_mail", number, **typed)
    assert "while this page was open" in page(again, 422)
    assert InvoiceMail.objects.get().round == 1
    # What is shown now may be sent.
    third = desk.post("invoice_mail", number, **again.context["form"].initial)
    assert third.status_code == 302


def test_the_address_changed_meanwhile(house: House) -> None:
    desk, number = Desk(house), of_ana().number
    typed = desk.get("invoice_mail", number).context["form"].initial
    Customer.objects.filter(email=ANA).update(email="new@customers.example")
    text = page(desk.post("invoice_mail", number, **typed), 422)
    assert "address is new@customers.example now" in text
    assert not InvoiceMail.objects.exists()


def test_a_customer_without_an_address(house: House) -> None:
    number = of_ana().number
    Customer.objects.update(email="")
    desk = Desk(house)
    assert "No e-mail address" in desk.text("invoice_mail", number)
    page(desk.post("invoice_mail", number, address="", seen=0), 422)


def test_the_list(in_harbor: House, server: MailServer, tmp_path: Path) -> None:
    Customer.objects.filter(name__startswith="Cy").update(email="")
    server.to_recipient["bo@customers.example"] = ["550 No such mailbox"] * 9
    billed(in_harbor)
    mail(in_harbor, Clock())
    desk = Desk(in_harbor)
    refused = words(desk.text("mails", state="refused"))
    assert "No such mailbox" in refused
    assert ANA not in refused
    without = InvoiceMail.objects.filter(state=MailState.NO_ADDRESS).count()
    pdf = desk.get("mails_pdf", state="no_address").content
    assert pages_of(pdf, tmp_path) == without > 0
    assert "Cy Castellanos" in words(desk.text("mails", q="Cy Cast"))
    assert "No mails match" in desk.text("mails", q="nobody at all")
    assert "No mails match" not in desk.text("mails", since="x", state="x")


def test_the_list_asks_no_query_a_row(in_harbor: House) -> None:
    billed(in_harbor)
    in_harbor.operator.refresh_from_db()
    desk, asked = Desk(in_harbor), list[int]()
    for page_of in (1, 500):
        note_invoices(in_harbor.operator, at=AT, page=page_of)
        with CaptureQueriesContext(connection) as queries:
            desk.text("mails")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_what_waits_too_long_is_said(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert "No mails yet" in desk.text("mails")
    billed(in_harbor)
    in_harbor.operator.refresh_from_db()
    off = {"wanted": False, "by": in_harbor.owner, "at": AT}
    with serving() as (server, _):
        server.to_content += ["451 Later"] * 50
        mail(in_harbor, Clock())
    text = desk.text("mails")
    assert "Mails wait since" in text
    mail_invoices_from_now_on(in_harbor.operator, **off)
    assert "not mailed by themselves" in desk.text("mails")


@pytest.mark.parametrize("role", [Role.CLERK, Role.VIEWER])
def test_who_may_mail(house: House, role: Role) -> None:
    desk, number = Desk(house, role), of_ana().number
    assert desk.post("invoice_mail", number, address=ANA, seen=0).status_code == 403
    if role == Role.VIEWER:
        assert "Mail it" not in desk.text("invoice", number)
    else:
        assert desk.get("invoice_pdf", number).status_code == 403
