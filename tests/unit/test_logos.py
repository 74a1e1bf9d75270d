"""What may stand on a document as a logo, told by its content; each refusal a sentence."""

import struct

import pytest

from postroom.base.refusals import Refused
from postroom.demo.letterheads import sail_over_waves, two_houses
from postroom.domain.operators.kinds import LARGEST_LOGO
from postroom.domain.operators.logos import (
    LogoDamaged,
    LogoNotPlainShapes,
    LogoOfUnknownKind,
    LogoReachesOut,
    LogoTooLarge,
    LogoTooManyPixels,
    LogoTooManyShapes,
    check_logo,
)
from tests.pictures import SHAPES, png


def svg(inside: str, *, before: str = "") -> bytes:
    return (
        f'{before}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"'
        f' xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</svg>'
    ).encode()


def jpeg_of(width: int, height: int) -> bytes:
    """Will write the head of a JPEG, behind a segment to walk over."""
    note = b"\xff\xfe" + struct.pack(">H", 6) + b"note"
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + note + frame + b"\xff\xd9"


def test_the_kind_is_told_by_the_content() -> None:
    assert check_logo(png()) == "png"
    assert check_logo(SHAPES) == "svg"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", LogoOfUnknownKind),
        (b"GIF89a", LogoOfUnknownKind),
        (b"%PDF-1.7", LogoOfUnknownKind),
        (png() + bytes(LARGEST_LOGO), LogoTooLarge),
        (png()[:20], LogoDamaged),
        (png()[:-30], LogoDamaged),
        (png(claims=(0, 4)), LogoDamaged),
        (png(claims=(50_000, 50_000)), LogoTooManyPixels),
        (jpeg_of(50_000, 10), LogoTooManyPixels),
        (jpeg_of(10, 10), LogoDamaged),
        (b"\xff\xd8\xff", LogoDamaged),
        (svg("<rect"), LogoDamaged),
        (svg("").decode().encode("utf-16"), LogoOfUnknownKind),
        (svg("<script>alert(1)</script>"), LogoNotPlainShapes),
        (svg("<foreignObject/>"), LogoNotPlainShapes),
        (svg('<image href="data:image/png;base64,AAAA"/>'), LogoNotPlainShapes),
        (svg('<use href="#a"/>'), LogoNotPlainShapes),
        (svg('<filter id="a"/>'), LogoNotPlainShapes),
        (svg('<rect fill="url(https://evil.example/a)"/>'), LogoReachesOut),
        (svg("<rect style=\"fill: URL( 'file:///etc/passwd' )\"/>"), LogoReachesOut),
        (svg('<linearGradient xlink:href="other.svg#a"/>'), LogoReachesOut),
        (svg('<style>@import "https://evil.example/a.css";</style>'), LogoReachesOut),
        (svg("<style>rect{fill:u\\72l(a)}</style>"), LogoReachesOut),
        (svg("", before='<!DOCTYPE svg [<!ENTITY a "b">]>'), LogoReachesOut),
        (svg("", before='<?xml-stylesheet href="a.css"?>'), LogoReachesOut),
        (svg("<rect/>" * 3_001), LogoTooManyShapes),
    ],
)
def test_what_is_refused(content: bytes, refusal: type[Refused]) -> None:
    with pytest.raises(refusal) as refused:
        check_logo(content)
    assert refused.value.field == "logo"
    assert str(refused.value).endswith(".")


def test_the_demos_logos_may_stand_on_documents() -> None:
    assert check_logo(sail_over_waves()) == "svg"
    assert check_logo(two_houses()) == "png"


def test_plain_shapes_may_refer_to_each_other() -> None:
    gradient = (
        '<defs><linearGradient id="a"><stop offset="0" stop-color="#123"/></linearGradient></defs>'
    )
    assert check_logo(svg(f'{gradient}<rect width="9" height="9" fill="url(#a)"/>')) == "svg"
