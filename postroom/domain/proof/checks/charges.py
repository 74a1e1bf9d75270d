"""Charges by hand: each is billed once, as it was entered, on the date that took it up."""

from collections.abc import Mapping
from typing import Any

from postroom.domain.proof.faults import Fault, Page, by_statement
from postroom.domain.proof.models import Kind


def _in_words(page: Page, row: Mapping[str, Any]) -> Fault:
    entered, billed = page.money(row["amount_minor"]), row["billed_minor"]
    right = (
        f"{entered} on the invoice of {page.day(row['billed_on'])}"
        if row["billed_on"]
        else ("on no invoice")
    )
    stored = "on no invoice"
    if billed is not None:
        stored = f"{page.money(billed)} on number {row['number']} of"
        stored += f" {page.day(row['line_billed_on'])}"
    return Fault(
        Kind.CHARGE,
        f"“{row['text']}” is not billed as it was entered.",
        stored,
        right,
        invoice=row["invoice_id"],
        subscription=row["subscription_id"],
    )


look = by_statement("page_of_charges.sql", "charges.sql", _in_words)
