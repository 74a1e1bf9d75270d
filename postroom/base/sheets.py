"""From a file to a sheet: a CSV or XLSX of any common make, as rows of text by column."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from babel.numbers import get_decimal_symbol
from openpyxl import load_workbook  # type: ignore[import-untyped]

from postroom.base.refusals import Refused

MOST_COLUMNS = 200
#: An XLSX is an archive: one that unpacks to more than this is no table to read.
MOST_UNPACKED = 100 * 1024 * 1024
#: A formula in the XML of a sheet.
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
#: Stands for a NUL, which JSON in PostgreSQL cannot keep; refused in a row just as a NUL is.
UNSTORABLE = "\x01"


class Unreadable(Refused):
    """The file cannot be read."""

    field = "file"


class EmptyFile(Unreadable):
    """The file is empty."""


class OldExcel(Unreadable):
    """This is a file of an old Excel. Save it as XLSX or CSV and choose that."""


class BrokenWorkbook(Unreadable):
    """This is not a workbook that can be opened. Save it again as XLSX or CSV."""


class WorkbookTooLarge(Unreadable):
    """Unpacked, this workbook is too large. Save the one sheet that counts as CSV."""


class BrokenTable(Unreadable):
    """The table cannot be read after row {row}: {reason}."""


class ColumnTwice(Unreadable):
    """Two columns are named “{column}”. Keep one of them."""


class TooManyColumns(Unreadable):
    """The table has more than {most} columns. Download the template to see which are read."""


class TooManyRows(Unreadable):
    """The table has more than {most:,} rows. Split the file and import the parts."""


@dataclass(frozen=True)
class Line:
    """A row of the file: its number there, and its cells by column, empty ones left out."""

    number: int
    cells: dict[str, str]
    #: Whether it has more cells than there are columns: an unquoted comma, most often.
    overfull: bool = False


@dataclass(frozen=True)
class _Reading:
    """What a file is read for."""

    most_rows: int
    check: Callable[[list[str]], list[str]]


@dataclass(frozen=True)
class Sheet:
    """What was read of a file, and what is worth saying about it."""

    columns: list[str]
    lines: list[Line]
    notes: list[str] = field(default_factory=list)

    def pack(self) -> dict[str, Any]:
        """Will turn the sheet into plain JSON; ``unpack`` is its inverse."""
        return {
            "columns": self.columns,
            "lines": [[line.number, line.cells, line.overfull] for line in self.lines],
            "notes": self.notes,
        }

    @classmethod
    def unpack(cls, packed: dict[str, Any]) -> "Sheet":
        return cls(packed["columns"], [Line(*line) for line in packed["lines"]], packed["notes"])


def read_table(
    content: bytes, *, locale: str, most_rows: int, check: Callable[[list[str]], list[str]]
) -> Sheet:
    """Will read a CSV or XLSX file; numbers of an XLSX are written as that locale writes them.

    ``check`` is given the columns' names in one form, and returns what they are called here.
    Raises Unreadable, by one of its kinds.
    """
    reading = _Reading(most_rows, check)
    if not content.strip():
        raise EmptyFile()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldExcel()
    if content.startswith(b"PK\x03\x04"):
        return _sheet(_workbook(content, get_decimal_symbol(locale)), [], reading)
    text, notes = _decoded(content)
    return _sheet(_table(text), notes, reading)


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), []
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        note = "The file was read as Western European text (Windows-1252), not as UTF-8."
    try:
        return content.decode("cp1252"), [note]
    except UnicodeDecodeError:
        return content.decode("latin-1"), [note]


def _table(text: str) -> Iterator[list[str]]:
    first_line = re.sub(r'"[^"]*"', "", text.lstrip().splitlines()[0])
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = "a quotation mark is not closed" if "unexpected end" in str(error) else error
            raise BrokenTable(row=row, reason=reason) from error
        row += 1
        yield cells


def _workbook(content: bytes, decimal: str) -> Iterator[list[str]]:
    """Will yield the rows of the first sheet; a formula gives the value that was saved with it.

    A formula saved without a value is given as its own text, so that it is refused and not lost.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(it.file_size for it in archive.infolist()) > MOST_UNPACKED:
                raise WorkbookTooLarge()
            calculated = _has_formulas(archive)
        values = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        # Read a second time only for formulas: it takes as long again.
        formulas = values
        if calculated:
            formulas = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        rows = _cells(values)
        pairs = (
            zip(rows, _cells(formulas), strict=True) if calculated else ((it, it) for it in rows)
        )
        for row, written in pairs:
            yield [
                _text(written[place] if value is None else value, decimal)
                for place, value in enumerate(row)
            ]
    except Refused:
        raise
    except Exception as error:  # openpyxl raises whatever its XML and ZIP readers do
        raise BrokenWorkbook() from error


def _has_formulas(archive: zipfile.ZipFile) -> bool:
    sheets = [it for it in archive.namelist() if it.startswith("xl/worksheets/")]
    return any(FORMULA.search(archive.read(it)) for it in sheets)


def _cells(worksheet: Any) -> Iterator[tuple[Any, ...]]:
    worksheet.reset_dimensions()  # what the file says of its size may be wrong
    yield from worksheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)


def _text(value: object, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # The shortest text that is this number: 9.99 and not 9.9900000000000002.
        number = Decimal(repr(value))
        plain = (
            f"{number.to_integral_value() if number == number.to_integral_value() else number:f}"
        )
        return plain.replace(".", decimal)
    return str(value)


def _sheet(table: Iterable[list[str]], notes: list[str], reading: _Reading) -> Sheet:
    columns: list[str] = []
    lines: list[Line] = []
    for number, row in enumerate(table, start=1):
        if number > reading.most_rows * 20:
            raise TooManyRows(most=reading.most_rows)
        cells = [cell.replace("\0", UNSTORABLE).strip(" \t\r\n\xa0") for cell in row]
        if not any(cells):
            continue
        if not columns:
            columns = _columns(cells, reading.check)
            continue
        if len(lines) == reading.most_rows:
            raise TooManyRows(most=reading.most_rows)
        named = zip(columns, cells, strict=False)
        lines.append(
            Line(
                number,
                {column: cell for column, cell in named if column and cell},
                overfull=any(cells[len(columns) :]),
            )
        )
    if not columns:
        raise EmptyFile()
    return Sheet(columns, lines, notes)


def _columns(cells: list[str], check: Callable[[list[str]], list[str]]) -> list[str]:
    """Will bring the first row's names to one form: ``Monthly rate`` is ``monthly_rate``."""
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise TooManyColumns(most=MOST_COLUMNS)
    names = [re.sub(r"[\s_-]+", "_", cell.casefold()).strip("_") for cell in cells]
    names = check(names)
    for name in names:
        if name and names.count(name) > 1:
            raise ColumnTwice(column=name)
    return names
