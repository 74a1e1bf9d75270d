"""A house as of today with bills due, and a worker at hand: for tests of billing runs."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from postroom import jobs
from postroom.base.periods import local_day
from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import BillingRun
from postroom.domain.operators.models import Role
from tests.web.desk_pages import Desk

DAY = timedelta(days=1)
#: Fits a charge and no sum.
TOO_MUCH = 9_223_372_036_854_775_807


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def house(make_house: Callable[..., House]) -> Iterator[House]:
    """Harbor Mail as of today, with nothing billed: all four have something due."""
    at = now()
    house = make_house(at=at, on=local_day(at, "America/New_York"))
    with as_operator(house.operator.pk):
        yield house


def today(house: House) -> date:
    return local_day(now(), house.operator.time_zone)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def shown(house: House, name: str = "billing", *args: Any, role: Role = Role.OWNER) -> str:
    return words(Desk(house, role).text(name, *args))


def waiting(task: str) -> list[dict[str, Any]]:
    """Will return what the jobs of a task that nobody has taken were given."""
    found = ProcrastinateJob.objects.filter(status="todo", task_name=f"postroom.jobs.{task}")
    return [job.args for job in found.order_by("id")]


def work() -> None:
    """Will do each waiting job, as a worker would."""
    for name in ("dry_run_billing", "run_billing"):
        for facts in waiting(name):
            getattr(jobs, name)(**facts)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo'")


def dry_run_done(house: House, on: date | None = None) -> BillingRun:
    """Will ask for a dry run and have it done."""
    Desk(house).post("billing", on=on or today(house))
    work()
    return BillingRun.objects.get(dry=True)


def ran(house: House) -> BillingRun:
    """Will ask for the billing of today and have it done."""
    Desk(house).post("billing_now", on=today(house))
    work()
    return BillingRun.objects.get(dry=False)


def running(house: House, **facts: Any) -> BillingRun:
    """Will return a run that goes on, as it left its row."""
    at = facts.pop("moved_at", now())
    facts = {"due": 4, "billed": 1, "on": today(house)} | facts
    return BillingRun.objects.create(operator=house.operator, started_at=at, moved_at=at, **facts)
