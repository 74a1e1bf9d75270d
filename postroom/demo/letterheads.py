"""The letterheads of the demo's operators, with logos drawn here."""

import struct
import zlib
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from postroom.domain.operators.letterheads import Heading, change_letterhead
from postroom.domain.operators.models import Operator
from postroom.domain.users.models import User

HARBOR = Heading(
    name="Harbor Mail",
    address="495 Henry St\nBrooklyn, NY 11231",
    phone="+1 212 555 0140",
    email="billing@harbor.example",
    website="harbor.example",
    color="#0b4f7a",
    how_to_pay=(
        "By check to Harbor Mail, 495 Henry St, Brooklyn, NY 11231, or in cash at the counter."
        " Please give the number of the invoice."
    ),
)
#: Its owner's own language; what its customers read is in it too.
NEIGHBOR = Heading(
    name="Соседняя почта · Neighbor Post",
    address="123 Broadway\nOakland, CA 94607",
    email="hello@neighbor.example",
    how_to_pay="By transfer within 30 days, please.",
    days_to_pay=30,
)

#: A sail over two waves.
SAIL = "M17 6v17H7zM19 10v13h7z"
WAVES = "M5 27q3.7-3 7.3 0t7.3 0 7.4 0", "M5 31q3.7-3 7.3 0t7.3 0 7.4 0"


def sail_over_waves() -> bytes:
    """Will draw Harbor Mail's logo, as an SVG."""
    waves = "".join(
        f'<path d="{it}" fill="none" stroke="#7fc4d6" stroke-width="2"/>' for it in WAVES
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 36">'
        '<rect width="32" height="36" rx="6" fill="#17323a"/>'
        f'<path d="{SAIL}" fill="#fff"/>{waves}</svg>'
    ).encode()


def two_houses(size: int = 96) -> bytes:
    """Will draw Neighbor Post's logo, as a PNG: two roofs side by side."""
    rows = bytearray()
    for y in range(size):
        rows.append(0)
        for x in range(size):
            rows += _color(x * 2 / size % 1, y / size, left=x * 2 < size)
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _color(x: float, y: float, *, left: bool) -> bytes:
    """Will return the color of a place in a house as wide as one and as high."""
    below_roof = y > 0.2 + abs(x - 0.5) * 0.7
    inside = 0.06 < x < 0.94 and below_roof and y < 0.92
    return (b"\x8a\x3b\x2e" if left else b"\xc9\x7b\x4a") if inside else b"\xff\xff\xff"


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def give_letterhead(
    operator: Operator, heading: Heading, logo: bytes, *, by: User, at: datetime
) -> None:
    """Will give an operator its letterhead."""
    form = uuid5(NAMESPACE_URL, f"letterhead of {operator.slug}")
    change_letterhead(operator, heading=heading, logo=logo, form=form, by=by, at=at)
