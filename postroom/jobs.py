"""The door for the clock: the timetable. Each job is shallow and calls one act."""

from django.utils import timezone
from procrastinate.contrib.django import app

from postroom.domain.subscriptions.terms import open_due_terms


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="open_terms")
def open_terms(timestamp: int) -> int:
    """Every ten minutes: opens the terms whose day has come where their location is."""
    return open_due_terms(at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="take_up_stalled_jobs")
async def take_up_stalled_jobs(timestamp: int) -> None:
    """Every five minutes: puts what a killed worker left half done back on the list.

    A job may so be run twice, which every one of them bears.
    """
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)
