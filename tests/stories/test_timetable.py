"""The timetable, run by a real worker on real rows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from postroom import jobs
from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import House
from postroom.domain.subscriptions.models import Subscription, Term


@pytest.fixture(autouse=True)
def closed_after_each_job() -> Iterator[None]:
    """Will let no thread of a worker keep its connection, which would keep the database."""
    before = connection.settings_dict["CONN_MAX_AGE"]
    connection.settings_dict["CONN_MAX_AGE"] = 0
    yield
    connection.settings_dict["CONN_MAX_AGE"] = before


@pytest.fixture(autouse=True)
def nothing_left_of_others(db: None, house: House) -> None:
    """Will forget what other stories left: they are over, and their houses have nothing due."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    with as_platform():
        Subscription.objects.exclude(operator=house.operator).exclude(next_bill_on=None).update(
            next_bill_on=date(2199, 1, 1)
        )


def work_off() -> None:
    """Will do what a worker does until nothing is left, away from the browser's event loop."""
    with ThreadPoolExecutor(1) as aside:
        aside.submit(_work_off).result()


def _work_off() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="never"
        )


def statuses(task: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task]
        )
        return [row[0] for row in cursor.fetchall()]


def test_what_is_due_is_billed(house: House) -> None:
    jobs.bill_what_is_due.defer(timestamp=0)
    work_off()
    assert statuses(jobs.bill_what_is_due.name)[-1] == "succeeded"
    with as_operator(house.operator.pk):
        last = Term.objects.filter(subscription=house.subscriptions["ana"]).order_by("-seq")[0]
    assert last.ends_on > datetime.now(UTC).date() - timedelta(days=1)
    assert last.seq > 1


def test_what_a_killed_worker_left_is_taken_up(house: House) -> None:
    job = jobs.bill_what_is_due.defer(timestamp=0)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH killed AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)"
            " RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = killed.id"
            " FROM killed WHERE procrastinate_jobs.id = %s",
            [long_ago, job],
        )
    jobs.take_up_stalled_jobs.defer(timestamp=0)
    work_off()
    assert statuses(jobs.bill_what_is_due.name)[-1] == "succeeded"
