"""Each constraint of files of customers and their rows, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, breaking, change


@pytest.mark.parametrize("changes", [{"state": "'lost'"}, {"confirmed_at": "at"}])
def test_files_have_the_instants_of_their_state(full: House, changes: dict[str, str]) -> None:
    with breaking("moving_in_has_the_instants_of_its_state"):
        change("moving_in_movingin", **changes)


def test_rows_are_numbered_once(full: House) -> None:
    with breaking("moving_row_is_numbered_once"):
        again("moving_in_movingrow")


def test_outcomes_are_known(full: House) -> None:
    with breaking("moving_row_outcome_is_known"):
        change("moving_in_movingrow", outcome="'lost'")


def test_an_external_id_is_one_customers(full: House) -> None:
    change("customers_customer", external_id="id::text")
    with breaking("customer_external_id_is_unique_for_its_operator"):
        again("customers_customer", made_by_form="NULL")
