"""The names that rows give: made unique by their place where a table lists several operators."""

from collections import Counter
from dataclasses import dataclass

from postroom.base.refusals import Refused
from postroom.base.sheets import Line, Sheet


class NameTwice(Refused):
    """“{name}” stands in row {row} already. Keep one of the two rows."""


@dataclass(frozen=True)
class Named:
    """A row's name, what is to be noted of it, and why it cannot have it."""

    name: str
    note: str = ""
    refusal: Refused | None = None


def names_of(sheet: Sheet) -> list[Named]:
    """Will return the name of each line; the same file always gives the same names.

    A name that rows of several places share gets its place in brackets, and the row says so.
    Otherwise the first row has it, and the others are refused.
    """
    shared = Counter(_plain(line) for line in sheet.lines)
    rows: dict[str, int] = {}
    names = []
    for line in sheet.lines:
        name, note = line.cells.get("plan", ""), ""
        place = line.cells.get("location", "").partition(",")[0].strip()
        if name and place and shared[_plain(line)] > 1:
            note = f"Named with its place, since several rows are named “{name}”."
            name = f"{name} ({place})"
        key = " ".join(name.split()).lower()
        first = rows.setdefault(key, line.number)
        twice = NameTwice(name=name, row=first) if key and first != line.number else None
        names.append(Named(name, note, twice))
    return names


def _plain(line: Line) -> str:
    return " ".join(line.cells.get("plan", "").split()).lower()
