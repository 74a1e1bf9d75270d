"""Asking a worker to check the books: once, however often somebody clicks."""

from datetime import datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import AlreadyEnqueued

from postroom.web.desk.access import DeskRequest

#: A worker that has not been heard of for so long is not there.
SILENCE = timedelta(minutes=1)


def start_proof(request: DeskRequest) -> bool:
    """Will ask for a proof; False if that was asked and waits."""
    try:
        with transaction.atomic():
            job = app.configure_task("postroom.jobs.prove_books", queueing_lock=_lock(request))
            job.defer(operator_id=request.operator.pk, by=request.user.pk)
    except AlreadyEnqueued:
        return False
    return True


def is_waiting(request: DeskRequest) -> bool:
    """Will tell whether a proof was asked for and no worker has taken it yet."""
    return ProcrastinateJob.objects.filter(status="todo", queueing_lock=_lock(request)).exists()


def worker_is_there(at: datetime) -> bool:
    """Will tell whether any worker has been heard of lately."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=at - SILENCE).exists()


def _lock(request: DeskRequest) -> str:
    return f"prove {request.operator.pk}"
