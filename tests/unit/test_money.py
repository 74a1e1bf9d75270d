"""Money as people type it, in their own format, and never as something else."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroom.base import money
from postroom.base.money import (
    AmountTooLarge,
    NegativeAmount,
    NotAnAmount,
    TooManyDecimals,
    parse,
    plain,
    round_half_away,
    show,
)
from postroom.base.refusals import Refused

FORMATS = [("USD", "en_US"), ("EUR", "de_DE"), ("JPY", "ja_JP"), ("KWD", "en_US"), ("CHF", "de_CH")]


@pytest.mark.parametrize(("currency", "locale"), FORMATS)
@given(minor=st.integers(0, 10_000_000))
def test_what_is_shown_in_a_form_is_read_back(currency: str, locale: str, minor: int) -> None:
    assert parse(plain(minor, currency, locale), currency, locale) == minor


@pytest.mark.parametrize(
    ("typed", "currency", "locale", "minor"),
    [
        ("9.99", "USD", "en_US", 999),
        (" 9.99 ", "USD", "en_US", 999),
        ("9", "USD", "en_US", 900),
        ("9.9", "USD", "en_US", 990),
        ("1,299.00", "USD", "en_US", 129900),
        ("9,99", "EUR", "de_DE", 999),
        ("1.299,00", "EUR", "de_DE", 129900),
        ("1299", "JPY", "ja_JP", 1299),
        ("1.234", "KWD", "en_US", 1234),
        ("0", "USD", "en_US", 0),
        ("10000000", "USD", "en_US", 1_000_000_000),
    ],
)
def test_amounts(typed: str, currency: str, locale: str, minor: int) -> None:
    assert parse(typed, currency, locale) == minor


@pytest.mark.parametrize(
    ("typed", "currency", "refusal"),
    [
        ("9,99", "USD", NotAnAmount),
        ("1,2,3", "USD", NotAnAmount),
        ("1e9", "USD", NotAnAmount),
        ("", "USD", NotAnAmount),
        ("ten", "USD", NotAnAmount),
        ("٣", "USD", NotAnAmount),
        ("²", "USD", NotAnAmount),
        ("$9.99", "USD", NotAnAmount),
        ("9.99.9", "USD", NotAnAmount),
        ("9\x00", "USD", NotAnAmount),
        ("NaN", "USD", NotAnAmount),
        ("--1", "USD", NotAnAmount),
        ("-", "USD", NotAnAmount),
        ("1-", "USD", NotAnAmount),
        ("-1", "USD", NegativeAmount),
        ("9.999", "USD", TooManyDecimals),
        ("9.5", "JPY", TooManyDecimals),
        ("10000000.01", "USD", AmountTooLarge),
        ("9" * 400, "USD", AmountTooLarge),
    ],
)
def test_what_is_not_an_amount(typed: str, currency: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal) as refused:
        parse(typed, currency, "en_US")
    assert "{" not in str(refused.value)


@given(typed=st.text(max_size=12))
def test_any_text_is_an_amount_or_refused_with_a_sentence(typed: str) -> None:
    for currency, locale in FORMATS:
        try:
            assert 0 <= parse(typed, currency, locale) <= 10_000_000_000
        except Refused as refused:
            assert str(refused)


def test_showing() -> None:
    assert show(999, "USD") == "$9.99"
    assert show(1299, "JPY", "ja_JP") == "￥1,299"
    assert money.major(1234, "KWD") == money.Decimal("1.234")


@given(st.fractions())
def test_rounding_is_half_away_from_zero(amount: Fraction) -> None:
    rounded = round_half_away(amount)
    assert abs(rounded - amount) <= Fraction(1, 2)
    assert round_half_away(-amount) == -rounded
    if abs(rounded - amount) == Fraction(1, 2):
        assert abs(rounded) > abs(amount)
