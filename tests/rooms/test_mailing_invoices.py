"""Mailing invoices: who gets one, what stands in it, and what a server's answers come to."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from postroom.base.postman import Postman
from postroom.base.rounds import LONGEST_WAIT, Came
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.run import bill_due
from postroom.domain.customers.models import Customer
from postroom.domain.documents.mailing import TRIED_FOR, mail_page
from postroom.domain.documents.models import InvoiceDelivery, InvoiceMail, MailState, Outbox
from postroom.domain.operators.letterheads import Heading, change_letterhead
from postroom.domain.operators.mailing import mail_invoices_from_now_on
from postroom.domain.operators.models import Operator
from tests.conftest import AT, ON
from tests.mail_server import MailServer, pdf_of, serving, text_of
from tests.pictures import title_of
from tests.rooms.mailing import Clock, billed, mail, waiting


@pytest.fixture
def server() -> Any:
    with serving() as (server, _):
        yield server


def test_each_goes_to_its_customer_once(in_harbor: House, server: MailServer) -> None:
    invoices, clock = billed(in_harbor), Clock()
    mail(in_harbor, clock, page=3)
    mail(in_harbor, clock)
    reachable = [it for it in invoices if it.customer.email]
    assert server.recipients() == [it.customer.email for it in reachable]
    assert [title_of(pdf_of(it)) for it in server.mails] == [str(it) for it in reachable]
    assert waiting() == 0
    assert server.connections == 1
    delivered = InvoiceDelivery.objects.order_by("id").values_list("mail__invoice", "outcome")
    assert list(delivered) == [(it.pk, "accepted") for it in reachable]


def test_what_stands_in_it(in_harbor: House, server: MailServer) -> None:
    heading = Heading(name="Harbor Mail", email="billing@harbor.example", how_to_pay="By check")
    change_letterhead(in_harbor.operator, heading=heading, form=uuid4(), by=in_harbor.owner, at=AT)
    billed(in_harbor)
    mail(in_harbor, Clock())
    first = server.mails[0]
    assert first["Subject"] == "Invoice 1 from Harbor Mail"
    assert first["From"] == "Harbor Mail <postroom@localhost>"
    assert first["Reply-To"] == "Harbor Mail <billing@harbor.example>"
    assert first["Message-ID"] == f"<invoice-1-1.{in_harbor.operator.slug}@localhost>"
    for kind in ("plain", "html"):
        text = text_of(first, kind)
        for said in ("Hello Ana Alvarez,", "Left to pay", "$9.99", "Due ", "By check"):
            assert said in text
    assert [it.get_filename() for it in first.iter_attachments()] == ["invoice-1.pdf"]


def test_nothing_is_mailed_unless_it_is_switched_on(in_harbor: House, server: MailServer) -> None:
    bill_due(in_harbor.operator, on=ON, at=AT)
    assert mail(in_harbor, Clock()) is Came.TO_AN_END
    mail_invoices_from_now_on(
        in_harbor.operator, wanted=True, by=in_harbor.owner, at=AT + timedelta(hours=1)
    )
    mail(in_harbor, Clock(AT + timedelta(hours=2)))
    assert server.mails == []
    assert Outbox.objects.get().number == Invoice.objects.latest("number").number


def test_switched_off_what_waits_stays(in_harbor: House, server: MailServer) -> None:
    billed(in_harbor)
    server.to_content += ["451 Later"] * 50
    mail(in_harbor, Clock())
    off = {"wanted": False, "by": in_harbor.owner, "at": AT}
    mail_invoices_from_now_on(in_harbor.operator, **off)
    server.to_content.clear()
    mail(in_harbor, Clock(AT + timedelta(hours=1)))
    assert server.mails == []
    assert waiting()


def test_who_has_no_address_is_listed(in_harbor: House, server: MailServer) -> None:
    Customer.objects.filter(name__startswith="Ana").update(email="")
    billed(in_harbor)
    mail(in_harbor, Clock())
    without = InvoiceMail.objects.filter(state=MailState.NO_ADDRESS)
    assert {it.invoice.customer_name for it in without} == {"Ana Alvarez"}
    assert "ana@customers.example" not in server.recipients()


def test_a_recipient_who_is_refused_stays_so(in_harbor: House, server: MailServer) -> None:
    billed(in_harbor)
    server.to_recipient["bo@customers.example"] = ["550 5.1.1 No such mailbox"] * 9
    mail(in_harbor, Clock())
    refused = InvoiceMail.objects.filter(state=MailState.REFUSED)
    assert {it.said for it in refused} == {"5.1.1 No such mailbox"}
    assert InvoiceDelivery.objects.filter(outcome="refused", code=550).count() == refused.count()
    tried = len(server.to_recipient["bo@customers.example"])
    mail(in_harbor, Clock(AT + timedelta(days=2)))
    assert len(server.to_recipient["bo@customers.example"]) == tried
    assert set(server.recipients()) == {"ana@customers.example", "cy@customers.example"}


def test_what_is_put_off_is_tried_again(in_harbor: House, server: MailServer) -> None:
    [first, *_], clock = billed(in_harbor), Clock()
    server.to_content += ["451 Greylisted, come again"]
    mail(in_harbor, clock)
    it = InvoiceMail.objects.get(invoice=first)
    assert (it.state, it.said, it.tries) == (MailState.WAITING, "Greylisted, come again", 1)
    assert timedelta(minutes=9) < it.next_try_at - AT < timedelta(minutes=11)
    mail(in_harbor, clock)
    assert waiting() == 1
    mail(in_harbor, Clock(AT + timedelta(minutes=11)))
    assert InvoiceMail.objects.get(invoice=first).state == MailState.SENT
    said = InvoiceDelivery.objects.filter(mail=it).order_by("id").values_list("outcome", flat=True)
    assert list(said) == ["put_off", "accepted"]


def test_after_a_day_it_is_given_up(in_harbor: House, server: MailServer) -> None:
    server.to_content += ["451 Later"] * 500
    billed(in_harbor)
    at, waits = AT, []
    while not waits or waiting():
        mail(in_harbor, Clock(at))
        due = InvoiceMail.objects.filter(state=MailState.WAITING).order_by("next_try_at").first()
        if due is None:
            break
        waits.append(due.next_try_at - at)
        at = due.next_try_at + timedelta(seconds=1)
    assert TRIED_FOR <= at - AT < TRIED_FOR + LONGEST_WAIT + timedelta(minutes=1)
    assert max(waits) < LONGEST_WAIT + timedelta(minutes=1)
    assert waits[0] < timedelta(minutes=11)
    assert not InvoiceMail.objects.filter(state=MailState.SENT).exists()


@pytest.mark.parametrize("name", ["A\r\nBcc: all@evil.example", 'A" <b@evil.example>', "株式会社"])
def test_no_name_adds_a_header(in_harbor: House, server: MailServer, name: str) -> None:
    Customer.objects.update(name=name)
    Operator.objects.filter(pk=in_harbor.operator.pk).update(name=name)
    in_harbor.operator.refresh_from_db()
    billed(in_harbor)
    mail(in_harbor, Clock())
    first = server.mails[0]
    assert first["Bcc"] is None
    assert [it.addr_spec for it in first["From"].addresses] == ["postroom@localhost"]
    assert first["To"] == "ana@customers.example"
    assert "\n" not in str(first["Subject"])


def test_mails_keep_a_pace(in_harbor: House, server: MailServer) -> None:
    billed(in_harbor)
    clock = Clock()
    with Postman() as postman:
        mail_page(in_harbor.operator, postman=postman, pace=clock.pace(60), page=4)
    assert len(clock.waited) == 4
    assert all(0.9 < it < 1 for it in clock.waited)
