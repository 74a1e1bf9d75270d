"""The dry run: the real run, page by page, each rolled back, with its sums kept."""

from datetime import date, datetime, timedelta

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import BillingRun, RunState
from postroom.domain.billing.run import Job, Tally, bill_or_set_aside, bring_all_up
from postroom.domain.billing.running import FINDINGS, LARGE, count_again, due_now
from postroom.domain.operators.models import Operator
from postroom.domain.subscriptions.terms import PAGE, calendars, look, still_due
from postroom.domain.users.models import User

#: How far a dry run may look ahead.
A_YEAR = timedelta(days=366)


class RehearsalTooFar(Refused):
    """A dry run looks up to a year ahead: {latest} is the last day for it."""

    field = "on"


def plan_rehearsal(operator: Operator, *, on: date, by: User | None, at: datetime) -> BillingRun:
    """Will note that a dry run is wanted, for ``rehearse`` to do. Raises RehearsalTooFar."""
    latest = max((day for day, _ in calendars(operator, at=at)), default=on) + A_YEAR
    if on > latest:
        raise RehearsalTooFar(latest=f"{latest:%d %B %Y}")
    return BillingRun.objects.create(
        operator=operator, on=on, dry=True, started_by=by, started_at=at, moved_at=at
    )


def rehearse(operator: Operator, run: BillingRun, *, at: datetime, page: int = PAGE) -> BillingRun:
    """Will work out what a run of ``run.on`` would bill, writing nothing but the dry run's sums.

    The driver: a short transaction a page, rolled back; what a real run holds is passed over.
    """
    with as_operator(operator.pk):
        locations = [pk for _, its in calendars(operator, at=at) for pk in its]
        job = Job(operator, locations, run.on, at)
        due = due_now(job)
        BillingRun.objects.filter(pk=run.pk).update(due=due)
    if due > LARGE:
        count_again(operator)
    after = 0
    while True:
        with as_operator(operator.pk):
            subscriptions, tally = _page(job, after, page)
            transaction.set_rollback(True)
        with as_operator(operator.pk):
            run = _note(run, tally, at, over=not subscriptions)
        if run.state != RunState.RUNNING:
            return run
        after = subscriptions[-1]


def _page(job: Job, after: int, page: int) -> tuple[list[int], Tally]:
    """Will bill a page in a transaction to be rolled back, date by date until nothing is due."""
    bring_all_up(job)
    subscriptions = look(job.operator, locations=job.locations, on=job.on, after=after, page=page)
    tally, due = Tally(), subscriptions
    while due:
        tally += bill_or_set_aside(job, due)
        due = [
            pk
            for pk in still_due(job.operator, subscriptions, on=job.on)
            if pk not in tally.set_aside
        ]
    return subscriptions, tally


def _note(run: BillingRun, tally: Tally, at: datetime, *, over: bool) -> BillingRun:
    """Will add a page to the dry run's sums, and end it when it is over or was asked to stop."""
    run = BillingRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    run.billed += tally.billed
    run.invoices += tally.invoices
    run.credit_notes += tally.credit_notes
    run.total_minor += tally.total_minor
    run.set_aside += len(tally.set_aside)
    aside = [
        {"finding": "set_aside", "subscription_id": pk, "reason": reason}
        for pk, reason in tally.set_aside.items()
    ]
    run.findings = [*run.findings, *aside, *tally.odd][:FINDINGS]
    run.moved_at = at
    if run.stop_asked_at is not None and not over:
        run.state = RunState.STOPPED
    if over:
        run.state, run.finished_at = RunState.FINISHED, at
    run.save()
    return run
