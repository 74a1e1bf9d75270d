"""Which invoices are mailed: those issued since it was switched on, and those asked for by hand."""

from datetime import datetime

from django.db import transaction

from postroom.base.postman import own_domain
from postroom.base.refusals import Refused
from postroom.domain.billing.models import Invoice
from postroom.domain.documents.models import InvoiceMail, MailState, Outbox
from postroom.domain.events.actions import record
from postroom.domain.operators.models import Operator
from postroom.domain.users.models import User

#: Invoices that are noted at a time.
PAGE = 500


class CustomerHasNoAddress(Refused):
    """{name} has no e-mail address. Enter one on the customer's page, or print the PDF."""


class AddressChanged(Refused):
    """The customer's address is {address} now. Mail it there?"""


class MailedMeanwhile(Refused):
    """It was mailed, or asked for, while this page was open. See below."""


class OnItsWay(Refused):
    """It is on its way this moment."""


def note_invoices(operator: Operator, *, at: datetime, page: int = PAGE) -> int:
    """Will put a page of the invoices issued since the switch among the mails; returns how many.

    Numbers have no gap and are given in the order of commits, so that none is passed over.
    """
    since = operator.mails_invoices_since
    if since is None:
        return 0
    Outbox.objects.get_or_create(
        operator=operator, defaults={"since_at": since, "number": _last_before(since)}
    )
    outbox = Outbox.objects.select_for_update(skip_locked=True, of=("self",)).first()
    if outbox is None:
        return 0
    if outbox.since_at != since:
        outbox.since_at, outbox.number = since, max(outbox.number, _last_before(since))
    found = list(
        Invoice.objects.filter(number__gt=outbox.number)
        .select_related("customer")
        .order_by("number")[:page]
    )
    mails = [_new(it, operator, at=at) for it in found if it.issued_at >= since]
    # Somebody may have asked for one by hand already.
    InvoiceMail.objects.bulk_create(mails, ignore_conflicts=True)
    if found:
        outbox.number = found[-1].number
        outbox.save(update_fields=["since_at", "number"])
    return len(found)


def _last_before(since: datetime) -> int:
    """Will return the number before the first one issued since an instant."""
    first = Invoice.objects.filter(issued_at__gte=since).order_by("number").first()
    if first is not None:
        return first.number - 1
    last = Invoice.objects.order_by("-number").first()
    return last.number if last else 0


def _new(
    invoice: Invoice, operator: Operator, *, at: datetime, by: User | None = None
) -> InvoiceMail:
    reachable = bool(invoice.customer.email)
    return InvoiceMail(
        operator=operator,
        invoice=invoice,
        state=MailState.WAITING if reachable else MailState.NO_ADDRESS,
        message_id=message_id(invoice, operator, number=1),
        asked_by=by,
        since_at=at,
        next_try_at=at if reachable else None,
        moved_at=at,
    )


def message_id(invoice: Invoice, operator: Operator, *, number: int) -> str:
    """Will name the mail of an invoice's round: the same however often it is tried."""
    return f"<invoice-{invoice.number}-{number}.{operator.slug}@{own_domain()}>"


@transaction.atomic
def mail_by_hand(
    invoice: Invoice, *, address: str, seen: int, by: User, at: datetime
) -> InvoiceMail:
    """Will have an invoice mailed, or mailed again, to the address that somebody saw.

    ``seen`` is the round that was shown, 0 for none. Raises CustomerHasNoAddress, AddressChanged,
    MailedMeanwhile or OnItsWay.
    """
    operator, customer = invoice.operator, invoice.customer
    # Two who ask at once follow each other: the invoice itself never changes.
    Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)
    mail = InvoiceMail.objects.select_for_update(of=("self",)).filter(invoice=invoice).first()
    if (mail.round if mail else 0) != seen:
        raise MailedMeanwhile()
    if not customer.email:
        raise CustomerHasNoAddress(name=customer.name)
    if customer.email != address:
        raise AddressChanged(address=customer.email)
    if mail is None:
        mail = _new(invoice, operator, at=at, by=by)
        mail.save(force_insert=True)
    else:
        _begin_again(mail, invoice, operator, by=by, at=at)
    facts = {"number": invoice.number, "address": address}
    record("invoice.mail_asked", invoice, by=by, at=at, facts=facts)
    return mail


def _begin_again(
    mail: InvoiceMail, invoice: Invoice, operator: Operator, *, by: User, at: datetime
) -> None:
    if mail.is_on_its_way(at):
        raise OnItsWay()
    mail.claim = mail.claimed_at = None
    mail.round += 1
    mail.message_id = message_id(invoice, operator, number=mail.round)
    mail.state, mail.next_try_at, mail.tries = MailState.WAITING, at, 0
    mail.asked_by, mail.since_at, mail.moved_at = by, at, at
    mail.save(
        update_fields=[
            *("round", "message_id", "state", "next_try_at", "tries", "claim", "claimed_at"),
            *("asked_by", "since_at", "moved_at"),
        ]
    )
