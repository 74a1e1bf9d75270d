"""Raw SQL under the application's role, as a neighbour: nothing of Harbor's is seen or touched."""

from collections.abc import Callable

import pytest
from django.db import ProgrammingError, connection, models, transaction

from postroom.base.tenancy import (
    as_member,
    as_operator,
    as_platform,
    as_public_reader,
    as_worker,
)
from postroom.demo.cast import House
from postroom.domain.operators.models import Operator, Staff
from tests.conftest import AT, ON
from tests.everything import fill
from tests.tables import again, ask, named, tenant_models

every_table = pytest.mark.parametrize("model", tenant_models(), ids=named)


@pytest.fixture
def neighbour(harbor: House, make_house: Callable[..., House]) -> House:
    """Neighbor Post next to Harbor Mail, which has a row in every table."""
    with as_operator(harbor.operator.pk):
        fill(harbor, at=AT, on=ON)
    return make_house("Neighbor Post")


def seen(model: type[models.Model], house: House) -> int:
    """Will count the rows of a house that the scope sees."""
    table = model._meta.db_table
    [(count,)] = ask(f"SELECT count(*) FROM {table} WHERE operator_id = %s", house.operator.pk)
    return count


@every_table
def test_harbor_sees_its_own_rows(harbor: House, model: type[models.Model]) -> None:
    with as_operator(harbor.operator.pk):
        fill(harbor, at=AT, on=ON)
        assert seen(model, harbor) > 0, "add a row to tests/everything.py"


@every_table
def test_a_neighbour_sees_touches_and_adds_nothing(
    harbor: House, neighbour: House, model: type[models.Model]
) -> None:
    table, pk = model._meta.db_table, harbor.operator.pk
    with as_operator(neighbour.operator.pk):
        assert seen(model, harbor) == 0
        for act in ("UPDATE {} SET id = id", "DELETE FROM {}"):
            with connection.cursor() as cursor:
                # A closed book refuses the statement before it looks at any row.
                if "_never_" not in str(_triggers(table)):
                    cursor.execute(f"{act.format(table)} WHERE operator_id = %s", [pk])
                    assert cursor.rowcount == 0
    with as_operator(pk):
        assert seen(model, harbor) > 0


@every_table
def test_a_row_for_harbor_is_refused(
    harbor: House, neighbour: House, model: type[models.Model]
) -> None:
    with as_operator(neighbour.operator.pk):
        fill(neighbour, at=AT, on=ON)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            again(model._meta.db_table, operator_id=str(harbor.operator.pk))


def _triggers(table: str) -> list[tuple[str]]:
    return ask(
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass", table
    )


@every_table
def test_without_a_scope_there_are_no_rows(harbor: House, model: type[models.Model]) -> None:
    assert ask(f"SELECT true FROM {model._meta.db_table}") == []


def test_a_scope_leaves_nothing_behind(harbor: House) -> None:
    with as_operator(harbor.operator.pk):
        assert Operator.objects.count() == 1
    assert Operator.objects.count() == 0
    assert ask("SELECT current_user, current_setting('postroom.operator_id', true)") == [
        ("postroom_app", "")
    ]


def test_an_inner_scope_gives_the_outer_one_back(harbor: House, neighbour: House) -> None:
    with as_operator(harbor.operator.pk):
        with as_operator(neighbour.operator.pk):
            assert Operator.objects.get() == neighbour.operator
            with as_platform():
                assert Operator.objects.count() >= 2
            assert Operator.objects.get() == neighbour.operator
        assert Operator.objects.get() == harbor.operator


def test_an_inner_scope_that_fails_gives_the_outer_one_back(
    harbor: House, neighbour: House
) -> None:
    with as_operator(harbor.operator.pk):
        with pytest.raises(KeyError), as_operator(neighbour.operator.pk):
            raise KeyError
        assert Operator.objects.get() == harbor.operator


def test_a_worker_sees_which_operators_there_are_and_no_more(
    harbor: House, neighbour: House
) -> None:
    with as_worker():
        assert {harbor.operator, neighbour.operator} <= set(Operator.objects.all())
        for model in tenant_models():
            assert ask(f"SELECT true FROM {model._meta.db_table}") == []
        with pytest.raises(ProgrammingError), transaction.atomic():
            ask("UPDATE operators_operator SET name = 'Mine'")


def test_a_member_sees_his_own_places(harbor: House, neighbour: House) -> None:
    with as_member(harbor.owner.pk):
        assert [it.user_id for it in Staff.objects.all()] == [harbor.owner.pk]
        assert list(Operator.objects.all()) == [harbor.operator]
        for model in tenant_models():
            if model is not Staff:
                assert ask(f"SELECT true FROM {model._meta.db_table}") == []
    with as_member(0):
        assert Staff.objects.count() == Operator.objects.count() == 0


def test_a_member_does_not_promote_himself(harbor: House) -> None:
    with as_member(harbor.owner.pk):
        assert Staff.objects.update(role="owner") == 0


def test_the_public_reader_is_not_let_at_the_tables(harbor: House) -> None:
    with as_public_reader(), pytest.raises(ProgrammingError), transaction.atomic():
        ask("SELECT name FROM operators_operator")
