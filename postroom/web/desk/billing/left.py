"""What is left of an invoice or credit note, as lists show it."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.domain.billing.models import Invoice
from postroom.domain.operators.models import Operator


def left_of(invoice: Invoice, left_minor: int, operator: Operator) -> SafeString:
    """Will say what is left now of an invoice to pay, or of a credit note to use."""
    if left_minor > 0:
        return format_html("{}", operator.show(left_minor))
    if left_minor < 0:
        shown = '<span class="status-badge tone-info">Credit left</span> {}'
        return format_html(shown, operator.show(-left_minor))
    word = "Used" if invoice.is_credit_note else "Paid"
    return format_html('<span class="status-badge tone-good">{}</span>', word)
