"""Postings: each document's sum to nothing and say what the document says."""

from collections.abc import Mapping
from typing import Any

from postroom.domain.billing.models import Account
from postroom.domain.proof.checks.in_turn import in_turn
from postroom.domain.proof.faults import Fault, Page, by_statement
from postroom.domain.proof.models import Kind

OF_AN_INVOICE = ("receivable", "revenue", "tax", "deposits")


def _of_an_invoice(page: Page, row: Mapping[str, Any]) -> Fault:
    stored = {it: row[f"posted_{it}"] for it in OF_AN_INVOICE}
    owed = {it: row[it] for it in OF_AN_INVOICE}
    return Fault(
        Kind.POSTING,
        f"Number {row['number']} is not posted as it says.",
        _written(page, stored, row["posted_other"], row["off_day"]),
        _written(page, owed, 0, 0),
        invoice=row["id"],
        subscription=row["subscription_id"],
    )


def _of_a_payment(page: Page, row: Mapping[str, Any]) -> Fault:
    minor, method = row["amount_minor"], row["method"]
    stored = {method: row["received"], "receivable": row["receivable"]}
    return Fault(
        Kind.POSTING,
        f"A payment of {page.money(minor)} of {page.day(row['on'])} is not posted as it says.",
        _written(page, stored, row["other"], row["off_day"]),
        _written(page, {method: minor, "receivable": -minor}, 0, 0),
        payment=row["id"],
    )


def _written(page: Page, amounts: Mapping[str, int], other: int, off_day: int) -> str:
    said = [f"{Account(it).label} {page.money(n)}" for it, n in amounts.items() if n]
    said += [f"other accounts {page.money(other)}"] if other else []
    said += ["on another day"] if off_day else []
    return ", ".join(said) or "nothing"


look = in_turn(
    by_statement("page_of_invoices.sql", "postings_of_invoices.sql", _of_an_invoice, "documents"),
    by_statement("page_of_payments.sql", "postings_of_payments.sql", _of_a_payment, "documents"),
)
