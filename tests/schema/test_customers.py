"""Each constraint of customers and mailboxes, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, breaking, change

A_FORM = "'11111111-1111-1111-1111-111111111111'"


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("customer_has_a_name", {"name": "''"}),
        ("customer_kind_is_known", {"kind": "'robot'"}),
    ],
)
def test_customers(in_harbor: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        change("customers_customer", **changes)


def test_a_form_makes_one_customer(in_harbor: House) -> None:
    change("customers_customer", made_by_form=A_FORM)
    with breaking("customer_is_made_once_by_a_form"):
        again("customers_customer")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("mailbox_number_is_unique_at_its_location", {}),
        ("mailbox_state_is_known", {"state": "'lost'"}),
        ("mailbox_number_is_plain", {"number": "'no. 1'"}),
        ("quarantined_mailbox_has_its_day", {"number": "'7'", "state": "'quarantined'"}),
    ],
)
def test_mailboxes(in_harbor: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("customers_mailbox", **changes)
