"""Each constraint of users, events and operators, broken by name."""

import pytest

from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import House
from postroom.domain.operators.photos import add_photo
from tests.conftest import AT
from tests.pictures import png
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


def test_a_location_reserves_what_it_can_have(in_harbor: House) -> None:
    with breaking("location_reserves_10000_at_most"):
        change("operators_location", reserve_at_least="10001")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("location_lies_on_the_globe", {"latitude": "91"}),
        ("location_lies_on_the_globe", {"longitude": "-180.5"}),
        ("location_lies_on_the_globe", {"latitude": "NULL"}),
        ("location_has_known_features", {"features": "ARRAY['parking', 'moat']"}),
        ("location_hours_are_of_known_days", {"hours": """'{"monday": ["09:00", "17:00"]}'"""}),
        ("location_hours_are_of_known_days", {"hours": "'[]'"}),
        ("location_opens_before_it_closes", {"hours": """'{"mo": ["17:00", "09:00"]}'"""}),
        ("location_opens_before_it_closes", {"hours": """'{"mo": ["09:00"]}'"""}),
    ],
)
def test_what_a_location_shows(in_harbor: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        change("operators_location", **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("photo_is_a_png_or_a_jpeg", {"kind": "'svg'"}),
        ("photo_says_what_it_shows", {"alt": "''"}),
        ("photo_is_of_1_mb_at_most", {"content": "convert_to(repeat('x', 1000001), 'UTF8')"}),
    ],
)
def test_photos(in_harbor: House, constraint: str, changes: dict[str, str]) -> None:
    place, by = in_harbor.locations[0], in_harbor.owner
    add_photo(place, content=png(), alt="The counter", by=by, at=AT)
    with breaking(constraint):
        change("operators_photo", **changes)
    with breaking("photo_is_shown_once_at_a_location"):
        again("operators_photo")


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
