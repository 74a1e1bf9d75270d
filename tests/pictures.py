"""Pictures drawn here, and PDFs looked at as pictures."""

import struct
import zlib
from pathlib import Path

import typst

SHAPES = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">'
    b'<rect width="20" height="10" rx="2" fill="#17323a"/></svg>'
)


def png(width: int = 8, height: int = 4, *, claims: tuple[int, int] | None = None) -> bytes:
    """Will draw a plain picture; its head may claim another size."""
    size = claims or (width, height)
    rows = b"".join(b"\0" + b"\x17\x32\x3a" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*it) for it in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def look(pdf: bytes, folder: Path, *, page: int = 1) -> bytes:
    """Will draw a page of a PDF as a PNG, the way somebody sees it."""
    (folder / "it.pdf").write_bytes(pdf)
    (folder / "look.typ").write_text(
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        f'#image("it.pdf", page: {page}, alt: "")'
    )
    drawn = typst.compile(folder / "look.typ", format="png", ppi=40)
    assert isinstance(drawn, bytes)
    return drawn


def title_of(pdf: bytes) -> str:
    """Will return what a PDF says it is called."""
    text = pdf.decode("latin-1")
    return text.partition("<dc:title>")[2].partition("</rdf:li>")[0].rpartition(">")[2]


def pages_of(pdf: bytes, folder: Path) -> int:
    """Will count the pages of a PDF, by looking for one after the other."""
    count = 0
    while True:
        try:
            look(pdf, folder, page=count + 1)
        except typst.TypstError:
            return count
        count += 1
