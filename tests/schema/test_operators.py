"""Each constraint of users, events and operators, broken by name."""

import pytest

from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import House
from tests.tables import again, ask, breaking, change


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("operator_slug_is_unique", {}),
        ("operator_slug_is_plain", {"slug": "'Harbor Mail'"}),
        ("operator_currency_is_iso", {"slug": "'other'", "currency": "'usd'"}),
    ],
)
def test_operators(harbor: House, constraint: str, changes: dict[str, str]) -> None:
    with as_platform(), breaking(constraint):
        again("operators_operator", **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("location_slug_is_unique_for_its_operator", {"name": "'Elsewhere'"}),
        ("location_name_is_unique_for_its_operator", {"name": "upper(name)", "slug": "'other'"}),
    ],
)
def test_locations(in_harbor: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("operators_location", **changes)


def test_staff(in_harbor: House) -> None:
    with breaking("person_is_staff_of_an_operator_once"):
        again("operators_staff")
    with breaking("staff_role_is_known"):
        change("operators_staff", role="'boss'")


def test_users(harbor: House) -> None:
    with breaking("user_email_is_unique"):
        again("users_user")
    with breaking("user_email_is_in_lower_case"):
        change("users_user", email="upper(email)")


@pytest.mark.parametrize("act", ["UPDATE {} SET act = 'x'", "DELETE FROM {}"])
def test_events_are_a_closed_book(harbor: House, act: str) -> None:
    for scope in (as_operator(harbor.operator.pk), as_platform()):
        with scope, breaking("events_are_never_edited"):
            ask(act.format("events_event"))
