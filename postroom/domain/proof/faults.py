"""What a check is asked and what it answers: a page of rows, and the faults that it found there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from babel.dates import format_date

from postroom.base.sql import rows
from postroom.domain.operators.models import Operator
from postroom.domain.proof.models import Check, Kind

SQL = Path(__file__).parent / "sql"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Page:
    """The rows of an operator to look at next: up to ``size``, with ids above ``after``."""

    operator: Operator
    after: int
    size: int

    @property
    def facts(self) -> dict[str, Any]:
        return {"operator": self.operator.pk, "after": self.after, "size": self.size}

    def money(self, minor: int) -> str:
        return self.operator.show(minor)

    def day(self, on: date) -> str:
        return format_date(on, format="medium", locale=self.operator.locale)

    def days(self, starts_on: date, ends_on: date) -> str:
        """Will write days with the last one, which their end is the day after."""
        last = max(starts_on, ends_on - ONE_DAY)
        return f"{self.day(starts_on)} to {self.day(last)}"


@dataclass(frozen=True)
class Fault:
    """One thing that differs: in a sentence, what is stored, and what should be."""

    kind: Kind
    sentence: str
    stored: str = ""
    right: str = ""
    invoice: int | None = None
    payment: int | None = None
    subscription: int | None = None


@dataclass
class Looked:
    """What came of a page. Without ``last``, the last id, there was nothing to look at any more."""

    last: int | None
    looked_at: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


Look = Callable[[Page], Looked]
#: Turns a wrong row of a statement into a fault.
InWords = Callable[[Page, Mapping[str, Any]], Fault]


@dataclass(frozen=True)
class Step:
    """A named check, and what it proves, for people."""

    name: Check
    proves: str
    look: Look


def by_statement(page_of: str, wrong: str, in_words: InWords, *counts: str) -> Look:
    """Will return a check whose statement returns only what is wrong in a page of ids.

    ``page_of`` is the statement that says how far the page reaches; ``counts`` are what its rows
    are counted as.
    """

    def look(page: Page) -> Looked:
        [reach] = rows(SQL / page_of, page.facts)
        if reach["last"] is None:
            return Looked(None)
        found = rows(SQL / wrong, page.facts | {"up_to": reach["last"]})
        faults = [in_words(page, it) for it in found]
        return Looked(reach["last"], reach["count"], dict.fromkeys(counts, reach["count"]), faults)

    return look
