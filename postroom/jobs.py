"""The door for the clock: the timetable. Each job is shallow and calls one act."""

from django.utils import timezone
from procrastinate.contrib.django import app

from postroom.domain.subscriptions.terms import open_due_terms


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="open_terms")
def open_terms(timestamp: int) -> int:
    """Every ten minutes: opens the terms whose day has come where their location is."""
    return open_due_terms(at=timezone.now())
