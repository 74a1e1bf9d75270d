"""Each constraint of proofs and differences, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking

UNDER_WAY = {"finished_at": "NULL", "check_name": "'lines'"}


def test_an_operator_has_one_proof_under_way(full: House) -> None:
    again("proof_proof", **UNDER_WAY)
    with breaking("operator_has_one_proof_under_way"):
        again("proof_proof", **UNDER_WAY)


@pytest.mark.parametrize(
    "changes",
    [{"finished_at": "NULL"}, {"check_name": "'lines'"}, UNDER_WAY | {"check_name": "'x'"}],
)
def test_a_proof_is_at_a_check_until_it_is_finished(full: House, changes: dict[str, str]) -> None:
    with breaking("proof_under_way_is_at_a_check"):
        again("proof_proof", **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("difference_check_is_known", {"check_name": "'luck'"}),
        ("difference_kind_is_known", {"kind": "'odd'"}),
        ("difference_says_what", {"sentence": "''"}),
    ],
)
def test_differences(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("proof_difference", **changes)


@pytest.mark.parametrize("act", ["UPDATE {} SET stored = 'x'", "DELETE FROM {}"])
def test_differences_are_a_closed_book(full: House, act: str) -> None:
    with breaking("differences_never_change"):
        ask(act.format("proof_difference"))
