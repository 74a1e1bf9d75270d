"""The driver of a billing run: short transactions, progress that is exact, stopped and resumed."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import DatabaseError
from django.db.models import F

from postroom.base.refusals import Refused
from postroom.base.sql import rows
from postroom.base.statistics import count_again
from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.billing.models import (
    BillingRun,
    Invoice,
    InvoiceLine,
    OpenItem,
    Posting,
    RunState,
    SetAside,
)
from postroom.domain.billing.run import SQL, Job, Tally, bill_page
from postroom.domain.operators.models import Operator
from postroom.domain.operators.queries import all_operators
from postroom.domain.subscriptions.models import Subscription, Term
from postroom.domain.subscriptions.terms import PAGE, bring_up, calendars
from postroom.domain.users.models import User

#: How many findings a run keeps; the rest are counted by the page that shows them.
FINDINGS = 100

#: Says what time it is: a run takes minutes, and ``at`` is when it was started.
Clock = Callable[[], datetime]

#: What a sum can hold, in minor units: shown instead of a larger one, which nobody can mean.
LARGEST_SUM = 2**63 - 1

#: From so many due on, a run has the planner count the tables: before the first page, and after
#: these, when the tables that it writes have grown most.
LARGE, COUNTED_BEFORE = 1_000, {0, 1, 5, 25, 125}

#: What a page writes: all that has grown since the first one.
WRITTEN = [
    it._meta.db_table for it in (Subscription, Term, Invoice, InvoiceLine, OpenItem, Posting)
]


class RunAhead(Refused):
    """{on} lies ahead: bills are written up to today, {today}. A dry run may look ahead."""

    field = "on"


def bill_everybody(
    *, at: datetime, clock: Clock | None = None, page: int = PAGE
) -> list[BillingRun]:
    """Will bill what is due for every operator, at each location by its own calendar.

    An operator whose last run was stopped is left alone until somebody goes on with it. Raises an
    ExceptionGroup of what the database refused, once every operator has had his turn.
    """
    with as_worker():
        operators = all_operators()
    runs, failed = list[BillingRun](), list[DatabaseError]()
    for operator in operators:
        try:
            runs += bill_operator(operator, at=at, clock=clock, page=page, resume=False)
        except DatabaseError as error:
            # What is wrong with one operator's rows holds up nobody else's customers.
            error.add_note(f"while billing {operator.slug}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("billing runs failed", failed)
    return runs


def bill_operator(
    operator: Operator,
    *,
    at: datetime,
    on: date | None = None,
    by: User | None = None,
    clock: Clock | None = None,
    page: int = PAGE,
    resume: bool = True,
) -> list[BillingRun]:
    """Will bill what is due by ``on``, without it by today; never ahead of a location's own day.

    ``clock`` says when each page was written, for whoever watches; without it that is ``at``.
    Without ``resume`` nothing is billed after a run that was stopped. Returns a run for each local
    day that had something due. Raises RunAhead.
    """
    with as_operator(operator.pk):
        days = calendars(operator, at=at)
        if on is not None:
            refuse_ahead(operator, on=on, at=at)
        if not resume and _was_stopped():
            return []
    jobs = [
        Job(operator, locations, day if on is None else min(day, on), at) for day, locations in days
    ]
    clock = clock or (lambda: at)
    return [run for job in jobs if (run := _drive(job, by, clock, page)) is not None]


def refuse_ahead(operator: Operator, *, on: date, at: datetime) -> None:
    """Will raise RunAhead for a day that has not come anywhere that the operator is."""
    today = max((day for day, _ in calendars(operator, at=at)), default=on)
    if on > today:
        raise RunAhead(on=f"{on:%d %B %Y}", today=f"{today:%d %B %Y}")


def ask_to_stop(run: BillingRun, *, at: datetime) -> None:
    """Will have a run stop after the page that it is at. Started again, it goes on from there."""
    BillingRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(stop_asked_at=at)


def _drive(job: Job, by: User | None, clock: Clock, page: int) -> BillingRun | None:
    """Will bill a job page by page, each its own transaction."""
    _bring_up(job, page)
    with as_operator(job.operator.pk):
        due = due_now(job)
        if not due:
            _end_what_was_killed(job)
            return None
        run = _start(job, due, by)
    besides = set[int]()
    job = Job(job.operator, job.locations, job.on, job.at, run.pk)
    pages = 0
    while True:
        if due > LARGE and pages in COUNTED_BEFORE:
            count_again(*(WRITTEN if pages else ()))
        pages += 1
        with as_operator(job.operator.pk):
            if _stop_asked(run):
                return _end(run, RunState.STOPPED, job.at, len(besides))
            tally = bill_page(job, page=page, besides=besides)
            besides |= set(tally.set_aside)
            if not tally.billed and not tally.set_aside:
                _end_what_was_killed(job)
                return _end(run, RunState.FINISHED, job.at, len(besides))
            _note(job, run, tally, clock())


def _bring_up(job: Job, page: int) -> None:
    after: int | None = 0
    while after is not None:
        with as_operator(job.operator.pk):
            after = bring_up(
                job.operator, locations=job.locations, on=job.on, after=after, page=page
            )


def due_now(job: Job) -> int:
    """Will count the subscriptions that have something due."""
    facts = {"operator": job.operator.pk, "on": job.on, "locations": list(job.locations)}
    count: int = rows(SQL / "count_due.sql", facts)[0]["count"]
    return count


def _start(job: Job, due: int, by: User | None) -> BillingRun:
    """Will begin the run of a day, or go on with the one that there is."""
    run, _ = BillingRun.objects.get_or_create(
        operator=job.operator,
        on=job.on,
        dry=False,
        defaults={"started_by": by, "started_at": job.at, "moved_at": job.at},
    )
    BillingRun.objects.filter(pk=run.pk).update(
        state=RunState.RUNNING,
        stop_asked_at=None,
        finished_at=None,
        moved_at=job.at,
        due=F("billed") + due,
    )
    return run


def _was_stopped() -> bool:
    last = BillingRun.objects.filter(dry=False).order_by("-on").first()
    return last is not None and last.state == RunState.STOPPED


def _end_what_was_killed(job: Job) -> None:
    """Will end the runs whose drivers were killed and whose rest is billed by now."""
    left = BillingRun.objects.filter(dry=False, state=RunState.RUNNING, on__lte=job.on)
    left.update(state=RunState.FINISHED, finished_at=job.at)


def _stop_asked(run: BillingRun) -> bool:
    return BillingRun.objects.filter(pk=run.pk, stop_asked_at__isnull=False).exists()


def _note(job: Job, run: BillingRun, tally: Tally, now: datetime) -> None:
    """Will count a page in its own transaction, so that the counts are those of what is there."""
    SetAside.objects.bulk_create(
        [
            SetAside(operator=job.operator, run=run, subscription_id=pk, reason=reason, at=job.at)
            for pk, reason in tally.set_aside.items()
        ],
        ignore_conflicts=True,
    )
    held = BillingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    held.billed += tally.billed
    held.invoices += tally.invoices
    held.credit_notes += tally.credit_notes
    held.total_minor = max(-LARGEST_SUM, min(held.total_minor + tally.total_minor, LARGEST_SUM))
    held.findings = [*held.findings, *tally.odd][:FINDINGS]
    held.moved_at = now
    held.save(
        update_fields=[
            "billed",
            "invoices",
            "credit_notes",
            "total_minor",
            "findings",
            "moved_at",
        ]
    )


def _end(run: BillingRun, state: RunState, at: datetime, set_aside: int) -> BillingRun:
    BillingRun.objects.filter(pk=run.pk).update(
        state=state,
        finished_at=at if state == RunState.FINISHED else None,
        set_aside=set_aside,
    )
    run.refresh_from_db()
    return run
