"""A customer's statement as PDF."""

from datetime import datetime

from django.db.models.expressions import RawSQL

from postroom.base.typesetting import typeset
from postroom.domain.billing.models import Invoice, Payment
from postroom.domain.billing.statements import Statement
from postroom.domain.customers.models import Customer
from postroom.domain.documents.apps import PAPERS
from postroom.domain.operators.letterheads import heading_of, letterhead_at
from postroom.domain.operators.models import Operator
from postroom.domain.operators.writing import Pen, head_facts, page_facts

STATEMENT = PAPERS / "statement.typ"


def statement_pdf(statement: Statement, *, operator: Operator, at: datetime) -> bytes:
    """Will return a statement as a PDF, under the letterhead in force at that instant."""
    pen, letterhead, customer = Pen(operator), letterhead_at(at), statement.customer
    closing = statement.closing_minor
    author = heading_of(operator, letterhead).name
    opening = ["", "Brought forward", "", pen.money(statement.opening_minor)]
    entries = [
        [
            pen.day(it.on),
            in_words(it.document),
            pen.money(it.amount_minor),
            pen.money(it.balance_minor),
        ]
        for it in statement.entries
    ]
    facts = page_facts(operator, title=f"Statement, {customer.name}", author=author, at=at) | {
        "head": head_facts(operator, letterhead),
        "customer": {"name": customer.name, "address": _address_of(customer)},
        "particulars": [
            ("From", pen.day(statement.since)),
            ("To", pen.day(statement.until)),
            ("Written", pen.day(pen.local(at))),
        ],
        "entries": [opening, *entries],
        "sums": [
            ("Billed", pen.money(statement.billed_minor)),
            ("Paid", pen.money(statement.paid_minor)),
        ],
        "closing": [
            "In your favour" if closing < 0 else "Left to pay",
            pen.money(abs(closing)),
        ],
        "asks": closing > 0,
    }
    return typeset(STATEMENT, facts, at=at)


def in_words(document: Invoice | Payment) -> str:
    """Will name a document on a statement: “Invoice 12”, “Payment, check 1042”."""
    if isinstance(document, Invoice):
        return str(document)
    how = f"{document}, {document.get_method_display().lower()}"
    return f"{how} {document.reference}".rstrip()


def _address_of(customer: Customer) -> list[str]:
    """Will return where a customer lives, as invoices say it."""
    known = Customer.objects.filter(pk=customer.pk)
    address: str = known.values_list(RawSQL("address_of(customers_customer)", ()), flat=True)[0]
    return address.splitlines()
