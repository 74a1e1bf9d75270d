"""A file of customers, kept with its dry run until it is taken in."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.sheets import Line, Sheet, read_table
from postroom.domain.events.actions import record
from postroom.domain.moving_in.cells import is_known
from postroom.domain.moving_in.columns import MOST_ROWS, named
from postroom.domain.moving_in.judging import Judged, judge, setting_of
from postroom.domain.moving_in.models import MovingIn, MovingRow, Outcome, State
from postroom.domain.moving_in.prices import Missing, make_plan, missing_of
from postroom.domain.operators.models import Operator
from postroom.domain.users.models import User

#: How long a file that nobody took in is kept.
KEPT = timedelta(days=7)
#: What a dry run says of a row.
SAID = ["name", "outcome", "changes", "problems", "notes", "missing"]
TAKEN_IN = [Outcome.ADDED, Outcome.CHANGED]


class ChangedMeanwhile(Refused):
    """Something changed since you saw this. Below is what the rows would do now."""


class ErrorsLeft(Refused):
    """Rows with an error: {rows}. So nothing was taken in. Correct the file and bring it again."""


class NothingToTakeIn(Refused):
    """There is nothing to take in."""


class TakenInAlready(Refused):
    """This file was taken in already."""


@dataclass(frozen=True)
class Counted:
    """How many rows of a file do what."""

    rows: int
    by_outcome: Counter[str]
    done: int

    @property
    def to_take_in(self) -> int:
        return sum(self.by_outcome[it] for it in TAKEN_IN)

    @property
    def errors(self) -> int:
        return self.by_outcome[Outcome.ERROR]


def read(content: bytes, *, locale: str) -> Sheet:
    """Will read a file of customers. Raises Unreadable, by one of its kinds."""
    return read_table(content, locale=locale, most_rows=MOST_ROWS, check=named)


@transaction.atomic
def keep_file(
    operator: Operator, *, file_name: str, content: bytes, by: User, at: datetime, on: date
) -> MovingIn:
    """Will read a file and say what each row would do, changing nothing yet.

    Forgets files that nobody took in. Raises Unreadable, by one of its kinds.
    """
    sheet = read(content, locale=operator.locale)
    old = MovingIn.objects.filter(state=State.SHOWN, at__lt=at - KEPT)
    MovingRow.objects.filter(moving_in__in=old).delete()
    old.delete()
    judged = judge(operator, sheet.lines, setting=setting_of(operator, on=on))
    rows = [_row(operator, it) for it in judged]
    kept = MovingIn.objects.create(
        operator=operator,
        by=by,
        file_name="".join(it for it in file_name if it.isprintable())[-200:],
        notes=_notes(sheet),
        fingerprint=_fingerprint(rows),
        at=at,
    )
    for row in rows:
        row.moving_in = kept
    MovingRow.objects.bulk_create(rows, batch_size=1_000)
    return kept


@transaction.atomic
def show_again(kept: MovingIn, *, on: date) -> bool:
    """Will work a dry run out anew, and tell whether it says the same as before."""
    rows = list(MovingRow.objects.filter(moving_in=kept).order_by("number"))
    setting = setting_of(kept.operator, on=on)
    judged = judge(kept.operator, (line_of(it) for it in rows), setting=setting)
    changed = [row for row, now in zip(rows, judged, strict=True) if _say(row, now)]
    MovingRow.objects.bulk_update(changed, SAID, batch_size=500)
    kept.fingerprint = _fingerprint(rows)
    kept.save(update_fields=["fingerprint"])
    return not changed


@transaction.atomic
def confirm(
    kept: MovingIn, *, seen: str, only_whole: bool, by: User, at: datetime, on: date
) -> MovingIn:
    """Will have a file taken in just as it was shown, by a job that is to follow.

    ``seen`` is the fingerprint of what was shown; with ``only_whole`` nothing is taken in while
    a row has an error. Raises TakenInAlready, ErrorsLeft or NothingToTakeIn.
    """
    kept = _held(kept)
    if kept.state != State.SHOWN:
        raise TakenInAlready()
    if kept.fingerprint != seen or not show_again(kept, on=on):
        return kept
    counted = count(kept)
    if only_whole and counted.errors:
        raise ErrorsLeft(rows=counted.errors)
    if not counted.to_take_in:
        raise NothingToTakeIn()
    kept.state, kept.confirmed_at = State.RUNNING, at
    kept.save(update_fields=["state", "confirmed_at"])
    facts = {"file": kept.file_name, "rows": counted.to_take_in}
    record("moving_in.confirmed", kept, by=by, at=at, facts=facts)
    return kept


@transaction.atomic
def make_plans(
    kept: MovingIn, *, keys: Iterable[str], by: User, at: datetime, on: date
) -> list[str]:
    """Will make the plans for those prices that no version has, and work the dry run out anew.

    Returns the names of the plans. Sent twice, they are made once. Raises TakenInAlready.
    """
    kept = _held(kept)
    if kept.state != State.SHOWN:
        raise TakenInAlready()
    wanted = set(keys)
    made = [
        make_plan(it, by=by, at=at, on=on).name for it in prices_missing(kept) if it.key in wanted
    ]
    show_again(kept, on=on)
    return made


def prices_missing(kept: MovingIn) -> list[Missing]:
    """Will return the prices of rows that no version of their plan has."""
    rows = MovingRow.objects.filter(moving_in=kept, outcome=Outcome.ERROR, missing__isnull=False)
    found: Iterable[Any] = rows.values_list("missing", flat=True)
    return missing_of((plan, months, price) for plan, months, price in found)


def count(kept: MovingIn) -> Counted:
    """Will count the rows of a file by what they do, and those that are done."""
    rows = MovingRow.objects.filter(moving_in=kept).order_by()
    found = Counter(rows.values_list("outcome", flat=True))
    return Counted(sum(found.values()), found, rows.filter(done_at__isnull=False).count())


def line_of(row: MovingRow) -> Line:
    """Will return a row as it stood in the file."""
    return Line(row.number, row.cells, row.overfull)


def said_of(judged: Judged) -> dict[str, Any]:
    """Will return what a dry run says of a row, as it is kept."""
    row = judged.row
    name = judged.customer.name if judged.customer else row.details.get("name", row.external_id)
    return {
        "name": name[:200],
        "outcome": judged.outcome.value,
        "changes": judged.changes,
        "problems": [[it.column, it.sentence] for it in row.problems],
        "notes": judged.notes,
        "missing": list(judged.missing) if judged.missing else None,
    }


def _held(kept: MovingIn) -> MovingIn:
    held = MovingIn.objects.select_for_update(of=("self",)).select_related("operator")
    return held.get(pk=kept.pk)


def _row(operator: Operator, judged: Judged) -> MovingRow:
    line = judged.row.line
    return MovingRow(
        operator=operator,
        number=line.number,
        cells=line.cells,
        overfull=line.overfull,
        **said_of(judged),
    )


def _say(row: MovingRow, judged: Judged) -> bool:
    """Will note what is said of a row now, and tell whether that is something else."""
    changed = False
    for name, value in said_of(judged).items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _fingerprint(rows: Iterable[MovingRow]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        said = [row.number, row.cells, *(getattr(row, name) for name in SAID)]
        digest.update(json.dumps(said, sort_keys=True).encode())
    return digest.hexdigest()


def _notes(sheet: Sheet) -> list[str]:
    unknown = [f"“{column}”" for column in sheet.columns if column and not is_known(column)]
    if not unknown:
        return sheet.notes
    return [*sheet.notes, f"Columns that are not known and were not read: {', '.join(unknown)}."]
