"""The public's role reads what is published, and no table."""

import pytest
from django.db import DatabaseError, ProgrammingError, transaction

from postroom.base.tenancy import as_operator, as_public_reader
from postroom.demo.cast import House
from postroom.domain.plans.actions import Words, save_words
from tests.conftest import AT
from tests.tables import ask

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
VIEWS = "SELECT viewname FROM pg_views WHERE schemaname = 'published' ORDER BY viewname"


def test_the_public_reads_no_table(harbor: House) -> None:
    readable = []
    for (table,) in ask(TABLES):
        try:
            with as_public_reader():
                ask(f'SELECT true FROM "{table}" LIMIT 1')
            readable.append(table)
        except ProgrammingError as error:
            assert "permission denied" in str(error)
    assert readable == []


def test_the_public_writes_nothing(harbor: House) -> None:
    for (view,) in ask(VIEWS):
        for act in ("INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}"):
            with as_public_reader(), pytest.raises(DatabaseError), transaction.atomic():
                ask(act.format(f"published.{view}"))


def test_views_are_barriers_that_nobody_owns_who_signs_in(db: None) -> None:
    rows = ask(
        "SELECT relname, 'security_barrier=true' = ANY (reloptions), rolname, rolcanlogin,"
        " rolsuper OR rolbypassrls"
        " FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner"
        " WHERE relnamespace = 'published'::regnamespace AND relkind = 'v'"
    )
    assert len(rows) >= 7
    assert {row[1:] for row in rows} == {(True, "postroom_definer", False, False)}


def test_an_unticked_plan_is_gone_from_every_view(harbor: House) -> None:
    def shown() -> set[tuple[str, int]]:
        with as_public_reader():
            return {
                (view, count)
                for view in ("plans", "rates", "allowances", "storage_fees", "plan_locations")
                for (count,) in ask(
                    f"SELECT count(*) FROM published.{view} WHERE operator_id = %s",
                    harbor.operator.pk,
                )
            }

    assert all(count > 0 for _, count in shown())
    with as_operator(harbor.operator.pk):
        save_words(harbor.bronze, words=Words(name="Bronze"), by=None, at=AT)
    assert all(count == 0 for _, count in shown())
