"""Typesetting: a template and plain facts become a PDF, whatever characters the facts have."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

#: The standard for documents that are read aloud. It refuses a text with a glyph in no font.
ACCESSIBLE: Literal["ua-1"] = "ua-1"

#: What a template may read: those of the package, by a path that begins with a slash.
ROOT = Path(__file__).parent.parent
#: One picture and nothing else, to see whether it can be drawn at all.
PICTURE = Path(__file__).parent / "picture.typ"

#: Marks that turn the rest of a line around. Those that only name a direction are let through.
TURNING = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def typeset(template: Path, facts: Mapping[str, Any], *, at: datetime) -> bytes:
    """Will set a template with facts as a PDF of that instant; the same facts give the same bytes.

    ``facts`` are plain JSON, and no text in them is ever read as anything but text. A character
    that no font has is left open, at the price of the standard for reading aloud.
    """
    inputs = {"facts": json.dumps(_printable(facts), ensure_ascii=True)}
    try:
        return _compile(template, inputs, at, ACCESSIBLE)
    except typst.TypstError:
        return _compile(template, inputs, at, None)


def picture(content: bytes, kind: str) -> dict[str, Any]:
    """Will return a picture as a template takes it; ``kind`` is png, jpeg or svg."""
    text = content.decode("utf-8") if kind == "svg" else None
    return {"kind": kind, "svg": text, "bytes": None if kind == "svg" else list(content)}


def is_drawable(content: bytes, kind: str) -> bool:
    """Will tell whether a picture can be drawn, by drawing it."""
    try:
        inputs = {"facts": json.dumps(picture(content, kind))}
        typst.compile(PICTURE, sys_inputs=inputs, font_paths=fonts(), format="pdf")
    except (typst.TypstError, UnicodeDecodeError):
        return False
    return True


@cache
def fonts() -> typst.Fonts:
    """Will find the fonts of this machine once: its own, those of DOCUMENT_FONTS, and a few more.

    Libertinus and DejaVu Sans Mono are always there.
    """
    return typst.Fonts(font_paths=[str(it) for it in settings.DOCUMENT_FONTS])


def _compile(
    template: Path, inputs: dict[str, str], at: datetime, standard: Literal["ua-1"] | None
) -> bytes:
    return typst.compile(
        template,
        root=ROOT,
        sys_inputs=inputs,
        font_paths=fonts(),
        format="pdf",
        pdf_standards=[standard] if standard else [],
        timestamp=int(at.timestamp()),
    )


def _printable(value: Any) -> Any:
    """Will take out of every text what cannot be printed: control characters and torn ones."""
    if isinstance(value, str):
        return "".join(it for it in value if it == "\n" or not _is_unprintable(it))
    if isinstance(value, Mapping):
        return {key: _printable(it) for key, it in value.items()}
    if isinstance(value, list | tuple):
        return [it if isinstance(it, int) else _printable(it) for it in value]
    return value


def _is_unprintable(character: str) -> bool:
    return character in TURNING or unicodedata.category(character) in {"Cc", "Cs"}
