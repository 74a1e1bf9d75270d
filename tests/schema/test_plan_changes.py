"""Each constraint of changes and their sheets, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking, change

CHANGE = "plan_changes_planchange"
#: Another announcement, for what else is wrong to come first.
OTHER = {"kind": "'move'", "announcement_id": "announcement_id + 1"}


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("version_is_of_one_change", {"announcement_id": "announcement_id + 1"}),
        ("announcement_is_of_one_change", {"kind": "'move'"}),
        ("plan_change_kind_is_known", OTHER | {"kind": "'whim'"}),
        ("revisions_start_at_one", OTHER | {"revision": "0"}),
        ("withdrawn_change_says_why", OTHER | {"withdrawn_at": "scheduled_at"}),
        ("withdrawn_change_says_why", OTHER | {"withdrawn_because": "'A slip'"}),
    ],
)
def test_changes(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again(CHANGE, **changes)


def test_a_change_is_edited_once(full: House) -> None:
    again("notices_announcement")
    again("notices_announcement")
    ids = "(SELECT array_agg(id ORDER BY id) FROM notices_announcement)"
    edit = {"kind": "'move'", "replaces_id": "id"}
    again(CHANGE, **edit, announcement_id=f"{ids}[2]")
    with breaking("change_is_edited_once"):
        again(CHANGE, **edit, announcement_id=f"{ids}[3]")


@pytest.mark.parametrize("act", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_what_was_scheduled_stays(full: House, act: str) -> None:
    with breaking("what_was_scheduled_never_changes"):
        ask(act.format(CHANGE))


def test_a_change_moves_on(full: House) -> None:
    change(CHANGE, announced_on="existing_from")
    assert ask(f"SELECT announced_on = existing_from FROM {CHANGE}") == [(True,)]


def test_a_sheet_has_a_customer_once(full: House) -> None:
    with breaking("sheet_has_a_customer_once"):
        again("plan_changes_sheetrow")


def test_outcomes_are_named(full: House) -> None:
    with breaking("outcome_is_named"):
        change("plan_changes_sheetrow", outcome="'silence'")
