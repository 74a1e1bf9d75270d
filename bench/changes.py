"""Both answers to the question about a plan, with everybody on it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from django.db import connection, transaction

from bench.crowd import AT, ON, Crowd, found
from bench.databases import statement
from bench.results import Result
from bench.setting import Setting, milliseconds, seconds_of
from postroom.base.tenancy import as_operator
from postroom.domain.plan_changes.answers import grandfather, publish
from postroom.domain.plan_changes.update import Seen, update
from postroom.domain.plans.actions import words_of
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.queries import latest_version, terms_of

TIMES = 9
#: When existing customers get dearer terms: late enough for everybody to be told before.
LATER = ON + timedelta(days=92)

Answer = Callable[[Draft], object]


def measure(setting: Setting) -> Iterator[Result]:
    """Will give each answer some times, taking it back before the next."""
    crowd = found()
    answers: dict[str, Answer] = {
        "plan publish": lambda draft: publish(
            draft, sold_from=ON, existing_from=LATER, by=crowd.owner, at=AT, on=ON
        ),
        "plan legacy": lambda draft: grandfather(
            draft, legacy_name="Bronze of before", by=crowd.owner, at=AT, on=ON
        ),
    }
    for name, answer in answers.items():
        took = [_give(crowd, answer) for _ in range(setting.times(TIMES))]
        seconds = [it for it, _ in took[1:]]
        yield Result(name, setting.size, milliseconds(seconds), "ms", target=2)
        yield Result(f"{name}, rows written", setting.size, took[-1][1], "rows", target=1)


def _give(crowd: Crowd, answer: Answer) -> tuple[float, int]:
    """Will ask the question, answer it and take everything back.

    Returns the seconds that the answer took with all its checks, and the rows that it wrote; what
    is left out is the flush of the commit, which is the same whatever was written.
    """
    with as_operator(crowd.operator.pk):
        draft, before = _ask(crowd), _rows_written()

        def act() -> None:
            answer(draft)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        seconds = seconds_of(act)
        written = _rows_written() - before
        transaction.set_rollback(True)
    return seconds, written


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
