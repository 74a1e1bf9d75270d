"""Taking everything along: a ZIP of tables, sent as it is written, as of one instant."""

import zipfile
from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse

from postroom.base.tenancy import as_operator
from postroom.domain.moving_in.everything import Number, everything
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.tables_to_take import table_of, words

#: Bytes that are gathered before they are sent.
ENOUGH = 64 * 1024


class _Passing:
    """What a ZIP is written to and taken from, piece by piece."""

    def __init__(self) -> None:
        self.pieces = list[bytes]()
        self.held = 0

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        self.held += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is kept back."""

    def take(self) -> bytes:
        taken, self.pieces, self.held = b"".join(self.pieces), [], 0
        return taken


@desk(May.RUN_HOUSE)
def export_everything(request: DeskRequest) -> HttpResponse:
    """All that the operator has, a table a file."""
    answer = StreamingHttpResponse(_zip(request.operator), content_type="application/zip")
    name = f"{request.operator.slug}-{request.on.isoformat()}"
    answer["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer  # type: ignore[return-value]


def _zip(operator: Operator) -> Iterator[bytes]:
    passing = _Passing()
    # The view's own transaction is over by the time this is read.
    with (
        as_operator(operator.pk, snapshot=True),
        zipfile.ZipFile(passing, "w", zipfile.ZIP_DEFLATED) as archive,  # type: ignore[call-overload]
    ):
        for name, columns, rows in everything(operator):
            safe = ([_cell(value) for value in row] for row in rows)
            with archive.open(f"{name.replace(' ', '-')}.csv", "w", force_zip64=True) as file:
                for line in table_of(operator, columns, safe):
                    file.write(line.encode())
                    if passing.held >= ENOUGH:
                        yield passing.take()
    yield passing.take()


def _cell(value: object) -> object:
    """Will keep a spreadsheet from taking text for a formula."""
    return words(value) if isinstance(value, str) and not isinstance(value, Number) else value
