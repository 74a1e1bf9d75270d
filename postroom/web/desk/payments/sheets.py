"""Tables of payments and receivables to take away, read a chunk at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.http import HttpResponse

from postroom.base.tenancy import as_operator
from postroom.domain.operators.models import Operator
from postroom.web.desk.tables_to_take import table_of, to_take, words

__all__ = ["Cells", "in_chunks", "sheet", "words"]

#: Rows that are read at once.
CHUNK = 2_000

Cells = Sequence[object]
#: Takes the key that the last chunk ended with and how many rows it may have; returns each row
#: with its key, in the order of keys.
Reader = Callable[[int, int], Iterable[tuple[int, Cells]]]


def sheet(
    operator: Operator, name: str, columns: Sequence[str], rows: Iterable[Cells]
) -> HttpResponse:
    """Will answer with a table, line by line."""
    return to_take(table_of(operator, columns, rows), name=name)


def in_chunks(operator: Operator, read: Reader, *, chunk: int = CHUNK) -> Iterator[Cells]:
    """Will yield all rows, each chunk read in a short scope of its own."""
    after = 0
    while True:
        with as_operator(operator.pk):
            found = list(read(after, chunk))
        for _, cells in found:
            yield cells
        if len(found) < chunk:
            return
        after = found[-1][0]
