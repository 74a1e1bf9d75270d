"""A customer's statement: all that was billed and paid between two days, and what it came to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from postroom.domain.billing.models import Invoice, Payment
from postroom.domain.customers.models import Customer


@dataclass(frozen=True)
class Entry:
    """A document on a statement; what is paid or credited is below zero. In minor units."""

    on: date
    document: Invoice | Payment
    amount_minor: int
    #: What the customer owed with it; below zero it is in their favour.
    balance_minor: int

    @property
    def is_payment(self) -> bool:
        return isinstance(self.document, Payment)


@dataclass(frozen=True)
class Statement:
    """What a customer owed before ``since``, the documents up to and with ``until``, and after."""

    customer: Customer
    since: date
    until: date
    opening_minor: int
    entries: list[Entry]

    @property
    def closing_minor(self) -> int:
        return self.entries[-1].balance_minor if self.entries else self.opening_minor

    @property
    def billed_minor(self) -> int:
        """Invoices and credit notes together."""
        return sum(it.amount_minor for it in self.entries if not it.is_payment)

    @property
    def paid_minor(self) -> int:
        """Payments less what was paid back or taken back."""
        return -sum(it.amount_minor for it in self.entries if it.is_payment)


def statement(customer: Customer, *, since: date, until: date) -> Statement:
    """Will return a customer's statement over local days, both included."""
    invoices, payments = (
        Invoice.objects.filter(customer=customer),
        Payment.objects.filter(customer=customer),
    )
    billed = invoices.filter(billed_on__lt=since).aggregate(sum=Sum("total_minor", default=0))
    paid = payments.filter(on__lt=since).aggregate(sum=Sum("amount_minor", default=0))
    opening = balance = int(billed["sum"]) - int(paid["sum"])
    documents: list[tuple[date, int, int, Invoice | Payment, int]] = [
        (it.billed_on, 0, it.number, it, it.total_minor)
        for it in invoices.filter(billed_on__range=(since, until))
    ]
    documents += [
        (it.on, 1, it.pk, it, -it.amount_minor)
        for it in payments.filter(on__range=(since, until)).select_related("takes_back")
    ]
    entries = []
    for on, _, _, document, minor in sorted(documents, key=lambda it: it[:3]):
        balance += minor
        entries.append(Entry(on, document, minor, balance))
    return Statement(customer, since, until, opening, entries)
