"""A document is set whatever characters its facts have, and the same facts give the same bytes."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postroom.base.typesetting import is_drawable, picture, typeset
from postroom.domain.documents.invoices import INVOICE
from tests.pictures import SHAPES, look, pages_of, png, title_of

AT = datetime(2026, 6, 15, 16, tzinfo=UTC)
#: What a PDF has that is made for reading aloud.
READ_ALOUD = b"pdfuaid"


def facts(text: str = "Ana Alvarez", *, lines: int = 1, logo: Any = None) -> dict[str, Any]:
    """Will return an invoice with a text wherever there is room for one."""
    head = {
        "name": text,
        "address": [text],
        "contacts": [text],
        "color": "#0b4f7a",
        "how_to_pay": [text],
        "logo": logo,
    }
    paper = {
        "head": 0,
        "title": text,
        "customer": {"name": text, "address": [text, text]},
        "particulars": [("Number", text)],
        "lines": [(text, "$1.00")] * lines,
        "sums": [(text, "$1.00")],
        "due": {"label": "Left to pay", "amount": text, "note": text},
        "asks": True,
    }
    page = {"title": text, "author": text, "date": [2026, 6, 15], "paper": "a4"}
    return page | {"heads": [head], "documents": [paper]}


@pytest.mark.parametrize(
    "text",
    [
        "株式会社日本橋 株式会社",
        "شركة الميناء للبريد",
        "דואר הנמל",
        "हिन्दी डाक",
        "Zoë 😀 👩‍👩‍👧 🇺🇸",
        "a\x00b\x07c\x1b[31m\r\n\td",
        "\u202egnp.exe\u202c \u200f\u200e\u2066x",
        "x" * 200,
        "عربي" * 50,
        '#panic() $x$ \\ " @ <label> [*b*] _i_ `c` // /* {}',
        '#{image("/etc/passwd")}',
        "\ud800 \udfff \ufffe \uffff",
        " ",
        "",
    ],
)
def test_every_script_is_set(text: str, tmp_path: Path) -> None:
    pdf = typeset(INVOICE, facts(text), at=AT)
    assert pdf.startswith(b"%PDF")
    assert pages_of(pdf, tmp_path) >= 1


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_any_text_is_set(text: str) -> None:
    assert typeset(INVOICE, facts(text), at=AT).startswith(b"%PDF")


def test_the_same_facts_give_the_same_bytes() -> None:
    assert typeset(INVOICE, facts(), at=AT) == typeset(INVOICE, facts(), at=AT)
    assert typeset(INVOICE, facts("日本"), at=AT) == typeset(INVOICE, facts("日本"), at=AT)


def test_it_is_made_for_reading_aloud_where_every_glyph_is_there() -> None:
    pdf = typeset(INVOICE, facts(), at=AT)
    assert READ_ALOUD in pdf
    assert title_of(pdf) == "Ana Alvarez"
    # No font has what is private to each of them.
    assert READ_ALOUD not in typeset(INVOICE, facts("\U000f1234"), at=AT)


def test_what_is_typed_stays_text(tmp_path: Path) -> None:
    pictures = {
        look(typeset(INVOICE, facts(text), at=AT), tmp_path)
        for text in ("#panic()", "#panic(1)", "$x$", "x", "")
    }
    assert len(pictures) == 5


def test_many_lines_take_more_pages(tmp_path: Path) -> None:
    pdf = typeset(INVOICE, facts(lines=60), at=AT)
    assert pages_of(pdf, tmp_path) == 3
    assert READ_ALOUD in pdf


@pytest.mark.parametrize(("content", "kind"), [(SHAPES, "svg"), (png(), "png")])
def test_a_logo_is_drawn(content: bytes, kind: str, tmp_path: Path) -> None:
    with_logo = typeset(INVOICE, facts(logo=picture(content, kind)), at=AT)
    assert READ_ALOUD in with_logo
    without = typeset(INVOICE, facts(), at=AT)
    assert look(with_logo, tmp_path) != look(without, tmp_path)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(png()[:-30], "png"), (b"\x89PNG\r\n\x1a\n", "png"), (b"<svg", "svg"), (b"\xff", "svg")],
)
def test_a_torn_picture_is_told(content: bytes, kind: str) -> None:
    assert not is_drawable(content, kind)
