"""Both answers to the question about a plan, with everybody on it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from bench.crowd import AT, ON, Crowd, found
from bench.databases import statement
from bench.results import Result
from bench.setting import Setting, milliseconds, seconds_of
from postroom.base.tenancy import as_operator
from postroom.domain.plan_changes.answers import grandfather
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.models import Sheet
from postroom.domain.plan_changes.previews import preview
from postroom.domain.plan_changes.scheduling import schedule
from postroom.domain.plan_changes.update import Seen, update
from postroom.domain.plans.actions import words_of
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.queries import latest_version, terms_of

TIMES = 9
#: When existing customers get dearer terms: late enough for everybody to be told before.
LATER = ON + timedelta(days=92)

#: How often everybody is looked at.
LOOKS = 3

Act = Callable[[], object]


def measure(setting: Setting) -> Iterator[Result]:
    """Will give each answer some times, taking it back before the next."""
    crowd = found()
    for name, answer in {"plan publish": _yes, "plan legacy": _no}.items():
        took = [_give(crowd, answer) for _ in range(setting.times(TIMES))]
        seconds = [it for it, _ in took[1:]]
        yield Result(name, setting.size, milliseconds(seconds), "ms", target=2)
        yield Result(f"{name}, rows written", setting.size, took[-1][1], "rows", target=1)
    looks = [_look(crowd) for _ in range(setting.times(LOOKS))]
    ours, plain = (milliseconds([it[n] for it in looks[1:] or looks]) for n in (0, 1))
    yield Result("plan preview", setting.size, ours, "ms", plain)


def _yes(crowd: Crowd, draft: Draft) -> Act:
    asked, own = Asked(ON, LATER), _own(crowd)
    sheet = preview(draft, asked, **own, anew=True)
    return lambda: schedule(draft, asked=asked, seen=sheet.fingerprint, **own)


def _no(crowd: Crowd, draft: Draft) -> Act:
    own = _own(crowd)
    return lambda: grandfather(draft, legacy_name="Bronze of before", **own)


def _own(crowd: Crowd) -> dict[str, Any]:
    return {"by": crowd.owner, "at": AT, "on": ON}


def _give(crowd: Crowd, answer: Callable[[Crowd, Draft], Act]) -> tuple[float, int]:
    """Will ask the question, answer it and take everything back.

    Returns the seconds that the answer took with all its checks, and the rows that it wrote; what
    is left out is the look before it, and the flush of the commit, which is the same whatever was
    written.
    """
    with as_operator(crowd.operator.pk):
        act, before = answer(crowd, _ask(crowd)), _rows_written()

        def with_its_checks() -> None:
            act()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        seconds = seconds_of(with_its_checks)
        written = _rows_written() - before
        transaction.set_rollback(True)
    return seconds, written


def _look(crowd: Crowd) -> tuple[float, float]:
    """Will work a change out for everybody; then write the same rows by plain SQL.

    Returns the seconds of both, and takes everything back.
    """
    with as_operator(crowd.operator.pk):
        draft, sheets = _ask(crowd), list[Sheet]()
        own = _own(crowd)
        ours = seconds_of(lambda: sheets.append(preview(draft, Asked(ON, LATER), **own, anew=True)))
        copy = Sheet.objects.create(
            operator=crowd.operator, plan=crowd.plan, asked={}, on=ON, at=AT
        )
        facts = {"sheet": sheets[0].pk, "copy": copy.pk}
        with connection.cursor() as cursor:
            plain = seconds_of(lambda: cursor.execute(statement("same_sheet.sql"), facts))
        transaction.set_rollback(True)
    return ours, plain


def _ask(crowd: Crowd) -> Draft:
    plan = Plan.objects.get(pk=crowd.plan.pk)
    latest = latest_version(plan)
    terms = terms_of([latest])[latest.pk]
    asked = update(
        plan,
        words=words_of(plan),
        terms=replace(terms, rates={**terms.rates, 1: terms.rates[1] + 200}),
        seen=Seen(plan.revision, latest.number),
        by=crowd.owner,
        at=AT,
        on=ON,
    )
    if asked.question is None:
        raise RuntimeError("Nobody is on the plan.")
    return asked.question


def _rows_written() -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement("rows_written.sql"))
        [(count,)] = cursor.fetchall()
        return int(count)
