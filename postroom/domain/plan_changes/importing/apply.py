"""Applying an import: each good row by itself, so that a bad one never loses it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import DataError, transaction

from postroom.base.refusals import Refused
from postroom.base.sheets import Sheet
from postroom.base.text import tidy
from postroom.domain.operators.models import Operator
from postroom.domain.plan_changes.importing.cells import Problem
from postroom.domain.plan_changes.importing.judging import Judged, Outcome, Result, judge, notes_of
from postroom.domain.plan_changes.importing.reading import read
from postroom.domain.plan_changes.models import PlanImport
from postroom.domain.plan_changes.update import update
from postroom.domain.plans.actions import create_plan
from postroom.domain.users.models import User

#: How long a file that nobody applied is kept.
KEPT = timedelta(days=7)


class _SomebodyJoined(Exception):
    """Since the row was judged: its savepoint is rolled back and the question asked."""


class ValueRefused(Refused):
    """A value in this row cannot be stored."""


def apply_sheet(
    operator: Operator,
    sheet: Sheet,
    *,
    file_name: str,
    by: User,
    at: datetime,
    on: date,
    provider: str | None = None,
) -> list[Result]:
    """Will make and change the plans of a sheet, and say what came of each row.

    Applied again it changes nothing. Terms of a plan that customers are on are not touched: the
    row says that the question must be answered on the plan's own page.
    """
    return [
        _apply(operator, judged, file_name=file_name, by=by, at=at, on=on)
        for judged in judge(operator, sheet, on=on, provider=provider)
    ]


@transaction.atomic
def keep_import(
    operator: Operator, *, file_name: str, content: bytes, by: User, at: datetime
) -> PlanImport:
    """Will read a file and keep it until it is applied, and forget those that never were.

    Raises Unreadable, by one of its kinds.
    """
    sheet = read(content, locale=operator.locale)
    PlanImport.objects.filter(applied_at__isnull=True, at__lt=at - KEPT).delete()
    name = "".join(character for character in file_name if character.isprintable())[-200:]
    return PlanImport.objects.create(
        operator=operator, by=by, file_name=name, sheet=sheet.pack(), at=at
    )


def preview(kept: PlanImport, *, on: date) -> list[Result]:
    """Will say of each row what applying a kept file would do."""
    return [it.result for it in judge(kept.operator, Sheet.unpack(kept.sheet), on=on)]


@transaction.atomic
def apply_import(kept: PlanImport, *, by: User, at: datetime, on: date) -> list[Result]:
    """Will apply a kept file; sent twice, it is applied once and the results are the same."""
    kept = (
        PlanImport.objects.select_for_update(of=("self",))
        .select_related("operator")
        .get(pk=kept.pk)
    )
    if kept.applied_at is None:
        sheet = Sheet.unpack(kept.sheet)
        results = apply_sheet(kept.operator, sheet, file_name=kept.file_name, by=by, at=at, on=on)
        kept.applied_at = at
        kept.results = [result.pack() for result in results]
        # The rows are plans now; what is worth saying of the file stays.
        kept.sheet = Sheet([], [], notes_of(sheet)).pack()
        kept.save(update_fields=["applied_at", "results", "sheet"])
    return results_of(kept)


def results_of(kept: PlanImport) -> list[Result]:
    """Will return what came of each row of an applied import."""
    packed: list[dict[str, Any]] = kept.results or []
    return [Result.unpack(it) for it in packed]


def _apply(
    operator: Operator, judged: Judged, *, file_name: str, by: User, at: datetime, on: date
) -> Result:
    if not judged.result.outcome.applies:
        return judged.result
    try:
        with transaction.atomic():
            return _write(operator, judged, file_name=file_name, by=by, at=at, on=on)
    except _SomebodyJoined:
        return replace(judged.result, outcome=Outcome.QUESTION)
    except Refused as refusal:
        problem = Problem(_column(refusal.field), str(refusal))
    except DataError:
        problem = Problem("", str(ValueRefused()))
    return replace(judged.result, outcome=Outcome.ERROR, problems=[problem])


def _write(
    operator: Operator, judged: Judged, *, file_name: str, by: User, at: datetime, on: date
) -> Result:
    row, standing = judged.row, judged.standing
    if standing is None:
        plan = create_plan(operator, words=row.words, terms=row.terms, by=by, at=at, on=on)
        return replace(judged.result, plan_id=plan.pk)
    done = update(
        standing.plan,
        words=row.words,
        terms=row.terms,
        seen=standing.seen,
        by=by,
        at=at,
        on=on,
        reason=f"Imported from {tidy(file_name)}"[:300],
        # The preview showed each rate, old and new, before somebody applied it.
        sure=None,
    )
    if done.question is not None:
        raise _SomebodyJoined
    return judged.result


def _column(field: str | None) -> str:
    return "plan" if field == "name" else field or ""
