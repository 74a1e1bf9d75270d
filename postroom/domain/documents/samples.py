"""A sample invoice, to see a letterhead before anybody gets it."""

from datetime import date, datetime, timedelta

from postroom.base.typesetting import typeset
from postroom.domain.documents.invoices import INVOICE
from postroom.domain.operators.letterheads import Heading
from postroom.domain.operators.models import Letterhead, Operator
from postroom.domain.operators.writing import Pen, head_facts, page_facts

#: A month's rate and two scans, of nobody.
LINES = (("Sample plan, 1 month.", 1999), ("Open & scan: 7 used, 5 included, 2 over.", 200))


def sample_pdf(
    operator: Operator,
    *,
    heading: Heading,
    logo: bytes | None,
    logo_kind: str,
    on: date,
    at: datetime,
) -> bytes:
    """Will return an invoice that nobody owes, under a letterhead that may not be in force yet."""
    pen = Pen(operator)
    letterhead = Letterhead(**vars(heading), logo=logo, logo_kind=logo_kind)
    due_on, total = on + timedelta(days=heading.days_to_pay), sum(it for _, it in LINES)
    document = {
        "head": 0,
        "title": "Sample invoice",
        "customer": {
            "name": "A. Customer",
            "address": ["12 Any Street, Apt 4", "Anytown, NY 10001"],
        },
        "particulars": [
            ("Number", "1001"),
            ("Billing date", pen.day(on)),
            ("Due", pen.day(due_on)),
            ("Mailbox", "112"),
        ],
        "lines": [(text, pen.money(minor)) for text, minor in LINES],
        "sums": [],
        "due": {
            "label": "Left to pay",
            "amount": pen.money(total),
            "note": f"Due {pen.day(due_on)}" if heading.days_to_pay else "Due on receipt",
        },
        "asks": True,
    }
    facts = page_facts(operator, title="Sample invoice", author=heading.name, at=at)
    heads = [head_facts(operator, letterhead)]
    return typeset(INVOICE, facts | {"heads": heads, "documents": [document]}, at=at)
