"""The dry run: the real run, page by page, each rolled back, with its sums kept."""

from datetime import date, datetime, timedelta

from django.db import transaction

from postroom.base.periods import local_day
from postroom.base.refusals import Refused
from postroom.base.statistics import count_again
from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import BillingRun, RunState
from postroom.domain.billing.run import Job, Tally, bill_or_set_aside
from postroom.domain.billing.running import FINDINGS, LARGE, LARGEST_SUM, due_now
from postroom.domain.operators.models import Operator
from postroom.domain.subscriptions.terms import PAGE, bring_up, calendars, look, still_due
from postroom.domain.users.models import User

#: How far a dry run may look ahead.
A_YEAR = timedelta(days=366)


class DryRunTooFar(Refused):
    """A dry run looks up to a year ahead: {latest} is the last day for it."""

    field = "on"


def plan_dry_run(
    operator: Operator, *, on: date | None, by: User | None, at: datetime
) -> BillingRun:
    """Will note that a dry run is wanted, for ``do_dry_run`` to do; without ``on`` of today.

    Raises DryRunTooFar.
    """
    today = max(
        (day for day, _ in calendars(operator, at=at)),
        default=local_day(at, operator.time_zone),
    )
    if on is not None and on > today + A_YEAR:
        raise DryRunTooFar(latest=f"{today + A_YEAR:%d %B %Y}")
    return BillingRun.objects.create(
        operator=operator,
        on=on or today,
        dry=True,
        started_by=by,
        started_at=at,
        moved_at=at,
    )


def do_dry_run(
    operator: Operator, run: BillingRun, *, at: datetime, page: int = PAGE
) -> BillingRun:
    """Will work out what a run of ``run.on`` would bill, writing nothing but the dry run's sums.

    The driver: a short transaction a page, rolled back; what a real run holds is passed over.
    Started again after it was killed, it begins anew; over, it is left as it is.
    """
    with as_operator(operator.pk):
        run = BillingRun.objects.get(pk=run.pk)
        if run.state != RunState.RUNNING:
            return run
        jobs = _jobs(operator, run, at)
        due = sum(due_now(job) for job in jobs)
        _begin_anew(run, due)
    if due > LARGE:
        count_again()
    for job in jobs:
        after: int | None = 0
        while after is not None:
            with as_operator(operator.pk), transaction.atomic():
                after, tally = _page(job, after, page)
                transaction.set_rollback(True)
            with as_operator(operator.pk):
                run = _note(run, tally, at)
            if run.state == RunState.STOPPED:
                return run
    with as_operator(operator.pk):
        BillingRun.objects.filter(pk=run.pk).update(state=RunState.FINISHED, finished_at=at)
        run.refresh_from_db()
    return run


def _begin_anew(run: BillingRun, due: int) -> None:
    run.due = due
    run.billed = run.invoices = run.credit_notes = run.set_aside = run.total_minor = 0
    run.findings = []
    run.save()


def _jobs(operator: Operator, run: BillingRun, at: datetime) -> list[Job]:
    """Will return what the real run would bill: today's up to each location's own day."""
    days = calendars(operator, at=at)
    ahead = run.on > max((day for day, _ in days), default=run.on)
    return [
        Job(operator, locations, run.on if ahead else min(day, run.on), at)
        for day, locations in days
    ]


def _page(job: Job, after: int, page: int) -> tuple[int | None, Tally]:
    """Will bill a page in a transaction to be rolled back, date by date until nothing is due.

    Returns after which subscription the next page begins, None after the last one.
    """
    reached = bring_up(job.operator, locations=job.locations, on=job.on, after=after, page=page)
    subscriptions = look(
        job.operator, locations=job.locations, on=job.on, after=after, up_to=reached, page=page
    )
    tally, due = Tally(), subscriptions
    while due:
        tally += bill_or_set_aside(job, due)
        due = [
            pk
            for pk in still_due(job.operator, subscriptions, on=job.on)
            if pk not in tally.set_aside
        ]
    return subscriptions[-1] if len(subscriptions) == page else reached, tally


def _note(run: BillingRun, tally: Tally, at: datetime) -> BillingRun:
    """Will add a page to the dry run's sums, and stop it if somebody asked for that."""
    run = BillingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    run.billed += tally.billed
    run.invoices += tally.invoices
    run.credit_notes += tally.credit_notes
    run.total_minor = max(-LARGEST_SUM, min(run.total_minor + tally.total_minor, LARGEST_SUM))
    run.set_aside += len(tally.set_aside)
    aside = [
        {"finding": "set_aside", "subscription_id": pk, "reason": reason}
        for pk, reason in tally.set_aside.items()
    ]
    run.findings = [*run.findings, *aside, *tally.odd][:FINDINGS]
    run.moved_at = at
    if run.stop_asked_at is not None:
        run.state = RunState.STOPPED
    run.save()
    return run
