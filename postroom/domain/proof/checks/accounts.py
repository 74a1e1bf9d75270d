"""Customers' accounts: what is open of each is what stands on the receivable account."""

from collections.abc import Mapping
from typing import Any

from postroom.domain.proof.faults import Fault, Page, by_statement
from postroom.domain.proof.models import Kind


def _in_words(page: Page, row: Mapping[str, Any]) -> Fault:
    said = f"The open items of {row['name']} are not what was posted."
    stored, right = page.money(row["left_minor"]), page.money(row["receivable_minor"])
    return Fault(Kind.ACCOUNT, said, stored, right)


look = by_statement("page_of_customers.sql", "accounts.sql", _in_words)
