"""An operator's color: six hexadecimal digits, dark enough to carry white text."""

import re

from postroom.base.refusals import Refused

#: The house's own, where an operator has none.
INK = "#17323a"
#: A color as it is kept.
KEPT = re.compile(r"#[0-9a-f]{6}")
#: The least contrast of text with what it stands on: WCAG 2.2, success criterion 1.4.3.
LEAST_CONTRAST = 4.5


class ColorUnknown(Refused):
    """Write a color as six digits after a #, such as #17323a."""

    field = "color"


class ColorTooLight(Refused):
    """White text on {color} is hard to read. Choose a darker color."""

    field = "color"


def checked_color(typed: str) -> str:
    """Will return a color as it is kept, or nothing where none was typed.

    Raises ColorUnknown or ColorTooLight.
    """
    if not (color := typed.strip().lower()):
        return ""
    color = f"#{color.removeprefix('#')}"
    if not KEPT.fullmatch(color):
        raise ColorUnknown()
    if contrast_with_white(color) < LEAST_CONTRAST:
        raise ColorTooLight(color=color)
    return color


def contrast_with_white(color: str) -> float:
    """Will return how far a color stands out from white, 1 to 21, as WCAG 2.2 defines it."""
    red, green, blue = (_linear(int(color[n : n + 2], 16) / 255) for n in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 1.05 / (luminance + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
