"""A process that bills is killed at random moments, again and again, and started again until done.

Each run is a process of its own, forked by one that has everything loaded, so that all of its
time is the run's. More often than here: ``KILLS=2000 pytest tests/stories/test_billing_killed.py``.
"""

import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from postroom.base.periods import billing_date
from postroom.base.tenancy import as_operator, as_platform
from postroom.domain.billing.models import BillingRun, Invoice, RunState
from postroom.domain.billing.running import bill_operator
from postroom.domain.operators.models import Operator
from tests.rooms.billing_crowds import crowd
from tests.rooms.billing_worlds import Shop, assert_gapless, books_at_once, open_shop

KILLS = int(os.environ.get("KILLS", "200"))
#: At first a run is killed within so many seconds; on a slow machine it gets longer.
SECONDS = 0.1
SEED = "import django; django.setup(); from tests.stories.test_billing_killed import obey; obey()"


def obey() -> None:
    """Will bill and kill for each line of standard input: operator, day, page size and seconds."""
    for line in sys.stdin:
        operator, on, page, seconds = line.split()
        how = billed(int(operator), date.fromisoformat(on), int(page), float(seconds))
        sys.stdout.write(f"{how}\n")
        sys.stdout.flush()


def billed(operator: int, on: date, page: int, seconds: float) -> str:
    """Will fork a run, kill it so many seconds after it began, and say how it ended."""
    hears, says = os.pipe()
    child = os.fork()
    if child == 0:
        bill(operator, on, page, says)
    os.close(says)
    os.read(hears, 1)
    os.close(hears)
    over = time.monotonic() + seconds
    ended, status = os.waitpid(child, os.WNOHANG)
    while not ended and time.monotonic() < over:
        time.sleep(0.001)
        ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return {0: "done", signal.SIGKILL: "killed"}.get(status, f"failed with status {status}")


def bill(operator: int, on: date, page: int, says: int) -> None:
    """Will say when it has begun, and never return."""
    try:
        with as_platform():
            it = Operator.objects.get(pk=operator)
        os.write(says, b"!")
        bill_operator(it, at=Shop(it, None, []).at(f"{on:%y-%m-%d}"), page=page)  # type: ignore[arg-type]
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


@pytest.fixture
def environment(db: None) -> dict[str, str]:
    """What makes another process work on this database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return os.environ | {"DATABASE_URL": url.geturl()}


@pytest.fixture
def killer(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The process that forks runs and kills them."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    words = [sys.executable, "-c", SEED]
    with subprocess.Popen(words, cwd=settings.ROOT, env=environment, **pipes) as process:
        yield process
        process.stdin.close()


def ask_to_bill(
    killer: subprocess.Popen[str], shop: Shop, on: date, *, page: int, seconds: float
) -> str:
    killer.stdin.write(f"{shop.operator.pk} {on} {page} {seconds}\n")
    killer.stdin.flush()
    return killer.stdout.readline().strip()


def counts(shop: Shop) -> list[dict[str, int | str]]:
    """Will return what each run says that it wrote, and assert that it is what is there."""
    fields = "state", "billed", "invoices", "credit_notes", "total_minor", "set_aside"
    for run in BillingRun.objects.all():
        there = Invoice.objects.filter(run=run)
        assert run.invoices == there.filter(total_minor__gte=0).count()
        assert run.credit_notes == there.filter(total_minor__lt=0).count()
        assert run.total_minor == (there.aggregate(sum=Sum("total_minor"))["sum"] or 0)
    return list(BillingRun.objects.values(*fields))


def billed_so_far(shop: Shop) -> int:
    with as_operator(shop.operator.pk):
        return BillingRun.objects.aggregate(sum=Sum("billed"))["sum"] or 0


def kill_often(killer: subprocess.Popen[str], shop: Shop, on: date) -> tuple[date, int]:
    """Will kill runs, moving on to a later day when one is done.

    Returns the day reached, and how many of those killed had written something.
    """
    kills = wrote = idle = before = 0
    seconds = SECONDS
    while kills < KILLS:
        how = ask_to_bill(killer, shop, on, page=2, seconds=random.uniform(0, seconds))
        assert how in {"killed", "done"}
        kills += how == "killed"
        if how == "done":
            on = billing_date(on, 1, 28)
        now = billed_so_far(shop)
        moved, before = now > before, now
        wrote += moved and how == "killed"
        idle = 0 if moved else idle + 1
        if idle == 5:
            seconds, idle = seconds * 1.2, 0
    return on, wrote


def test_killed_and_started_again(killer: subprocess.Popen[str]) -> None:
    disturbed, calm = open_shop(), open_shop()
    for shop in (disturbed, calm):
        with as_operator(shop.operator.pk):
            crowd(shop, 30, days=5)
    on, wrote = kill_often(killer, disturbed, date(2024, 3, 28))
    assert wrote > KILLS / 10, "most were killed before they wrote anything"
    assert ask_to_bill(killer, disturbed, on, page=5_000, seconds=60) == "done"
    bill_operator(calm.operator, at=calm.at(f"{on:%y-%m-%d}"))
    with as_operator(calm.operator.pk):
        expected, [whole] = books_at_once(calm.operator), counts(calm)
    with as_operator(disturbed.operator.pk):
        assert books_at_once(disturbed.operator) == expected
        assert_gapless(disturbed.operator)
        runs = counts(disturbed)
    assert {it["state"] for it in runs} == {RunState.FINISHED}
    for count in ("billed", "invoices", "credit_notes", "total_minor", "set_aside"):
        assert sum(int(it[count]) for it in runs) == whole[count], count
