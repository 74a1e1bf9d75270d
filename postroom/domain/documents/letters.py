"""The mail that brings an invoice: short, as HTML and text, with the PDF in it."""

from dataclasses import dataclass
from email.utils import formataddr
from functools import cache

from django.core.mail import EmailMultiAlternatives
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from postroom.base.postman import one_line, sender
from postroom.domain.billing.models import Invoice, OpenItem
from postroom.domain.documents.apps import PAPERS
from postroom.domain.documents.invoices import due_on, invoice_pdf
from postroom.domain.documents.models import InvoiceMail
from postroom.domain.operators.colors import INK
from postroom.domain.operators.letterheads import (
    Heading,
    answers_to,
    heading_of,
    letterhead_at,
    newest_letterhead,
)
from postroom.domain.operators.models import Operator
from postroom.domain.operators.writing import Pen


@dataclass(frozen=True)
class Words:
    """What a mail says."""

    subject: str
    name: str
    color: str
    greeting: str
    attached: str
    label: str
    note: str
    amount: str
    how_to_pay: str
    questions: str


def letter(mail: InvoiceMail, operator: Operator, *, address: str) -> EmailMultiAlternatives:
    """Will write the mail of an invoice to an address, from the operator, with its PDF."""
    invoice = mail.invoice
    heading = heading_of(operator, newest_letterhead())
    words = words_of(invoice, operator, heading)
    replies = answers_to(heading, operator)
    message = EmailMultiAlternatives(
        subject=one_line(words.subject),
        body=as_text(words),
        from_email=sender(heading.name),
        to=[address],
        reply_to=[formataddr((one_line(heading.name), replies))] if replies else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(as_html(words), "text/html")
    message.attach(file_name(invoice), invoice_pdf(invoice), "application/pdf")
    return message


def words_of(invoice: Invoice, operator: Operator, heading: Heading) -> Words:
    """Will say what an invoice comes to, and what of it is left to pay now."""
    pen, kind = Pen(operator), str(invoice).partition(str(invoice.number))[0].strip().lower()
    billed = pen.day(invoice.billed_on)
    item = OpenItem.objects.filter(invoice=invoice).first()
    left = item.left_minor if item else invoice.due_minor
    label, amount, note = "Left to pay", pen.money(max(0, left)), "There is nothing to pay."
    if invoice.is_credit_note:
        label, amount = "In your favour", pen.money(-invoice.total_minor)
        note = "It pays your next invoices."
    elif left > 0:
        on = due_on(invoice, letterhead_at(invoice.issued_at))
        note = f"Due {pen.day(on)}" if on > invoice.billed_on else "Due on receipt"
    return Words(
        subject=f"{invoice} from {heading.name}",
        name=heading.name,
        color=heading.color or INK,
        greeting=f"Hello {invoice.customer_name},",
        attached=f"Your {kind} {invoice.number} of {billed} is attached as a PDF.",
        label=label,
        note=note,
        amount=amount,
        how_to_pay=heading.how_to_pay if left > 0 and not invoice.is_credit_note else "",
        questions="Is anything unclear? Answer this mail." if answers_to(heading, operator) else "",
    )


def as_text(words: Words) -> str:
    """Will write a mail for those who read text alone."""
    parts = [
        words.greeting,
        words.attached,
        f"{words.label}: {words.amount}\n{words.note}",
        words.how_to_pay and f"How to pay\n{words.how_to_pay}",
        words.questions,
        words.name,
    ]
    return "\n\n".join(it for it in parts if it) + "\n"


def as_html(words: Words) -> str:
    """Will write a mail as HTML; nothing in it is read as markup."""
    how_to_pay: str | SafeString = ""
    if words.how_to_pay:
        lines = format_html_join(
            SafeString("<br>"), "{}", ((it,) for it in words.how_to_pay.splitlines())
        )
        how_to_pay = format_html(
            '<p style="margin:0 0 20px;font-size:15px;line-height:1.5">'
            "<strong>How to pay</strong><br>{}</p>",
            lines,
        )
    return format_html(_frame(), **vars(words) | {"how_to_pay": how_to_pay})


def file_name(invoice: Invoice) -> str:
    """Will name an invoice's file: ``invoice-12.pdf``."""
    return f"{str(invoice).lower().replace(' ', '-')}.pdf"


@cache
def _frame() -> str:
    return (PAPERS / "mail.html").read_text(encoding="utf-8")
