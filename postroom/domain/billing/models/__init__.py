"""What is owed: runs, invoices and their lines, charges by hand, credits."""

from postroom.domain.billing.models.charges import Charge
from postroom.domain.billing.models.invoices import (
    CreditUse,
    Invoice,
    InvoiceLine,
    LineKind,
    NumberSeries,
)
from postroom.domain.billing.models.runs import BillingRun, RunState, SetAside

__all__ = [
    "BillingRun",
    "Charge",
    "CreditUse",
    "Invoice",
    "InvoiceLine",
    "LineKind",
    "NumberSeries",
    "RunState",
    "SetAside",
]
