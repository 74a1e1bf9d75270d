"""Percentages: exact decimals, read and shown in the operator's format."""

from decimal import Decimal

from babel.numbers import format_decimal, get_decimal_symbol

from postroom.base.refusals import Refused

#: What a form gives as an example.
EXAMPLE = Decimal("8.875")


class NotAPercentage(Refused):
    """“{typed}” is not a percentage. Write it like {example}."""


def show(percent: Decimal, locale: str = "en_US") -> str:
    """Will write a percentage without idle zeros: “8.875%”."""
    return f"{plain(percent, locale)}%"


def plain(percent: Decimal, locale: str = "en_US") -> str:
    """Will write a percentage as it is typed: “8.875” or “8,875”."""
    return str(format_decimal(percent, format="0.##########", locale=locale))


def parse(typed: str, locale: str = "en_US") -> Decimal:
    """Will read a percentage as people of that locale type it, with its sign or without.

    Thousands have no place in it, so that ``8.875`` in a German form is an error rather than 8875.
    Raises NotAPercentage.
    """
    text = typed.strip().removesuffix("%").strip().replace(get_decimal_symbol(locale), ".")
    whole, _, part = text.removeprefix("-").partition(".")
    own_mark = "." not in typed or get_decimal_symbol(locale) == "."
    if not (own_mark and whole.isdigit() and (part or "0").isdigit() and text.isascii()):
        raise NotAPercentage(typed=typed.strip(), example=plain(EXAMPLE, locale))
    return Decimal(text)
