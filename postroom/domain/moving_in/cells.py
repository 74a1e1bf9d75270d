"""The cells of one row, read one at a time, with every problem kept as it comes up."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from babel.dates import get_date_format
from babel.numbers import get_currency_symbol
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from postroom.base import money
from postroom.base.refusals import Refused
from postroom.base.text import ControlCharacters, tidy
from postroom.domain.moving_in.columns import COLUMNS

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
PARTS = re.compile(r"(\d{1,4})[./-] ?(\d{1,2})[./-] ?(\d{1,4})")
CYCLES = {
    "monthly": 1,
    "month": 1,
    "quarterly": 3,
    "half yearly": 6,
    "annual": 12,
    "annually": 12,
    "yearly": 12,
    "year": 12,
}
NUMBER = re.compile(r"#?([A-Z0-9-]{1,12})")


class NotADay(Refused):
    """“{typed}” is not a day. Write it like 2026-12-31 or {example}."""


class NotACycle(Refused):
    """“{typed}” is not a billing cycle. Write “monthly”, “annual” or “6 months”."""


class NotABillingDay(Refused):
    """“{typed}” is not a billing day. Write a number from 1 to 31."""


class NotANumber(Refused):
    """“{typed}” is not a mailbox number. Write up to 12 letters, digits and hyphens."""


class NotAnEmail(Refused):
    """“{typed}” is not an e-mail address."""


class NotACountry(Refused):
    """“{typed}” is not a country's two letters. Write it like US."""


class NotAKind(Refused):
    """“{typed}” is neither “person” nor “company”."""


class TooLong(Refused):
    """This is longer than {most:,} characters."""


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken in: a column and a sentence that says what to do."""

    column: str
    sentence: str


@dataclass
class Cells:
    """A row's cells by column, and what was wrong with them."""

    values: dict[str, str]
    currency: str
    locale: str
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, why: Refused) -> None:
        """Will keep the refusal's sentence for its column."""
        self.problems.append(Problem(column, str(why)))

    def text(self, column: str, most: int) -> str | None:
        """Will read a line of text; None where the cell is empty or refused."""
        typed = self._given(column)
        if typed is None:
            return None
        try:
            text = _lines(typed) if column == "notes" else tidy(typed)
        except Refused as refusal:
            self.refuse(column, refusal)
            return None
        if len(text) > most:
            self.refuse(column, TooLong(most=most))
            return None
        return text

    def email(self, most: int) -> str | None:
        text = self.text("email", most)
        if text is None:
            return None
        try:
            validate_email(text)
        except ValidationError:
            self.refuse("email", NotAnEmail(typed=text))
            return None
        return text.lower()

    def country(self) -> str | None:
        text = self.text("country", 60)
        if text is None or re.fullmatch(r"[A-Za-z]{2}", text):
            return text and text.upper()
        self.refuse("country", NotACountry(typed=text))
        return None

    def number(self) -> str | None:
        """Will read the mailbox's number, as “#12” or “12”."""
        typed = self._given("mailbox")
        if typed is None:
            return None
        found = NUMBER.fullmatch(typed.upper())
        if found is None:
            self.refuse("mailbox", NotANumber(typed=typed))
            return None
        return found[1]

    def amount(self, column: str) -> int | None:
        """Will read an amount of money, with or without the currency's sign."""
        typed = self._given(column)
        if typed is None:
            return None
        for sign in (get_currency_symbol(self.currency, self.locale), self.currency):
            typed = typed.replace(sign, "").strip()
        try:
            return money.parse(typed, self.currency, self.locale)
        except Refused as refusal:
            self.refuse(column, refusal)
            return None

    def months(self) -> int | None:
        """Will read the billing cycle as a number of months."""
        typed = self._given("cycle")
        if typed is None:
            return None
        words = " ".join(typed.casefold().replace("-", " ").split())
        found = re.fullmatch(r"(\d{1,3})(?: months?)?", words)
        months = int(found[1]) if found else CYCLES.get(words, 0)
        if not 1 <= months <= 120:
            self.refuse("cycle", NotACycle(typed=typed))
            return None
        return months

    def billing_day(self) -> int | None:
        typed = self._given("billing_day")
        if typed is None:
            return None
        if not re.fullmatch(r"[0-9]{1,2}", typed) or not 1 <= int(typed) <= 31:
            self.refuse("billing_day", NotABillingDay(typed=typed))
            return None
        return int(typed)

    def day(self, column: str) -> date | None:
        """Will read a day as the ISO or the operator's locale writes it; nothing is guessed."""
        typed = self._given(column)
        if typed is None:
            return None
        found = ISO.fullmatch(typed)
        order = "ymd"
        if found is None:
            found, order = PARTS.fullmatch(typed), order_of(self.locale)
        parts = dict(zip(order, found.groups(), strict=True)) if found else {}
        try:
            if len(parts.get("y", "")) != 4:
                raise ValueError
            return date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
        except ValueError:
            written = {"y": "2026", "m": "12", "d": "31"}
            example = _mark(self.locale).join(written[part] for part in order_of(self.locale))
            self.refuse(column, NotADay(typed=typed, example=example))
            return None

    def _given(self, column: str) -> str | None:
        """Will return a cell; what was defused for a spreadsheet is as it was."""
        typed = self.values.get(column)
        if typed is None:
            return None
        if any(unicodedata.category(it) == "Cc" for it in typed if it not in "\t\r\n"):
            self.refuse(column, ControlCharacters())
            return None
        return typed[1:] if re.match(r"'[=+\-@]", typed) else typed


def is_known(column: str) -> bool:
    """Will tell whether a column of that name is read."""
    return column in COLUMNS


def order_of(locale: str) -> str:
    """Will return in which order a locale writes day, month and year, such as “mdy”."""
    pattern = str(get_date_format("short", locale=locale).pattern).lower()
    return "".join(sorted("dmy", key=pattern.index))


def _mark(locale: str) -> str:
    pattern = str(get_date_format("short", locale=locale).pattern)
    return next((it for it in pattern if it in "./-"), "-")


def _lines(typed: str) -> str:
    return re.sub(r"\r\n?", "\n", typed).strip()
