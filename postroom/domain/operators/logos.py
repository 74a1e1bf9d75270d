"""Logos: what kind of file one is, told by its content, and whether it may stand on a document."""

import struct
from collections.abc import Iterator
from xml.etree import ElementTree

from postroom.base.refusals import Refused
from postroom.base.typesetting import is_drawable
from postroom.domain.operators.kinds import LARGEST_LOGO, LogoKind

#: How the files of pictures begin.
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
#: More than any printer shows of a logo; a small file may unfold into an immense picture.
MOST_PIXELS = 4_000
#: What a drawing of shapes is made of. All else either reaches out, runs, or unfolds.
SHAPES = {
    *("svg", "g", "defs", "title", "desc", "metadata", "style", "switch", "symbol", "clipPath"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    *("linearGradient", "radialGradient", "stop"),
}
MOST_SHAPES = 3_000
SVG = "{http://www.w3.org/2000/svg}"


class LogoTooLarge(Refused):
    """The logo is larger than 200 kB. Save it with fewer pixels."""

    field = "logo"


class LogoOfUnknownKind(Refused):
    """The logo is neither a PNG, a JPEG nor an SVG file."""

    field = "logo"


class LogoDamaged(Refused):
    """The logo can't be drawn: its file is damaged."""

    field = "logo"


class LogoTooManyPixels(Refused):
    """The logo is {width:,} by {height:,} pixels; {most:,} a side are the most."""

    field = "logo"


class LogoReachesOut(Refused):
    """The logo refers to something outside of its file. Save it with everything inside."""

    field = "logo"


class LogoNotPlainShapes(Refused):
    """The logo has a <{element}>, and an SVG may have plain shapes only. Save it as a PNG."""

    field = "logo"


class LogoTooManyShapes(Refused):
    """The logo has more than {most:,} shapes. Save it as a PNG."""

    field = "logo"


def check_logo(content: bytes) -> LogoKind:
    """Will return what kind of file a logo is. Raises a refusal if it may not be one."""
    if len(content) > LARGEST_LOGO:
        raise LogoTooLarge()
    kind = _kind(content)
    if kind == LogoKind.SVG:
        _check_shapes(content)
    else:
        _check_pixels(content)
    if not is_drawable(content, kind):
        raise LogoDamaged()
    return kind


def _kind(content: bytes) -> LogoKind:
    if content.startswith(PNG):
        return LogoKind.PNG
    if content.startswith(JPEG):
        return LogoKind.JPEG
    if b"<svg" in content[:4096]:
        return LogoKind.SVG
    raise LogoOfUnknownKind()


def _check_pixels(content: bytes) -> None:
    size = pixels_of(content)
    if size is None or 0 in size:
        raise LogoDamaged()
    width, height = size
    if max(size) > MOST_PIXELS:
        raise LogoTooManyPixels(width=width, height=height, most=MOST_PIXELS)


def pixels_of(content: bytes) -> tuple[int, int] | None:
    """Will return the width and height of a PNG or JPEG, as its head says."""
    return _size_of_png(content) if content.startswith(PNG) else _size_of_jpeg(content)


def _size_of_png(content: bytes) -> tuple[int, int] | None:
    if len(content) < 24 or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _size_of_jpeg(content: bytes) -> tuple[int, int] | None:
    """Will read the size in the first frame's head, walking over the segments before it."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None


def _check_shapes(content: bytes) -> None:
    """Will read an SVG without following anything, and refuse all but plain shapes."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise LogoDamaged() from error
    # What a document type declares may unfold without end, or be fetched from elsewhere.
    if "<!ENTITY" in text or "<?xml-stylesheet" in text:
        raise LogoReachesOut()
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise LogoDamaged() from error
    elements = list(root.iter())
    if len(elements) > MOST_SHAPES:
        raise LogoTooManyShapes(most=MOST_SHAPES)
    for element in elements:
        _check_element(element)


def _check_element(element: ElementTree.Element) -> None:
    # What is not SVG, such as an editor's notes, is not drawn.
    name = str(element.tag)
    if name.startswith(SVG) and name.removeprefix(SVG) not in SHAPES:
        raise LogoNotPlainShapes(element=name.removeprefix(SVG))
    if any(_reaches_out(it) for it in _references(element)):
        raise LogoReachesOut()


def _references(element: ElementTree.Element) -> Iterator[str]:
    """Will yield what an element refers to, by links and in its styles."""
    for name, value in element.attrib.items():
        if name.rpartition("}")[2] in {"href", "src"}:
            yield value
        yield from _urls(value)
    if element.tag == f"{SVG}style":
        yield from _urls(element.text or "")


def _urls(style: str) -> Iterator[str]:
    if "@import" in style.lower() or "\\" in style:
        yield style
    for part in style.lower().split("url(")[1:]:
        yield part.partition(")")[0].strip(" \t\r\n'\"")


def _reaches_out(reference: str) -> bool:
    return not reference.strip().startswith("#")
