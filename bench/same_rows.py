"""The rows that a billing run wrote, taken from it and written again by plain SQL.

The tables, and the rows and columns in them, are found by looking, so that nothing that the run
comes to write is left out of what it is held against.
"""

from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from psycopg import sql

from bench.databases import Databases, Plain, statement

#: Sees all rows and may write them, so that no policy slows the plain statements.
ROLE = "postroom_platform"
#: Where the rows wait, without keys, and are read from in the order in which they came.
COPIES = "copies"


@dataclass(frozen=True)
class Written:
    """What a run wrote to a table: how many new rows, and the old rows that it changed."""

    table: str
    columns: list[str]
    new: int
    moved: int
    #: The columns in which the old rows differ.
    changed: list[str]


def mark(plain: Plain) -> int:
    """Will return a mark: what is written from now on carries this number or a later one."""
    return int(_one(plain, "SELECT pg_current_xact_id()::xid::text::bigint"))


def take(databases: Databases, ours: str, *, start: str, since: int) -> tuple[str, list[Written]]:
    """Will make a copy of the start with the run's rows lying ready in it.

    Returns its name, and what was written, tables that others point to first.
    """
    ready = databases.make("ready", like=start)
    with databases.connected(ours) as source, databases.connected(ready) as target:
        source.execute(f"SET ROLE {ROLE}")
        target.execute(f"CREATE SCHEMA {COPIES}")
        target.execute(f"GRANT ALL ON SCHEMA {COPIES} TO {ROLE}")
        target.execute(f"SET ROLE {ROLE}")
        points_to = {
            name: set(targets) for name, targets in target.execute(statement("tables.sql"))
        }
        in_order = [it for it in TopologicalSorter(points_to).static_order() if it in points_to]
        found = [_take(source, target, table, since) for table in in_order]
        target.execute("RESET ROLE")
        target.execute("VACUUM (ANALYZE)")
    return ready, [it for it in found if it.new or it.moved]


def write(plain: Plain, written: list[Written]) -> None:
    """Will write the rows once more: in one transaction, one statement a table and kind."""
    plain.execute(f"SET ROLE {ROLE}")
    with plain.transaction():
        for it in written:
            for text in statements(it):
                plain.execute(text)


def statements(it: Written) -> list[sql.Composed]:
    """Will return the statements that write a table's rows again."""
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in it.columns)
    settings = sql.SQL(", ").join(
        sql.SQL("{0} = copy.{0}").format(sql.Identifier(name)) for name in it.changed
    )
    new = sql.SQL(statement("same_rows_new.sql")).format(
        table=sql.Identifier(it.table), columns=columns, copies=_copies(it.table, "new")
    )
    moved = sql.SQL(statement("same_rows_moved.sql")).format(
        table=sql.Identifier(it.table), settings=settings, copies=_copies(it.table, "moved")
    )
    return [new] * bool(it.new) + [moved] * bool(it.changed)


def _take(source: Plain, target: Plain, table: str, since: int) -> Written:
    """Will bring a table's newer rows over: the new ones, and old ones as they are now."""
    columns = [str(name) for (name,) in target.execute(statement("columns.sql"), [table])]
    last = sql.Literal(_one(target, sql.SQL("SELECT coalesce(max(id), 0) FROM {}"), table))
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    counts = {}
    for kind, condition in {"new": "id > {}", "moved": "id <= {}"}.items():
        facts = {
            "table": sql.Identifier(table),
            "names": names,
            "copies": _copies(table, kind),
            "since": sql.Literal(since),
            "condition": sql.SQL(condition).format(last),
        }
        counts[kind] = _copy(source, target, facts)
    changed = _changed(target, table, columns) if counts["moved"] else []
    return Written(table, columns, counts["new"], counts["moved"], changed)


def _copy(source: Plain, target: Plain, facts: dict[str, sql.Composable]) -> int:
    """Will copy rows of one kind into a table without keys; returns how many there are."""
    target.execute(
        sql.SQL("CREATE TABLE {copies} AS SELECT {names} FROM {table} LIMIT 0").format(**facts)
    )
    read = sql.SQL(statement("newer_rows.sql")).format(**facts)
    fill = sql.SQL("COPY {copies} FROM STDIN (FORMAT binary)").format(**facts)
    with source.cursor() as reading, target.cursor() as filling:
        with reading.copy(read) as rows, filling.copy(fill) as copy:
            for block in rows:
                copy.write(block)
        return filling.rowcount


def _changed(target: Plain, table: str, columns: list[str]) -> list[str]:
    """Will return the columns in which the rows differ from those that they were."""
    differs = [
        sql.SQL("bool_or(it.{0} IS DISTINCT FROM copy.{0})").format(sql.Identifier(name))
        for name in columns
    ]
    text = sql.SQL("SELECT {} FROM {} AS it JOIN {} AS copy USING (operator_id, id)").format(
        sql.SQL(", ").join(differs), sql.Identifier(table), _copies(table, "moved")
    )
    [row] = target.execute(text).fetchall()
    return [name for name, is_changed in zip(columns, row, strict=True) if is_changed]


def _copies(table: str, kind: str) -> sql.Identifier:
    return sql.Identifier(COPIES, f"{kind}_{table}")


def _one(plain: Plain, text: Any, *names: str) -> Any:
    if names:
        text = text.format(*[sql.Identifier(name) for name in names])
    [(value,)] = plain.execute(text).fetchall()
    return value
