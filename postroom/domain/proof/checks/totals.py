"""Totals: the lines of each document sum to them."""

from collections.abc import Mapping
from typing import Any

from postroom.domain.proof.faults import Fault, Page, by_statement
from postroom.domain.proof.models import Kind


def _in_words(page: Page, row: Mapping[str, Any]) -> Fault:
    lines, tax = row["lines_minor"], row["tax_lines_minor"]
    sums = {
        "before tax": (row["subtotal_minor"], lines),
        "tax": (row["tax_minor"], tax),
        "total": (row["total_minor"], lines + tax),
        "credit used": (row["credited_minor"], row["taken_minor"]),
    }
    wrong = {name: pair for name, pair in sums.items() if pair[0] != pair[1]}
    return Fault(
        Kind.TOTAL,
        f"Number {row['number']} says something else than its lines and credits sum to.",
        ", ".join(f"{name} {page.money(said)}" for name, (said, _) in wrong.items()),
        ", ".join(f"{name} {page.money(comes_to)}" for name, (_, comes_to) in wrong.items()),
        invoice=row["id"],
        subscription=row["subscription_id"],
    )


look = by_statement("page_of_invoices.sql", "totals.sql", _in_words, "invoices")
