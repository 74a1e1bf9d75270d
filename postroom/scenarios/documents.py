"""JSON documents as people write them: each value knows where it stands and says what is wrong."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from postroom.base.money import LARGEST_MAJOR, precision
from postroom.base.refusals import Refused

#: The years that a scenario may speak of: terms of 120 months still end inside the calendar.
YEARS = range(1900, 2200)
REACH = f"from {YEARS.start} to {YEARS.stop - 1}"
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
AMOUNT = re.compile(r"-?\d{1,15}(\.\d+)?", re.ASCII)
WHOLE = re.compile(r"\d{1,9}", re.ASCII)
PLAIN_KEY = re.compile(r"[\w-]{1,60}", re.ASCII)


class Malformed(Refused):
    """{where} {trouble}."""


@dataclass(frozen=True)
class Place:
    """A value in a document, with the path that leads to it from ``owner``, a file or scenario."""

    value: Any
    owner: str
    path: str = ""

    def wrong(self, expected: str) -> Malformed:
        """Will return the refusal that says what should stand here."""
        return self.refused(f"must be {expected}, not {shown(self.value)}")

    def refused(self, trouble: str) -> Malformed:
        return Malformed(where=f"{self.owner}: {self.path or 'the scenario'}", trouble=trouble)

    def within(self, key: str | int) -> str:
        """Will return the path of what stands here under a key."""
        if isinstance(key, int):
            return f"{self.path}[{key}]"
        named = key if PLAIN_KEY.fullmatch(key) else shown(key)
        return f"{self.path}.{named}" if self.path else named

    def entries(self, expected: str = "an object") -> dict[str, "Place"]:
        """Will return what an object holds, by its keys."""
        if not isinstance(self.value, dict):
            raise self.wrong(expected)
        return {
            key: Place(value, self.owner, self.within(key)) for key, value in self.value.items()
        }

    def fields(
        self, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, "Place"]:
        """Will return the fields of an object; one that is null is not there."""
        entries = self.entries()
        for field in required:
            if field not in entries:
                raise Malformed(where=f"{self.owner}: {self.within(field)}", trouble="is missing")
        for field, place in entries.items():
            if field not in {*required, *optional}:
                known = ", ".join([*required, *optional])
                raise place.refused(f"is not a field that is known here. There are: {known}")
        return {key: it for key, it in entries.items() if key in required or it.value is not None}

    def items(self) -> list["Place"]:
        """Will return what a list holds, in its order."""
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [
            Place(value, self.owner, self.within(index)) for index, value in enumerate(self.value)
        ]

    def text(self, longest: int = 200) -> str:
        """Will return a text."""
        if not isinstance(self.value, str) or not 0 < len(self.value) <= longest:
            raise self.wrong(f"a text of 1 to {longest} characters")
        return self.value

    def name(self, longest: int = 100) -> str:
        """Will return a text that can be said back in the middle of a sentence."""
        if not isinstance(self.value, str) or not self.value.isprintable():
            raise self.wrong("a text without control characters")
        return self.text(longest)

    def whole(self, least: int, most: int) -> int:
        """Will return a whole number between two bounds, both included."""
        known = isinstance(self.value, int) and not isinstance(self.value, bool)
        if not known or not least <= self.value <= most:
            raise self.wrong(f"a whole number from {least} to {most}")
        return int(self.value)

    def choice(self, *words: str) -> str:
        """Will return one of these words."""
        if not isinstance(self.value, str) or self.value not in words:
            raise self.wrong(f"one of {', '.join(words)}")
        return self.value

    def day(self) -> date:
        """Will return a day."""
        found = self._read(DAY, date.fromisoformat)
        if found is None:
            raise self.wrong(f"a day such as 2026-01-31, {REACH}")
        return found

    def moment(self) -> date | datetime:
        """Will return a day, a time by the location's clock, or an instant with its offset."""
        found = self._read(DAY, date.fromisoformat) or self._read(MOMENT, datetime.fromisoformat)
        if found is None:
            raise self.wrong(
                f"a day or a time such as 2026-01-31T09:30:00, perhaps with Z or +02:00, {REACH}"
            )
        return found

    def _read(self, form: re.Pattern[str], read: Callable[[str], date]) -> date | None:
        if not isinstance(self.value, str) or not form.fullmatch(self.value):
            return None
        try:
            found = read(self.value)
        except ValueError:
            return None
        return found if found.year in YEARS else None

    def decimal(self, *, places: int, below_zero: bool = False) -> Decimal:
        """Will return a number written as text, with at most so many decimal places."""
        example = '"9' + "." * bool(places) + "9" * places + '"'
        if not isinstance(self.value, str) or not AMOUNT.fullmatch(self.value):
            raise self.wrong(f"a number in quotes such as {example}")
        number = Decimal(self.value)
        if number < 0 and not below_zero:
            raise self.wrong("zero or above")
        if len(self.value.partition(".")[2]) > places:
            raise self.refused(f"has more than {places} decimal places: {shown(self.value)}")
        return number

    def amount(self, currency: str, *, below_zero: bool = False) -> int:
        """Will return an amount of money, in minor units."""
        number = self.decimal(places=precision(currency), below_zero=below_zero)
        if not below_zero and number > LARGEST_MAJOR:
            raise self.wrong(f"at most {LARGEST_MAJOR}")
        return int(number.scaleb(precision(currency)))


def shown(value: object) -> str:
    """Will write a value on one line, shortened."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError, RecursionError):
        text = "that"
    return text if len(text) <= 60 else f"{text[:57]}..."


def named(file: Path) -> str:
    """Will write a file's name on one line."""
    return str(file) if str(file).isprintable() else shown(str(file))


def load(file: Path) -> Any:
    """Will return what a JSON file holds. Raises Malformed."""
    name = named(file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise Malformed(where=f"{name}:", trouble="there is no such file") from error
    except IsADirectoryError as error:
        raise Malformed(where=f"{name}:", trouble="this is a directory, not a file") from error
    except (OSError, ValueError) as error:
        why = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else "it cannot be read"
        raise Malformed(where=f"{name}:", trouble=why) from error
    if not text.strip():
        raise Malformed(where=f"{name}:", trouble="the file is empty")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise Malformed(where=f"{name}:", trouble=f"it is not JSON ({at})") from error
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, _NotAllowed) else "it cannot be read as JSON"
        raise Malformed(where=f"{name}:", trouble=why) from error


class _NotAllowed(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict[str, Any]()
    for key, value in pairs:
        if key in found:
            raise _NotAllowed(f"the key {shown(key)} stands twice in one object")
        found[key] = value
    return found


def _refuse_constant(name: str) -> Any:
    raise _NotAllowed(f"{name} is not a number that JSON has")
