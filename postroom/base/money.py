"""Money: whole numbers of a currency's minor unit, read and shown in the operator's format."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from babel.core import Locale
from babel.numbers import (
    NumberFormatError,
    format_currency,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
    parse_decimal,
)

from postroom.base.refusals import Refused

#: The largest amount anybody may type, in major units: ten million catches slipped keys, and
#: a hundred years of it still fit a 64-bit total in every currency.
LARGEST_MAJOR = 10_000_000


class NotAnAmount(Refused):
    """“{typed}” is not an amount of money. Write it like {example}."""


class NegativeAmount(Refused):
    """An amount cannot be below zero. Write it like {example}."""


class AmountTooLarge(Refused):
    """“{typed}” is more than {largest}: please check the zeros."""


class TooManyDecimals(Refused):
    """“{typed}” has more than {places} decimal places, the most that {currency} has."""


def precision(currency: str) -> int:
    """Will return the decimal places of a currency: 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def major(minor: int, currency: str) -> Decimal:
    """Will return an amount of minor units in major units, exactly."""
    return Decimal(minor).scaleb(-precision(currency))


def show(minor: int, currency: str, locale: str = "en_US") -> str:
    """Will write an amount of minor units as people of that locale do: ``$9.99``."""
    return format_currency(major(minor, currency), currency, locale=locale)


def plain(minor: int, currency: str, locale: str = "en_US") -> str:
    """Will write an amount without its sign and groups, as it is typed: ``9.99`` or ``9,99``."""
    text = f"{major(minor, currency):.{precision(currency)}f}"
    return text.replace(".", get_decimal_symbol(locale))


def parse(typed: str, currency: str, locale: str = "en_US") -> int:
    """Will read an amount as people type it and return minor units.

    Takes the locale's own marks; thousands are only believed where they group three digits, so
    that ``9,99`` in an English form is an error rather than 999.

    Raises NotAnAmount, NegativeAmount, AmountTooLarge or TooManyDecimals.
    """
    text = typed.strip().replace("\N{NO-BREAK SPACE}", " ")
    example = plain(999 if precision(currency) == 2 else 1000, currency, locale)
    amount = _decimal(text, locale)
    if amount is None:
        raise NotAnAmount(typed=text, example=example)
    if amount < 0:
        raise NegativeAmount(typed=text, example=example)
    if amount > LARGEST_MAJOR:
        raise AmountTooLarge(
            typed=text, largest=show(LARGEST_MAJOR * 10 ** precision(currency), currency, locale)
        )
    minor = amount.scaleb(precision(currency))
    if minor != minor.to_integral_value():
        raise TooManyDecimals(typed=text, places=precision(currency), currency=currency)
    return int(minor)


def _decimal(text: str, locale: str) -> Decimal | None:
    plain_digits = text.replace(get_group_symbol(locale), "").replace(
        get_decimal_symbol(locale), ""
    )
    if not plain_digits.lstrip("-").isdigit() or not plain_digits.isascii():
        return None
    try:
        return parse_decimal(text, locale=Locale.parse(locale), strict=True)
    except (NumberFormatError, InvalidOperation):
        return None


def round_half_away(amount: Fraction) -> int:
    """Will round to a whole number of minor units, halves away from zero: the house's one rounding.

    ``amount`` is an exact fraction of minor units; call this once per line, at the end.
    """
    quotient, remainder = divmod(abs(amount.numerator), amount.denominator)
    rounded = quotient + (2 * remainder >= amount.denominator)
    return rounded if amount >= 0 else -rounded
