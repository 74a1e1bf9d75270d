"""What is owed and paid: runs, invoices, charges, payments and the books."""

from postroom.domain.billing.models.books import Account, OpenItem, Posting
from postroom.domain.billing.models.charges import Charge
from postroom.domain.billing.models.invoices import Invoice, InvoiceLine, LineKind, NumberSeries
from postroom.domain.billing.models.payments import Allocation, Method, Payment
from postroom.domain.billing.models.runs import BillingRun, RunState, SetAside

__all__ = [
    "Account",
    "Allocation",
    "BillingRun",
    "Charge",
    "Invoice",
    "InvoiceLine",
    "LineKind",
    "Method",
    "NumberSeries",
    "OpenItem",
    "Payment",
    "Posting",
    "RunState",
    "SetAside",
]
