"""Asking a worker: a job on the list by its name, and whether anybody is there to do it.

By name, since the timetable stands above the doors.
"""

from datetime import datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import AlreadyEnqueued

#: A worker that has not been heard of for so long is not there.
SILENCE = timedelta(minutes=1)


def ask_worker(task: str, *, once: str = "", **facts: int | str) -> bool:
    """Will put a job on the list, in the transaction that gives cause for it.

    False where one that is called the same by ``once`` waits already: then there stays that one.
    """
    job = app.configure_task(f"postroom.jobs.{task}", queueing_lock=once or None)
    try:
        with transaction.atomic():
            job.defer(**facts)
    except AlreadyEnqueued:
        return False
    return True


def waiting_jobs(once: str) -> list[str]:
    """Will return what the jobs are called that nobody has taken yet, by how that begins."""
    jobs = ProcrastinateJob.objects.filter(status="todo", queueing_lock__startswith=once)
    return [
        str(it) for it in jobs.order_by("queueing_lock").values_list("queueing_lock", flat=True)
    ]


def worker_is_there(at: datetime) -> bool:
    """Will tell whether any worker has been heard of lately."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=at - SILENCE).exists()
