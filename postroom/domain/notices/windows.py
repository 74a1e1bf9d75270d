"""When a customer may lawfully be told of worse terms. Plain values; no database, no clock.

Sources: the rows of ``data/notice_rules.csv``, each with its own. Our own default comes first:
21 days before, never later than 10. That is what Regulation E asks of a changed debit, and more
than California, New York and the card networks ask at the least; a most is only where a rule sets
one. All rules of all places that a customer has to do with apply at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays

#: The fewest days between telling and the first day, whatever the rules say.
LEAST_DAYS = 10
#: So many days before, unless a rule says otherwise.
USUAL_DAYS = 21

#: Member states, by the codes of ISO 3166.
EUROPEAN_UNION = """
AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
"""


@dataclass(frozen=True)
class Place:
    """Where somebody is: a country by its code, and a state by its code or name."""

    country: str
    state: str = ""

    @property
    def jurisdictions(self) -> frozenset[str]:
        """Everything that a rule may name and mean this place: ``*``, ``EU``, ``US``, ``US-CA``."""
        country = self.country.strip().upper()
        state = _code_of(country, self.state)
        found = {"*", country}
        if state:
            found.add(f"{country}-{state}")
        if country in EUROPEAN_UNION.split():
            found.add("EU")
        return frozenset(found)


@dataclass(frozen=True)
class Rule:
    """Told no later than ``least`` days before the first day and, if set, no sooner than ``most``.

    Days are calendar days, or ``working`` days of the jurisdiction's country for ``least``.
    """

    jurisdiction: str
    least: int
    most: int | None = None
    working: bool = False

    def latest(self, first_day: date) -> date:
        """Will return the last day on which somebody may be told."""
        if not self.working:
            return first_day - timedelta(days=self.least)
        return _working_days(self.jurisdiction).get_nth_working_day(first_day, -self.least)

    def earliest(self, first_day: date) -> date | None:
        """Will return the first day on which somebody may be told, if there is one."""
        return None if self.most is None else first_day - timedelta(days=self.most)


@dataclass(frozen=True)
class Window:
    """The days on which somebody may be told of terms with a certain first day, both included."""

    opens_on: date | None
    closes_on: date
    planned_on: date

    @property
    def is_lawful(self) -> bool:
        """Whether there is any such day."""
        return self.opens_on is None or self.opens_on <= self.closes_on

    def __contains__(self, day: date) -> bool:
        return day <= self.closes_on and (self.opens_on is None or self.opens_on <= day)


#: Our own: what applies to everybody.
DEFAULT = Rule("*", LEAST_DAYS)


def that_apply(rules: Iterable[Rule], places: Iterable[Place]) -> list[Rule]:
    """Will return the rules that name any of the places, after our own."""
    named = frozenset[str]().union(*(it.jurisdictions for it in places))
    return [DEFAULT, *(it for it in rules if it.jurisdiction.strip().upper() in named)]


def window(first_day: date, rules: Sequence[Rule]) -> Window:
    """Will return when to tell somebody whose new terms start on ``first_day``."""
    closes_on = min(it.latest(first_day) for it in rules)
    opens_on = max((day for it in rules if (day := it.earliest(first_day))), default=None)
    planned = min(first_day - timedelta(days=USUAL_DAYS), closes_on)
    return Window(opens_on, closes_on, max(planned, opens_on) if opens_on else planned)


def cleared(told_on: date, rules: Sequence[Rule]) -> tuple[date, date | None]:
    """Will return the first and last first day for which telling on a day is in the window.

    The last is none where no rule sets a most. It lies before the first where no day is lawful.
    """
    first = told_on
    for rule in rules:
        while rule.latest(first) < told_on:
            first += timedelta(days=max(1, (told_on - rule.latest(first)).days))
    most = min((it.most for it in rules if it.most is not None), default=None)
    return first, None if most is None else told_on + timedelta(days=most)


@cache
def _working_days(jurisdiction: str) -> holidays.HolidayBase:
    country, _, state = jurisdiction.partition("-")
    return holidays.country_holidays(country, subdiv=state or None)


@cache
def _code_of(country: str, state: str) -> str:
    """Will return a state's code, from its code or its name; what is not known stays as it is."""
    typed = state.strip()
    try:
        aliases = holidays.country_holidays(country).subdivisions_aliases
    except NotImplementedError:
        aliases = {}
    codes = {name.casefold(): code for name, code in aliases.items()}
    return codes.get(typed.casefold(), typed.upper())
