"""Taking everything along: every table that matters, and customers that can be brought again."""

from datetime import date

from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import BRONZE, House
from postroom.domain.moving_in.columns import COLUMNS
from postroom.domain.moving_in.everything import customers_to_bring, everything
from postroom.domain.moving_in.models import Outcome
from postroom.domain.moving_in.tables import TABLES
from postroom.domain.operators.actions import add_location, open_operator
from postroom.domain.operators.models import Operator
from postroom.domain.plans.actions import Words, create_plan
from tests.conftest import AT, ON
from tests.everything import fill
from tests.rooms.moving_worlds import bring, rows_of, table, taken_in
from tests.tables import our_models


def exported(operator: Operator) -> list[dict[str, str]]:
    """Will return the customers as a file would have them."""
    return [
        {column: str(cell) for column, cell in zip(COLUMNS, row, strict=True)}
        for row in customers_to_bring(operator)
    ]


def empty_house(like: House) -> House:
    """Will open an operator with the same locations and plan, and nobody in it."""
    with as_platform():
        operator = open_operator(name="New House", slug="new-house", at=AT, by=None)
    by = like.owner
    with as_operator(operator.pk):
        address = {"city": "Brooklyn", "state": "NY", "postal_code": "11231"}
        locations = [
            add_location(operator, name=it.name, street=it.street, **address, at=AT, by=by)
            for it in like.locations
        ]
        words = Words(name="Bronze")
        plan = create_plan(operator, words=words, terms=BRONZE, by=by, at=AT, on=date(2020, 1, 1))
    return House(operator, by, locations, plan, {}, {})


def test_what_is_taken_along_can_be_brought_again(harbor: House) -> None:
    with as_operator(harbor.operator.pk):
        before = exported(harbor.operator)
    assert len(before) == 4
    there = empty_house(harbor)
    with as_operator(there.operator.pk):
        rows = taken_in(there, *before)
        assert [(it.outcome, it.problems) for it in rows] == [(Outcome.ADDED, [])] * 4
        assert exported(there.operator) == before
        again = rows_of(bring(there, content=table(*before)))
        assert {it.outcome for it in again} == {Outcome.SAME}


def test_every_table_is_read(in_harbor: House) -> None:
    fill(in_harbor, at=AT, on=ON)
    read = {}
    for name, columns, rows in everything(in_harbor.operator):
        cells = list(rows)
        assert all(len(row) == len(columns) for row in cells)
        read[name] = len(cells)
    assert [name for name, count in read.items() if count == 0] == []


def test_tables_are_named_once() -> None:
    assert len({it.name for it in TABLES}) == len(TABLES)
    assert {it.model for it in TABLES} <= set(our_models())
