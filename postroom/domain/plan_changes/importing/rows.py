"""One row: the words and terms that it asks for, on top of what the plan has already."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from postroom.base.refusals import Refused
from postroom.base.sheets import Line
from postroom.base.text import ControlCharacters, tidy
from postroom.domain.plan_changes.importing.allowances import counted, stored
from postroom.domain.plan_changes.importing.cells import Cells, CountOutOfRange, Problem
from postroom.domain.plan_changes.importing.columns import RATE
from postroom.domain.plans.actions import NameMissing, RateMissing, Words
from postroom.domain.plans.models import NAME_LENGTH
from postroom.domain.plans.terms import Terms

LONGEST_DESCRIPTION = 2_000


class NameTooLong(Refused):
    """The name is longer than {most} characters."""


class DescriptionTooLong(Refused):
    """The description is longer than {most:,} characters."""


class OtherCurrency(Refused):
    """The row is in {typed}, but your rates are in {own}."""


class LocationUnknown(Refused):
    """You have no location named “{name}”."""


class Overfull(Refused):
    """The row has more cells than there are columns. Quote cells that have a comma in them."""


class RateTwice(Refused):
    """The row has two rates for {months} months."""


@dataclass(frozen=True)
class Setting:
    """What a row is read against: the operator's money and locations."""

    currency: str
    locale: str
    #: Ids by name, in lower case.
    locations: Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """What a row asks for, or why it cannot be read."""

    words: Words
    terms: Terms
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_row(line: Line, *, name: str, setting: Setting, before: tuple[Words, Terms] | None) -> Row:
    """Will read a row; an empty cell keeps what ``before`` has, or offers nothing in a new plan."""
    cells = Cells.of(line.cells, currency=setting.currency, locale=setting.locale)
    if line.overfull:
        cells.refuse("", Overfull())
    typed = cells.values.get("currency", setting.currency).upper()
    if typed != setting.currency:
        cells.refuse("currency", OtherCurrency(typed=typed, own=setting.currency))
    words = _words(cells, name, setting, before[0] if before else None)
    terms = _terms(cells, before[1] if before else None)
    cells.notes += [
        f"{it.title()}: {line.cells[it]}" for it in ("provider", "source") if it in line.cells
    ]
    return Row(words, terms, cells.notes, cells.problems)


def _words(cells: Cells, name: str, setting: Setting, before: Words | None) -> Words:
    words = before or Words(name=_name(cells, name))
    if cells.has("description"):
        description = re.sub(r"\r\n?", "\n", cells.values["description"])
        if len(description) > LONGEST_DESCRIPTION:
            cells.refuse("description", DescriptionTooLong(most=LONGEST_DESCRIPTION))
        words = replace(words, description=description)
    return replace(
        words,
        internal=cells.yes("visible_internal", words.internal),
        signup=cells.yes("visible_signup", words.signup),
        lead_gen=cells.yes("visible_lead_gen", words.lead_gen),
        locations=_locations(cells, setting, words.locations),
    )


def _name(cells: Cells, name: str) -> str:
    try:
        name = tidy(name)
    except ControlCharacters:
        return ""  # said already, with every other cell's
    if not name and not any(it.column == "plan" for it in cells.problems):
        cells.refuse("plan", NameMissing())
    if len(name) > NAME_LENGTH:
        cells.refuse("plan", NameTooLong(most=NAME_LENGTH))
    return name


def _locations(cells: Cells, setting: Setting, before: frozenset[int]) -> frozenset[int]:
    """Will read the exact column; a published table's counts only if it names one of ours."""
    if cells.word("locations") == "all":
        return frozenset()
    if cells.has("locations"):
        names = [tidy(it).lower() for it in cells.values["locations"].split("|") if it.strip()]
        for missing in [it for it in names if it not in setting.locations]:
            cells.refuse("locations", LocationUnknown(name=missing))
        return frozenset(setting.locations[it] for it in names if it in setting.locations)
    place = cells.values.get("location", "")
    if place.lower() in setting.locations:
        return frozenset({setting.locations[place.lower()]})
    if place:
        cells.notes.append(f"Not imported: location “{place}”, which is none of yours.")
    return before


def _terms(cells: Cells, before: Terms | None) -> Terms:
    found = before or Terms(rates={})
    rates = _rates(cells, found.rates)
    if not rates and not any("rate" in it.column for it in cells.problems):
        cells.refuse("monthly_rate", RateMissing())
    setup_fee, deposit = cells.amount("setup_fee"), cells.amount("deposit")
    allowances = counted(cells, found)
    storage, rules = stored(cells, found)
    # A plan that is there already keeps what it has: nothing was lost by a cell left empty.
    if cells.missing and before is None:
        cells.notes.append(f"Not found, so not offered: {', '.join(cells.missing)}.")
    return Terms(
        rates=rates,
        setup_fee_minor=found.setup_fee_minor if setup_fee is None else setup_fee,
        deposit_minor=found.deposit_minor if deposit is None else deposit,
        allowances=allowances | storage,
        storage=rules,
    )


def _rates(cells: Cells, before: Mapping[int, int]) -> dict[int, int]:
    columns = {"monthly_rate": 1, "annual_rate": 12}
    for column in cells.values:
        found = RATE.fullmatch(column)
        if found:
            columns[column] = int(found[1])
    rates, seen = dict(before), dict[int, int]()
    for column, months in columns.items():
        if not 1 <= months <= 120:
            cells.refuse(column, CountOutOfRange(least=1, most=120))
        elif cells.word(column) == "none":
            rates.pop(months, None)
        elif (amount := cells.amount(column)) is not None:
            if seen.get(months, amount) != amount:
                cells.refuse(column, RateTwice(months=months))
            rates[months] = seen[months] = amount
    return rates
