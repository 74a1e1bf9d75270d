"""Files of customers for tests, and bringing them."""

from typing import Any

from postroom.demo.cast import House
from postroom.domain.moving_in.keeping import confirm, keep_file
from postroom.domain.moving_in.models import MovingIn, MovingRow
from postroom.domain.moving_in.taking_in import take_in_page
from tests.conftest import AT, ON

ADA = {
    "external_id": "C-1",
    "name": "Ada Lane",
    "email": "ada@customers.example",
    "location": "Brooklyn - Henry St",
    "mailbox": "301",
    "plan": "Bronze",
    "cycle": "monthly",
    "price": "9.99",
    "starts_on": "2024-03-15",
    "paid_through": "2026-07-14",
}


def table(*rows: dict[str, str]) -> bytes:
    """Will write rows as CSV, every cell quoted."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [[row.get(column, "") for column in columns] for row in rows]
    quoted = [",".join(f'"{cell}"' for cell in line) for line in [columns, *lines]]
    return "\n".join(quoted).encode()


def bring(house: House, *rows: dict[str, str], **more: Any) -> MovingIn:
    """Will bring a file and work out its dry run."""
    content = more.pop("content", None) or table(*rows)
    facts = {"file_name": "customers.csv", "by": house.owner, "at": AT, "on": ON} | more
    return keep_file(house.operator, content=content, **facts)


def taken_in(house: House, *rows: dict[str, str], **more: Any) -> list[MovingRow]:
    """Will bring a file, confirm it and take it in."""
    kept = bring(house, *rows, **more)
    by, seen = house.owner, kept.fingerprint
    confirm(kept, seen=seen, only_whole=False, by=by, at=AT, on=ON)
    while take_in_page(house.operator, kept.pk, at=AT, page=2):
        pass
    return rows_of(kept)


def rows_of(kept: MovingIn) -> list[MovingRow]:
    return list(MovingRow.objects.filter(moving_in=kept).order_by("number"))


def says(row: MovingRow) -> str:
    """Will return what is wrong with a row, as one line."""
    return " ".join(f"{column}: {sentence}" for column, sentence in row.problems)
