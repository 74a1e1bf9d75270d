"""Invoices and credit notes as PDF: as they were issued, under the letterhead of that day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q

from postroom.base.typesetting import typeset
from postroom.domain.billing.models import Allocation, Invoice, LineKind
from postroom.domain.billing.queries import Explained, all_explained
from postroom.domain.documents.apps import PAPERS
from postroom.domain.operators.letterheads import heading_of, letterhead_at
from postroom.domain.operators.models import Letterhead, Operator
from postroom.domain.operators.writing import Pen, head_facts, page_facts
from postroom.domain.subscriptions.numbering import number_at

INVOICE = PAPERS / "invoice.typ"

#: As many as one file may hold: it is set while somebody waits.
MOST = 200


def invoice_pdf(invoice: Invoice) -> bytes:
    """Will return an invoice or credit note as a PDF; the same one always as the same bytes."""
    return invoices_pdf([invoice.pk], operator=invoice.operator)


def invoices_pdf(ids: Iterable[int], *, operator: Operator) -> bytes:
    """Will return invoices in one PDF, by their numbers, the pages of each counted for itself."""
    invoices = list(
        Invoice.objects.filter(pk__in=list(ids))
        .select_related("subscription__mailbox__location", "adjusts")
        .order_by("number")[:MOST]
    )
    latest = max(it.issued_at for it in invoices)
    letterheads = [letterhead_at(it.issued_at) for it in invoices]
    heads = list({it.pk if it else None: it for it in letterheads}.values())
    places = {it.pk if it else None: place for place, it in enumerate(heads)}
    given, lines = _given_at_issue(invoices), all_explained(invoices, operator)
    papers = [
        paper(invoice, operator, letterhead, given[invoice.pk], lines[invoice.pk])
        | {"head": places[letterhead.pk if letterhead else None]}
        for invoice, letterhead in zip(invoices, letterheads, strict=True)
    ]
    title = str(invoices[0]) if len(invoices) == 1 else f"{len(invoices)} invoices"
    author = heading_of(operator, letterheads[-1]).name
    facts = page_facts(operator, title=title, author=author, at=latest) | {
        "heads": [head_facts(operator, it) for it in heads],
        "documents": papers,
    }
    return typeset(INVOICE, facts, at=latest)


def due_on(invoice: Invoice, letterhead: Letterhead | None) -> date:
    """Will return the day by which an invoice asks to be paid."""
    return invoice.billed_on + timedelta(days=heading_of_days(letterhead))


def heading_of_days(letterhead: Letterhead | None) -> int:
    """Will return the days to pay of a letterhead; without one they are the usual ones."""
    field = Letterhead._meta.get_field("days_to_pay")
    return letterhead.days_to_pay if letterhead else int(field.get_default())


def paper(
    invoice: Invoice,
    operator: Operator,
    letterhead: Letterhead | None,
    given: Sequence[Allocation],
    lines: Sequence[Explained],
) -> dict[str, Any]:
    """Will return an invoice as its template takes it, everything in words."""
    pen = Pen(operator)
    left = max(0, invoice.total_minor - sum(it.amount_minor for it in given))
    taxes = [it for it in lines if it.line.kind == LineKind.TAX]
    return {
        "title": str(invoice),
        "customer": {
            "name": invoice.customer_name,
            "address": invoice.customer_address.splitlines(),
        },
        "particulars": _particulars(invoice, pen, letterhead, left),
        "lines": [
            (it.sentence, pen.money(it.line.amount_minor))
            for it in lines
            if it.line.kind != LineKind.TAX
        ],
        "sums": _sums(invoice, pen, [(it.sentence, it.line.amount_minor) for it in taxes], given),
        "due": _due(invoice, pen, letterhead, left),
        "asks": left > 0,
    }


def _particulars(
    invoice: Invoice, pen: Pen, letterhead: Letterhead | None, left: int
) -> list[tuple[str, str]]:
    mailbox = invoice.subscription.mailbox
    rows = [("Number", str(invoice.number)), ("Billing date", pen.day(invoice.billed_on))]
    if left:
        rows.append(("Due", pen.day(due_on(invoice, letterhead))))
    if invoice.adjusts is not None:
        rows.append(("Corrects", str(invoice.adjusts).lower()))
    number = number_at(invoice.subscription, invoice.issued_at)
    return [*rows, ("Mailbox", number), ("Location", mailbox.location.name)]


def _sums(
    invoice: Invoice, pen: Pen, taxes: list[tuple[str, int]], given: Sequence[Allocation]
) -> list[tuple[str, str]]:
    """Will return the sums down to the total, and what had paid of it when it was issued."""
    rows = [("Subtotal", invoice.subtotal_minor), *taxes] if taxes else []
    if rows or given or invoice.included_tax_minor or invoice.is_credit_note:
        rows.append(("Total", invoice.total_minor))
    if invoice.included_tax_minor:
        rows.append((f"{invoice.tax_name} included", invoice.included_tax_minor))
    rows += [(f"Paid by {_source(it)}", -it.amount_minor) for it in given]
    return [(label.rstrip("."), pen.money(minor)) for label, minor in rows]


def _source(given: Allocation) -> str:
    return str(given.credit_note).lower() if given.credit_note else "what was paid ahead"


def _due(invoice: Invoice, pen: Pen, letterhead: Letterhead | None, left: int) -> dict[str, str]:
    """Will return what is left, what it is called, and what is to be done about it."""
    if invoice.is_credit_note:
        return {
            "label": "In your favour",
            "amount": pen.money(-invoice.total_minor),
            "note": "It pays your next invoices.",
        }
    note = "There is nothing to pay."
    if left:
        on = due_on(invoice, letterhead)
        note = f"Due {pen.day(on)}" if on > invoice.billed_on else "Due on receipt"
    return {"label": "Left to pay", "amount": pen.money(left), "note": note}


def _given_at_issue(invoices: Sequence[Invoice]) -> dict[int, list[Allocation]]:
    """Will return what paid of each invoice when it was issued: this alone is printed on it."""
    given = defaultdict[int, list[Allocation]](list)
    by_then = Q(at_issue=True) | Q(at__lte=F("invoice__issued_at"))
    made = Allocation.objects.filter(by_then, invoice__in=[it.pk for it in invoices])
    for it in made.select_related("credit_note", "payment").order_by("pk"):
        given[it.invoice_id or 0].append(it)
    return given
