"""The same month in the smallest schema that is sound: how fast PostgreSQL bills at all."""

from bench.crowd import ENTRIES, MONTH, ON, SERVICES
from bench.databases import Databases, Plain, statement


def make(databases: Databases, size: int) -> str:
    """Will make a database with that schema and the crowd in it, and return its name."""
    name = databases.make("small_start")
    facts = {
        "size": size,
        "month": MONTH,
        "on": ON,
        "services": [it.value for it in SERVICES],
        "entries": ENTRIES,
    }
    with databases.connected(name) as plain:
        plain.execute(statement("small/schema.sql"))
        plain.execute(statement("small/crowd.sql"), facts)
        plain.execute("VACUUM (ANALYZE)")
    return name


def bill(plain: Plain, *, expected: int) -> None:
    """Will bill everybody."""
    billed = plain.execute(statement("small/bill.sql"), {"on": ON}).rowcount
    if billed != expected:
        raise RuntimeError(f"{billed} subscriptions were billed instead of {expected}.")
