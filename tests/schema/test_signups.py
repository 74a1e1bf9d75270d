"""Each constraint of signups, consents and recipients, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, breaking, change

A_FORM = "'11111111-1111-1111-1111-111111111111'"


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("signup_is_started_once_by_a_form", {"mailbox_id": "NULL", "held_until": "NULL"}),
        ("mailbox_is_held_by_one_signup", {"started_by_form": A_FORM}),
    ],
)
def test_signups_side_by_side(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("signups_signup", **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("signup_state_is_known", {"state": "'lost'"}),
        ("signup_source_is_known", {"source": "'radio'"}),
        ("signup_kind_is_known", {"kind": "'robot'"}),
        ("signup_is_for_1_to_120_months", {"months": "0"}),
        (
            "signup_holds_a_number_while_it_holds",
            {"mailbox_id": "NULL", "held_until": "started_at"},
        ),
        ("signup_is_agreed_to_when_it_is_sent", {"agreed_words": "''"}),
        ("staff_get_a_signup_with_a_confirmed_address", {"email_confirmed_at": "NULL"}),
        ("approved_signup_has_its_subscription", {"state": "'approved'", "decided_at": "seen_at"}),
        ("signup_is_decided_at_a_moment", {"decided_at": "seen_at"}),
    ],
)
def test_signups(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        change("signups_signup", **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("consent_has_its_words", {"words": "''", "agreed_at": "agreed_at + interval '1 day'"}),
        ("consent_is_given_once_at_a_moment", {}),
    ],
)
def test_consents(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("signups_consent", **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("recipient_has_a_name", {"name": "''"}),
        ("recipient_is_named_once", {"name": "upper(name)"}),
    ],
)
def test_recipients(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("customers_recipient", **changes)


def test_standing(in_harbor: House) -> None:
    with breaking("customer_standing_is_known"):
        change("customers_customer", standing="'famous'")
