"""What each row of a sheet would do, worked out without writing anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from postroom.base.sheets import Line, Sheet
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plan_changes.importing.cells import Problem
from postroom.domain.plan_changes.importing.changes import changes
from postroom.domain.plan_changes.importing.columns import is_known
from postroom.domain.plan_changes.importing.names import Named, names_of
from postroom.domain.plan_changes.importing.rows import Row, Setting, read_row
from postroom.domain.plan_changes.update import Seen
from postroom.domain.plans.actions import Words, words_of
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.queries import all_standing_versions, terms_of, ticked_by_plan
from postroom.domain.plans.terms import Terms, differences
from postroom.domain.subscriptions.queries import open_on


class Outcome(Enum):
    """What importing a row does, or would do."""

    NEW = "new"
    VERSION = "new version"
    WORDS = "words change"
    UNCHANGED = "unchanged"
    QUESTION = "needs your answer"
    ERROR = "error"

    @property
    def applies(self) -> bool:
        return self in {Outcome.NEW, Outcome.VERSION, Outcome.WORDS}


@dataclass(frozen=True)
class Result:
    """What came of a row, as plain values that can be kept and shown."""

    row: int
    name: str
    outcome: Outcome
    plan_id: int | None = None
    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def pack(self) -> dict[str, Any]:
        """Will turn the result into plain JSON; ``unpack`` is its inverse."""
        problems = [[it.column, it.sentence] for it in self.problems]
        return {**self.__dict__, "outcome": self.outcome.value, "problems": problems}

    @classmethod
    def unpack(cls, packed: Mapping[str, Any]) -> "Result":
        problems = [Problem(*it) for it in packed["problems"]]
        return cls(**{**packed, "outcome": Outcome(packed["outcome"]), "problems": problems})


@dataclass(frozen=True)
class Standing:
    """A plan as it stands: what a row is compared with."""

    plan: Plan
    version: PlanVersion
    words: Words
    terms: Terms
    somebody_is_on_it: bool

    @property
    def seen(self) -> Seen:
        return Seen(self.plan.revision, self.version.number)


@dataclass(frozen=True)
class Judged:
    """A row that was read, the plan it finds if there is one, and what it would do."""

    row: Row
    standing: Standing | None
    result: Result


def judge(
    operator: Operator, sheet: Sheet, *, on: date, provider: str | None = None
) -> list[Judged]:
    """Will say of each row what it would do, in a constant number of queries.

    ``provider`` takes the rows of that provider alone, in a table that lists several.
    """
    places = Location.objects.filter(operator=operator).values_list("name", "pk")
    setting = Setting(operator.currency, operator.locale, {name.lower(): pk for name, pk in places})
    plans = standing_plans(operator, on=on)
    return [
        _judge(operator, line, named, setting, plans.get(named.name.lower()))
        for line, named in zip(sheet.lines, names_of(sheet), strict=True)
        if provider is None or line.cells.get("provider", "").lower() == provider.lower()
    ]


def notes_of(sheet: Sheet) -> list[str]:
    """Will return what is to be said of the file as a whole."""
    unknown = [f"“{column}”" for column in sheet.columns if column and not is_known(column)]
    if not unknown:
        return sheet.notes
    return [*sheet.notes, f"Columns that are not known and were not read: {', '.join(unknown)}."]


def _judge(
    operator: Operator, line: Line, named: Named, setting: Setting, standing: Standing | None
) -> Judged:
    before = (standing.words, standing.terms) if standing else None
    row = read_row(line, name=named.name, setting=setting, before=before)
    if named.refusal:
        row.problems.append(Problem("plan", str(named.refusal)))
    outcome = _outcome(row, standing)
    result = Result(
        row=line.number,
        name=named.name,
        outcome=outcome,
        plan_id=standing.plan.pk if standing else None,
        changes=changes(operator, standing.words, standing.terms, row) if standing else [],
        notes=[named.note, *row.notes] if named.note else row.notes,
        problems=row.problems,
    )
    return Judged(row, standing, result)


def _outcome(row: Row, standing: Standing | None) -> Outcome:
    if row.problems:
        return Outcome.ERROR
    if standing is None:
        return Outcome.NEW
    if differences(standing.terms, row.terms):
        return Outcome.QUESTION if standing.somebody_is_on_it else Outcome.VERSION
    return Outcome.UNCHANGED if row.words == standing.words else Outcome.WORDS


def standing_plans(operator: Operator, *, on: date) -> dict[str, Standing]:
    """Will return every plan as it stands, by its name in lower case."""
    versions = (
        all_standing_versions()
        .filter(operator=operator)
        .order_by("plan_id", "-number")
        .distinct("plan_id")
        .select_related("plan__operator")
    )
    latest = {version.plan_id: version for version in versions}
    terms = terms_of(latest.values())
    ticked = ticked_by_plan()
    busy = plans_with_somebody(operator, on=on)
    return {
        version.plan.name.lower(): Standing(
            plan=version.plan,
            version=version,
            words=words_of(version.plan, ticked=ticked.get(version.plan_id, ())),
            terms=terms[version.pk],
            somebody_is_on_it=version.plan_id in busy,
        )
        for version in latest.values()
    }


def plans_with_somebody(operator: Operator, *, on: date) -> set[int]:
    """Will return the ids of plans that a subscription is open on, on or after that day."""
    on_them = open_on(on).filter(operator=operator)
    return set(on_them.order_by().values_list("plan_id", flat=True).distinct())
