"""What the database is asked about itself, and rows written past the models."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from postroom.base.refusals import constraint_of
from postroom.base.tenancy.keys import Reference

#: Written by the database itself; a copy of a row gets its own.
BY_ITSELF = "is_identity = 'YES' OR is_generated = 'ALWAYS' OR column_name = 'written_in'"


def our_models() -> list[type[models.Model]]:
    """Will return the models of the rooms, without the tables that Django makes between two."""
    return [it for it in apps.get_models() if it.__module__.startswith("postroom.domain.")]


def tenant_models() -> list[type[models.Model]]:
    """Will return every model whose rows belong to one operator, events included."""
    return [
        it
        for it in our_models()
        if any(field.column == "operator_id" for field in it._meta.local_fields)
    ]


def references(*, to_tenants: bool) -> list[tuple[type[models.Model], Reference]]:
    """Will return each key of a tenant's table, to tenants' tables or to the others."""
    return [
        (model, field)
        for model in tenant_models()
        for field in model._meta.local_fields
        if isinstance(field, Reference) and (field.related_model in tenant_models()) == to_tenants
    ]


def named(it: Any) -> str:
    """Will name a parameter of a test."""
    if isinstance(it, type):
        return it.__name__
    return str(getattr(it, "name", it))


def ask(sql: str, *facts: Any) -> list[tuple[Any, ...]]:
    """Will run a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, facts or None)
        return cursor.fetchall() if cursor.description else []


def again(table: str, **changes: str) -> None:
    """Will insert the first row of a table again, with SQL expressions for the changed columns."""
    columns = [
        name
        for (name,) in ask(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
            f" AND table_name = %s AND (column_name = ANY (%s) OR NOT ({BY_ITSELF}))",
            table,
            list(changes),
        )
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changes.get(name, f'"{name}"') for name in columns)
    ask(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} ORDER BY {table}.id LIMIT 1")


def change(table: str, **changes: str) -> None:
    """Will update the first row of a table with SQL expressions."""
    settings = ", ".join(f'"{name}" = {value}' for name, value in changes.items())
    ask(f"UPDATE {table} SET {settings} WHERE id = (SELECT min(id) FROM {table})")


@contextmanager
def breaking(*constraints: str) -> Iterator[None]:
    """Will assert that the block breaks this constraint, or the first met of these.

    The deferred ones are checked at its end.
    """
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
        ask("SET CONSTRAINTS ALL IMMEDIATE")
    assert constraint_of(refusal.value) in constraints, refusal.value
