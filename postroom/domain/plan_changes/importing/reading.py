"""From a file to a sheet of plans."""

from postroom.base.sheets import Sheet, Unreadable, read_table

MOST_ROWS = 5_000


class NoPlanColumn(Unreadable):
    """There is no column named “plan” in the first row. The template shows the columns."""


def read(content: bytes, *, locale: str = "en_US") -> Sheet:
    """Will read a table of plans. Raises Unreadable, by one of its kinds."""
    return read_table(content, locale=locale, most_rows=MOST_ROWS, check=_columns)


def _columns(names: list[str]) -> list[str]:
    names = ["plan" if name in {"name", "plan_name"} else name for name in names]
    if "plan" not in names:
        raise NoPlanColumn()
    return names
