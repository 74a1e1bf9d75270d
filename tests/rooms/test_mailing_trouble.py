"""Mailing when the server is gone, when somebody else mails too, and by hand."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import override_settings

from postroom.base.postman import Postman
from postroom.base.refusals import Refused
from postroom.base.rounds import Came, Pace, claim_page
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.run import bill_due
from postroom.domain.customers.models import Customer
from postroom.domain.documents.mailing import due_mails, mail_page
from postroom.domain.documents.models import InvoiceDelivery, InvoiceMail, MailState
from postroom.domain.documents.noting import (
    AddressChanged,
    CustomerHasNoAddress,
    MailedMeanwhile,
    OnItsWay,
    mail_by_hand,
    note_invoices,
)
from postroom.domain.events.models import Event
from postroom.domain.events.sentences import sentence
from postroom.domain.operators.models import Letterhead
from tests.conftest import AT, ON
from tests.mail_server import MailServer, free_port, serving
from tests.rooms.mailing import Clock, billed, mail, waiting

ANA = "ana@customers.example"


@pytest.fixture
def server() -> Any:
    with serving() as (server, _):
        yield server


def noted(house: House) -> list[Invoice]:
    """Will bill, and put what is due among the mails."""
    invoices = billed(house)
    house.operator.refresh_from_db()
    note_invoices(house.operator, at=AT)
    return invoices


def test_without_a_server_everything_waits(in_harbor: House) -> None:
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    billed(in_harbor)
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=free_port()):
        for days in range(4):
            assert mail(in_harbor, Clock(AT + timedelta(days=days))) is Came.TROUBLE
    assert not InvoiceMail.objects.filter(claim__isnull=False).exists()
    assert not InvoiceMail.objects.filter(state=MailState.REFUSED).exists()
    with serving() as (server, _):
        mail(in_harbor, Clock(AT + timedelta(days=9)))
    assert len(server.mails) == InvoiceMail.objects.filter(state=MailState.SENT).count() > 5


def test_a_server_that_hangs_up_is_called_again(in_harbor: House, server: MailServer) -> None:
    billed(in_harbor)
    server.to_content += ["421 Going down"]
    mail(in_harbor, Clock())
    assert server.connections == 2
    assert waiting() == 1


def test_a_claim_is_somebody_elses_for_ten_minutes(in_harbor: House, server: MailServer) -> None:
    count = len(noted(in_harbor))
    due = due_mails(in_harbor.operator)
    ours = claim_page(due, claim=uuid4(), at=AT, page=3)
    others = claim_page(due, claim=uuid4(), at=AT + timedelta(minutes=9), page=count)
    assert len(ours) == 3
    assert set(ours).isdisjoint(others)
    later = AT + timedelta(minutes=11)
    assert set(claim_page(due, claim=uuid4(), at=later, page=count)) == set(ours)


def test_what_somebody_else_has_claimed_since_is_left(in_harbor: House, server: MailServer) -> None:
    noted(in_harbor)

    def steal(seconds: float) -> None:
        InvoiceMail.objects.filter(claim__isnull=False).update(claim=uuid4())

    with Postman() as postman:
        mail_page(in_harbor.operator, postman=postman, pace=Pace(Clock(), steal, 60), page=3)
    assert InvoiceDelivery.objects.count() == 1


def test_what_cannot_be_written_holds_up_no_other(in_harbor: House, server: MailServer) -> None:
    [first, *others] = billed(in_harbor)
    torn = {"logo": b"torn", "logo_kind": "png", "entered_by_form": uuid4()}
    since = {"name": "Harbor", "since_at": first.issued_at}
    Letterhead.objects.create(operator=in_harbor.operator, **torn, **since)
    mail(in_harbor, Clock())
    assert server.mails == []
    said = set(InvoiceDelivery.objects.values_list("outcome", "said"))
    assert said == {("put_off", "The document could not be made.")}
    assert InvoiceDelivery.objects.count() == waiting() > len(others) / 2


def test_the_oldest_is_found_by_an_index(in_harbor: House) -> None:
    noted(in_harbor)
    due = InvoiceMail.objects.filter(state=MailState.WAITING, next_try_at__lte=AT)
    with connection.cursor() as cursor:
        # Among a dozen rows it would sort, whatever index there is.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    assert "invoice_mails_that_wait" in due.order_by("next_try_at", "id")[:20].explain()


def by_hand(house: House, invoice: Invoice, **facts: Any) -> InvoiceMail:
    known = {"address": ANA, "seen": 0, "by": house.owner, "at": AT}
    return mail_by_hand(invoice, **known | facts)


def first_of_ana() -> Invoice:
    return Invoice.objects.filter(customer__email=ANA).earliest("number")


def test_by_hand_without_the_switch(in_harbor: House, server: MailServer) -> None:
    bill_due(in_harbor.operator, on=ON, at=AT)
    by_hand(in_harbor, first_of_ana())
    mail(in_harbor, Clock())
    assert server.recipients() == [ANA]
    event = Event.objects.get(act="invoice.mail_asked")
    number = first_of_ana().number
    assert sentence(event).endswith(f"asked to mail number {number} to {ANA}.")


def test_mailed_again_it_is_another_mail(in_harbor: House, server: MailServer) -> None:
    bill_due(in_harbor.operator, on=ON, at=AT)
    for seen in (0, 1):
        by_hand(in_harbor, first_of_ana(), seen=seen)
        mail(in_harbor, Clock())
    assert len({it["Message-ID"] for it in server.mails}) == 2
    assert InvoiceMail.objects.get().round == 2
    assert list(InvoiceDelivery.objects.order_by("id").values_list("round", flat=True)) == [1, 2]


def test_asked_for_by_hand_it_is_not_noted_twice(in_harbor: House, server: MailServer) -> None:
    billed(in_harbor)
    by_hand(in_harbor, first_of_ana())
    mail(in_harbor, Clock())
    numbers = [it["Subject"] for it in server.mails]
    assert len(numbers) == len(set(numbers))


def test_refusals_by_hand(in_harbor: House) -> None:
    noted(in_harbor)
    ana = first_of_ana()
    cases: list[tuple[type[Refused], dict[str, Any]]] = [
        (MailedMeanwhile, {"seen": 0}),
        (AddressChanged, {"seen": 1, "address": "old@customers.example"}),
    ]
    for refusal, facts in cases:
        with pytest.raises(refusal):
            by_hand(in_harbor, ana, **facts)
    claim_page(due_mails(in_harbor.operator), claim=uuid4(), at=AT, page=100)
    with pytest.raises(OnItsWay):
        by_hand(in_harbor, ana, seen=1)
    assert by_hand(in_harbor, ana, seen=1, at=AT + timedelta(minutes=11)).round == 2
    Customer.objects.update(email="")
    with pytest.raises(CustomerHasNoAddress):
        by_hand(in_harbor, Invoice.objects.get(pk=ana.pk), seen=2)
