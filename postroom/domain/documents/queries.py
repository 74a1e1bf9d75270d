"""Reading mails: of an invoice, with every try, and the list of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, QuerySet

from postroom.domain.billing.models import Invoice
from postroom.domain.billing.queries import Wanted, find_invoices
from postroom.domain.documents.models import InvoiceDelivery, InvoiceMail, MailState

#: Something is wrong with the mail server, or no worker is there, if a mail waits for so long.
TOO_LONG = timedelta(minutes=30)


@dataclass(frozen=True)
class History:
    """Whether an invoice was mailed, and each try to, the newest first."""

    mail: InvoiceMail | None
    deliveries: list[InvoiceDelivery]


def history_of(invoice: Invoice, *, most: int = 20) -> History:
    """Will return what became of an invoice's mail."""
    mail = InvoiceMail.objects.filter(invoice=invoice).select_related("asked_by").first()
    if mail is None:
        return History(None, [])
    return History(mail, list(InvoiceDelivery.objects.filter(mail=mail).order_by("-id")[:most]))


@dataclass(frozen=True)
class WantedMails:
    """What somebody looks for among the mails; empty is all of them."""

    words: str = ""
    state: MailState | None = None
    #: The first and the last billing date.
    since: date | None = None
    until: date | None = None


def find_mails(wanted: WantedMails) -> QuerySet[InvoiceMail]:
    """Will return the mails that somebody looks for, the latest first."""
    found = InvoiceMail.objects.select_related("invoice").order_by("-id")
    if wanted.state is not None:
        found = found.filter(state=wanted.state)
    invoices = Wanted(words=wanted.words, since=wanted.since, until=wanted.until)
    if invoices != Wanted():
        found = found.filter(invoice__in=find_invoices(invoices).invoices.order_by().values("pk"))
    return found


def count_mails() -> dict[str, int]:
    """Will count the mails in each state."""
    counts = InvoiceMail.objects.order_by().values("state").annotate(number=Count("pk"))
    return {str(it["state"]): int(it["number"]) for it in counts}


def waits_too_long(*, at: datetime) -> datetime | None:
    """Will return since when a mail has been due that nobody has sent, if that is too long."""
    waiting = InvoiceMail.objects.filter(state=MailState.WAITING)
    oldest: datetime | None = waiting.aggregate(oldest=Min("next_try_at"))["oldest"]
    return oldest if oldest is not None and at - oldest > TOO_LONG else None
