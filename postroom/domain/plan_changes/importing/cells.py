"""The cells of one row, read one at a time, with every problem and note kept as it comes up."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from postroom.base import money
from postroom.base.refusals import Refused
from postroom.base.text import ControlCharacters
from postroom.domain.plan_changes.importing.columns import ALIASES
from postroom.domain.plan_changes.importing.prose import understand

MOST = 1_000_000
YES = {"yes", "y", "true", "1", "x"}
NO = {"no", "n", "false", "0"}


class NotACount(Refused):
    """“{typed}” is not a whole number. Write digits, such as 30."""


class NotALimit(Refused):
    """“{typed}” is not an allowance. Write a whole number, “unlimited” or “not offered”."""


class CountOutOfRange(Refused):
    """Write a number from {least} to {most:,}."""


class NotYesOrNo(Refused):
    """“{typed}” is neither yes nor no."""


class NotOneOf(Refused):
    """“{typed}” is not known here. Write {known}."""


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be imported: a column and a sentence."""

    column: str
    sentence: str


@dataclass
class Cells:
    """A row's exact columns: those of the file, and those that its sentences amount to."""

    values: dict[str, str]
    currency: str
    locale: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: Services that the row says nothing of.
    missing: list[str] = field(default_factory=list)
    #: What a column of ours is called in the file, for the problems.
    named: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Mapping[str, str], *, currency: str, locale: str) -> "Cells":
        """Will bring a row of any known table to our exact columns."""
        values = {ALIASES.get(column, column): value for column, value in row.items()}
        cells = cls(values, currency, locale)
        cells.named = {ALIASES[column]: column for column in row if column in ALIASES}
        said = understand(row, is_amount=cells.is_amount)
        for column, value in said.exact.items():
            if column in values and values[column] != value:
                said.left.append(f"“{value}”, since {column} says “{values[column]}”")
            values.setdefault(column, value)
        # These sentences are read; as columns they have no value of their own.
        for column in ("forwarding", "shredding", "recipients", "overage_notes"):
            values.pop(column, None)
        cells.notes += [f"Not imported: {words}." for words in said.left]
        cells._refuse_control_characters(row)
        return cells

    def _refuse_control_characters(self, row: Mapping[str, str]) -> None:
        for column, value in row.items():
            text = value.translate({9: " ", 10: " ", 13: " "})
            if any(unicodedata.category(character) == "Cc" for character in text):
                self.refuse(column, ControlCharacters())
                self.values.pop(ALIASES.get(column, column), None)

    def is_amount(self, text: str) -> bool:
        try:
            money.parse(text, self.currency, self.locale)
        except Refused:
            return False
        return True

    def refuse(self, column: str, why: Refused) -> None:
        """Will keep the refusal's sentence under the column's name in the file."""
        self.problems.append(Problem(self.named.get(column, column), str(why)))

    def has(self, *columns: str) -> bool:
        return any(column in self.values for column in columns)

    def word(self, column: str) -> str:
        return " ".join(self.values.get(column, "").casefold().replace("_", " ").split())

    def amount(self, column: str) -> int | None:
        """Will read an amount of money; ``None`` where there is none or it is refused."""
        typed = self.values.get(column)
        if typed is None:
            return None
        try:
            return money.parse(typed, self.currency, self.locale)
        except Refused as refusal:
            self.refuse(column, refusal)
            return None

    def count(self, column: str, *, least: int = 0, wrong: type[Refused] = NotACount) -> int | None:
        """Will read a whole number; ``None`` where there is none or it is refused."""
        typed = self.values.get(column)
        if typed is None:
            return None
        if not (typed.isascii() and typed.isdigit()):
            self.refuse(column, wrong(typed=typed))
            return None
        if len(typed) > 9 or not least <= int(typed) <= MOST:
            self.refuse(column, CountOutOfRange(least=least, most=MOST))
            return None
        return int(typed)

    def yes(self, column: str, otherwise: bool) -> bool:
        """Will read yes or no, and keep what stands where the cell is empty."""
        typed = self.word(column)
        if typed and typed not in YES | NO:
            self.refuse(column, NotYesOrNo(typed=typed))
        return typed in YES if typed else otherwise
