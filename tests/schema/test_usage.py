"""Each constraint of usage entries, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking

ENTRY = "usage_usageentry"
ANOTHER = {"key": "'another'"}
#: A correction of the first entry by one.
OF_THE_FIRST = ANOTHER | {
    "corrects_id": f"(SELECT min(id) FROM {ENTRY})",
    "quantity": "-1",
    "reason": "'A slip'",
}


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("usage_entry_counts_once", {}),
        ("usage_entry_has_a_key", {"key": "''"}),
        ("usage_is_of_a_metered_service", ANOTHER | {"service": "'storage'"}),
        ("usage_is_of_a_metered_service", ANOTHER | {"service": "'ironing'"}),
        ("usage_quantity_is_sound", ANOTHER | {"quantity": "0"}),
        ("usage_quantity_is_sound", ANOTHER | {"quantity": "-1"}),
        ("usage_quantity_is_sound", ANOTHER | {"quantity": "1000001"}),
        ("usage_quantity_is_sound", OF_THE_FIRST | {"quantity": "0"}),
        ("usage_quantity_is_sound", OF_THE_FIRST | {"quantity": "-1000001"}),
        ("usage_correction_says_why", OF_THE_FIRST | {"reason": "''"}),
        ("usage_correction_follows_its_entry", OF_THE_FIRST | {"on": '"on" - 1'}),
        ("usage_correction_follows_its_entry", OF_THE_FIRST | {"service": "'forward'"}),
        (
            "usage_correction_follows_its_entry",
            OF_THE_FIRST | {"subscription_id": "subscription_id + 1"},
        ),
        (
            "usage_correction_follows_its_entry",
            OF_THE_FIRST | {"corrects_id": f"(SELECT max(id) FROM {ENTRY})"},
        ),
        ("corrected_usage_stays_a_count", OF_THE_FIRST | {"quantity": "-3"}),
        ("corrected_usage_stays_a_count", OF_THE_FIRST | {"quantity": "1000000"}),
    ],
)
def test_entries(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again(ENTRY, **changes)


def test_what_is_sound_is_written(full: House) -> None:
    again(ENTRY, **ANOTHER)
    again(ENTRY, **ANOTHER | {"key": "'level'", "service": "'recipients'", "quantity": "0"})
    again(ENTRY, **OF_THE_FIRST | {"key": "'less'", "quantity": "-2"})
    assert ask(f"SELECT count(*) FROM {ENTRY}") == [(5,)]


@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_entries_never_change(full: House, act: str) -> None:
    with breaking("usage_entries_never_change"):
        ask(act.format(ENTRY))
