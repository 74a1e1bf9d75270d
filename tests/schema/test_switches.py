"""Each constraint of switches, and of the terms that they open, broken by name."""

from uuid import uuid4

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking, change

SWITCH = "subscriptions_switch"


def test_a_form_enters_one_switch(full: House) -> None:
    key = {"entered_by_form": f"'{uuid4()}'", "state": "'done'"}
    again(SWITCH, **key)
    with breaking("switch_is_entered_once_by_a_form"):
        again(SWITCH, **key)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("subscription_has_one_pending_switch", {}),
        ("switch_is_to_1_to_120_months", {"months": "0"}),
        ("switch_is_to_1_to_120_months", {"months": "121"}),
        ("switch_timing_is_known", {"timing": "'soon'"}),
        ("switch_state_is_known", {"state": "'lost'"}),
        ("operator_moves_somebody_at_a_renewal", {"not_before": '"on"'}),
        (
            "operator_moves_somebody_at_a_renewal",
            {
                "not_before": '"on"',
                "moves_to_id": "(SELECT min(id) FROM plans_planversion)",
                "timing": "'now'",
            },
        ),
    ],
)
def test_switches(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again(SWITCH, **changes)


def test_what_does_not_wait_any_more_stands_in_nobodys_way(full: House) -> None:
    for state in ("done", "replaced", "lapsed"):
        again(SWITCH, state=f"'{state}'")
    assert ask(f"SELECT count(*) FROM {SWITCH}") == [(4,)]


def test_what_renews_by_itself_has_no_switch(full: House) -> None:
    switch = {"switch_id": f"(SELECT id FROM {SWITCH})", "seq": "99"}
    with breaking("only_a_switch_brings_its_term"):
        again("subscriptions_term", **switch)


def test_a_switch_is_changed_by_its_state_alone(full: House) -> None:
    change(SWITCH, state="'done'")
    assert ask(f"SELECT state FROM {SWITCH}") == [("done",)]
