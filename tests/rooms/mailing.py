"""What tests of mailing share: a clock that is set by hand, and a house whose bills are out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from postroom.base.postman import Postman
from postroom.base.rounds import Came, Pace
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.run import bill_due
from postroom.domain.documents.mailing import mail_page
from postroom.domain.documents.models import InvoiceMail, MailState
from postroom.domain.operators.mailing import mail_invoices_from_now_on
from tests.conftest import AT, ON

STEP = timedelta(milliseconds=1)


@dataclass
class Clock:
    """Says when it is; a moment passes each time that it is asked."""

    at: datetime = AT
    waited: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        self.at += STEP
        return self.at

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.at += timedelta(seconds=seconds)

    def pace(self, a_minute: int = 60_000) -> Pace:
        return Pace(self, self.wait, a_minute)


def billed(house: House, *, at: datetime = AT) -> list[Invoice]:
    """Will switch mailing on and bill what is due: five months of Ana and Bo, and a year of Cy."""
    mail_invoices_from_now_on(house.operator, wanted=True, by=house.owner, at=at)
    bill_due(house.operator, on=ON, at=at)
    return list(Invoice.objects.order_by("number"))


def mail(house: House, clock: Clock, *, page: int = 20) -> Came:
    """Will mail pages until nothing is due or the server takes nothing."""
    with Postman() as postman:
        while True:
            came = mail_page(house.operator, postman=postman, pace=clock.pace(), page=page)
            if came is not Came.MORE:
                return came


def state_of(invoice: Invoice) -> str:
    return str(InvoiceMail.objects.get(invoice=invoice).state)


def waiting() -> int:
    return InvoiceMail.objects.filter(state=MailState.WAITING).count()
