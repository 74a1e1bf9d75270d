"""Asking a worker to bill: each thing once, however often somebody clicks."""

from datetime import date

from django.db import transaction

from postroom.domain.billing.dry_run import plan_dry_run
from postroom.domain.billing.models import BillingRun, RunState
from postroom.domain.billing.queries import is_stuck
from postroom.web.desk.access import DeskRequest
from postroom.web.worker import ask_worker, waiting_jobs


def start_billing(request: DeskRequest, on: date) -> bool:
    """Will ask for the billing of what is due by a day; False if that was asked and waits."""
    return ask_worker(
        "run_billing",
        once=f"{_billing(request)}{on}",
        operator_id=request.operator.pk,
        on=on.isoformat(),
        by=request.user.pk,
    )


def start_dry_run(request: DeskRequest, on: date) -> BillingRun:
    """Will ask for a dry run, or return the one of that day that is under way.

    Raises DryRunTooFar.
    """
    of_that_day = BillingRun.objects.filter(dry=True, on=on).order_by("-pk")
    latest = of_that_day.filter(state=RunState.RUNNING).first()
    if latest is not None and not is_stuck(latest, at=request.at):
        return latest
    with transaction.atomic():
        run = plan_dry_run(request.operator, on=on, by=request.user, at=request.at)
        facts = {"operator_id": request.operator.pk, "run_id": run.pk}
        asked = ask_worker("dry_run_billing", once=_dry_run(run), **facts)
        if not asked:
            transaction.set_rollback(True)
    return run if asked else of_that_day[0]


def waits(run: BillingRun) -> bool:
    """Will tell whether a dry run waits for a worker."""
    return run.dry and run.state == RunState.RUNNING and waiting_jobs(_dry_run(run)) != []


def days_waiting(request: DeskRequest) -> list[date]:
    """Will return the days whose billing waits for a worker."""
    return [date.fromisoformat(lock.rsplit(" ", 1)[1]) for lock in waiting_jobs(_billing(request))]


def _billing(request: DeskRequest) -> str:
    return f"bill {request.operator.pk} up to "


def _dry_run(run: BillingRun) -> str:
    return f"dry run {run.operator_id} up to {run.on}"
