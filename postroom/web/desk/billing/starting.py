"""Asking a worker to bill: each thing once, however often somebody clicks."""

from datetime import date, datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import AlreadyEnqueued

from postroom.domain.billing.dry_run import plan_dry_run
from postroom.domain.billing.models import BillingRun, RunState
from postroom.domain.billing.queries import is_stuck
from postroom.web.desk.access import DeskRequest

#: A worker that has not been heard of for so long is not there.
SILENCE = timedelta(minutes=1)


def start_billing(request: DeskRequest, on: date) -> bool:
    """Will ask for the billing of what is due by a day; False if that was asked and waits."""
    lock = f"{_billing(request)}{on}"
    try:
        _ask(request, "run_billing", lock, on=on.isoformat(), by=request.user.pk)
    except AlreadyEnqueued:
        return False
    return True


def start_dry_run(request: DeskRequest, on: date) -> BillingRun:
    """Will ask for a dry run, or return the one of that day that is under way.

    Raises DryRunTooFar.
    """
    of_that_day = BillingRun.objects.filter(dry=True, on=on).order_by("-pk")
    latest = of_that_day.filter(state=RunState.RUNNING).first()
    if latest is not None and not is_stuck(latest, at=request.at):
        return latest
    try:
        with transaction.atomic():
            run = plan_dry_run(request.operator, on=on, by=request.user, at=request.at)
            _ask(request, "dry_run_billing", _dry_run(run), run_id=run.pk)
    except AlreadyEnqueued:
        return of_that_day[0]
    return run


def waits(run: BillingRun) -> bool:
    """Will tell whether a dry run waits for a worker."""
    return run.dry and run.state == RunState.RUNNING and _waiting(_dry_run(run)) != []


def days_waiting(request: DeskRequest) -> list[date]:
    """Will return the days whose billing waits for a worker."""
    return [date.fromisoformat(lock.rsplit(" ", 1)[1]) for lock in _waiting(_billing(request))]


def worker_is_there(at: datetime) -> bool:
    """Will tell whether any worker has been heard of lately."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=at - SILENCE).exists()


def _ask(request: DeskRequest, task: str, lock: str, **facts: int | str) -> None:
    """Will put a job on the list, by its name: doors do not know each other."""
    with transaction.atomic():
        job = app.configure_task(f"postroom.jobs.{task}", queueing_lock=lock)
        job.defer(operator_id=request.operator.pk, **facts)


def _waiting(lock: str) -> list[str]:
    """Will return the locks of the jobs that nobody has taken yet, by how they begin."""
    jobs = ProcrastinateJob.objects.filter(status="todo", queueing_lock__startswith=lock)
    return [
        str(it) for it in jobs.order_by("queueing_lock").values_list("queueing_lock", flat=True)
    ]


def _billing(request: DeskRequest) -> str:
    return f"bill {request.operator.pk} up to "


def _dry_run(run: BillingRun) -> str:
    return f"dry run {run.operator_id} up to {run.on}"
