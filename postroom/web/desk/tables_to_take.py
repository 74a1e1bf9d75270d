"""Tables to take away, for a spreadsheet, as people of the operator's locale would write them."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from babel.numbers import get_decimal_symbol
from django.http import HttpResponse, StreamingHttpResponse

from postroom.domain.operators.models import Operator

#: What a spreadsheet would take for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """What a writer of CSV writes to, giving each line back."""

    def write(self, line: str) -> str:
        return line


def table_of(
    operator: Operator, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[str]:
    """Will yield a table's lines, its columns' names first."""
    # Where amounts have a comma, spreadsheets part the columns by semicolons.
    delimiter = ";" if get_decimal_symbol(operator.locale) == "," else ","
    writer = csv.writer(_Echo(), delimiter=delimiter)
    # The mark at the start tells Excel that this is UTF-8.
    yield "\ufeff" + writer.writerow(columns)
    for row in rows:
        yield writer.writerow(row)


def to_take(lines: Iterable[str], *, name: str) -> HttpResponse:
    """Will answer with a table as a file of that name."""
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer  # type: ignore[return-value]


def words(text: str) -> str:
    """Will keep a spreadsheet from taking what somebody typed for a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text
