"""Open items: each is its document less what was allocated."""

from collections.abc import Mapping
from typing import Any

from postroom.domain.proof.checks.in_turn import in_turn
from postroom.domain.proof.faults import Fault, Page, by_statement
from postroom.domain.proof.models import Kind


def _of_an_invoice(page: Page, row: Mapping[str, Any]) -> Fault:
    about = {"invoice": row["id"], "subscription": row["subscription_id"]}
    return _fault(page, row, f"What is left of number {row['number']}", **about)


def _of_a_payment(page: Page, row: Mapping[str, Any]) -> Fault:
    what = f"What is left of a payment of {page.money(-row['amount_minor'])}"
    return _fault(page, row, what, payment=row["id"])


def _fault(page: Page, row: Mapping[str, Any], what: str, **about: int) -> Fault:
    stored = "no open item"
    if row["item_minor"] is not None:
        stored = f"{page.money(row['item_left_minor'])} of {page.money(row['item_minor'])}"
    right = f"{page.money(row['left_minor'])} of {page.money(row['amount_minor'])}"
    said = f"{what} is not its amount less what was put there."
    if stored == right:
        said = f"{what} stands on another customer or day."
    return Fault(Kind.OPEN_ITEM, said, stored, right, **about)


look = in_turn(
    by_statement("page_of_invoices.sql", "items_of_invoices.sql", _of_an_invoice),
    by_statement("page_of_payments.sql", "items_of_payments.sql", _of_a_payment),
)
