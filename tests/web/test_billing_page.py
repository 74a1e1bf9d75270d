"""The desk's page on billing: what is due, trying it out, and starting a run once."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from postroom import jobs
from postroom.demo.cast import House
from postroom.domain.billing.models import BillingRun, Invoice
from postroom.domain.operators.models import Role
from tests.web.billing_desk import (
    DAY,
    dry_run_done,
    house,
    now,
    ran,
    shown,
    today,
    waiting,
    words,
    work,
)
from tests.web.desk_pages import Desk, page

__all__ = ["house"]


def test_the_page_counts_what_is_due(house: House) -> None:
    assert "4 subscriptions due today" in shown(house)
    assert "No runs yet" in shown(house)
    ran(house)
    assert "Nothing is due today" in shown(house)


def test_a_viewer_looks_and_starts_nothing(house: House) -> None:
    text = shown(house, role=Role.VIEWER)
    assert "4 subscriptions due today" in text
    assert "Bill now" not in text
    assert "Dry run" not in text
    viewer = Desk(house, Role.VIEWER)
    assert viewer.post("billing", on=today(house)).status_code == 403
    assert viewer.get("billing_now").status_code == 403
    assert waiting("dry_run_billing") == waiting("run_billing") == []


def test_a_dry_run_waits_for_a_worker_and_writes_nothing(house: House) -> None:
    desk = Desk(house)
    answer = desk.post("billing", on=today(house))
    run = BillingRun.objects.get()
    assert answer["Location"] == desk.url("billing_run", run.pk)
    assert waiting("dry_run_billing") == [{"operator_id": house.operator.pk, "run_id": run.pk}]
    assert "Waiting It waits for a worker. No worker is running." in shown(
        house, "billing_run", run.pk
    )
    work()
    text = shown(house, "billing_run", run.pk)
    assert "Finished" in text
    assert re.search(r"It would come to Invoices 1\d Credit notes 0 Set aside 0", text)
    assert not Invoice.objects.exists()


def test_a_worker_that_was_heard_of_is_not_missed(house: House) -> None:
    Desk(house).post("billing", on=today(house))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [now()])
    text = shown(house)
    assert "It waits for a worker." in text
    assert "No worker is running" not in text


def test_a_double_click_makes_one_dry_run(house: House) -> None:
    answers = [Desk(house).post("billing", on=today(house))["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert BillingRun.objects.count() == len(waiting("dry_run_billing")) == 1
    Desk(house).post("billing", on=today(house) + DAY)
    assert BillingRun.objects.count() == len(waiting("dry_run_billing")) == 2


def test_a_dry_run_that_nobody_took_for_long_is_still_the_one(house: House) -> None:
    Desk(house).post("billing", on=today(house))
    BillingRun.objects.update(moved_at=now() - timedelta(hours=1))
    Desk(house).post("billing", on=today(house))
    assert BillingRun.objects.count() == 1
    assert "Waiting" in shown(house)


@pytest.mark.parametrize(
    ("name", "on", "says"),
    [
        ("billing", lambda day: day + 400 * DAY, "A dry run looks up to a year ahead"),
        ("billing", lambda day: "soon", "Enter a day such as 2026-12-31."),
        ("billing", lambda day: "", "Enter a day."),
        ("billing", lambda day: "0026-01-01", "Check the year"),
        ("billing_now", lambda day: day + 3 * DAY, "lies ahead: bills are written up to today"),
        ("billing_now", lambda day: "", "Enter a day."),
    ],
)
def test_what_is_refused_stays_on_the_form(
    house: House, name: str, on: Callable[[date], Any], says: str
) -> None:
    typed = str(on(today(house)))
    answer = Desk(house).post(name, on=typed)
    assert says in page(answer, 422)
    assert answer.context["form"]["on"].value() == typed
    assert waiting("dry_run_billing") == waiting("run_billing") == []
    assert not BillingRun.objects.exists()


def test_billing_is_asked_beside_the_last_dry_run(house: House) -> None:
    assert "No dry run yet" in shown(house, "billing_now")
    run = dry_run_done(house)
    text = shown(house, "billing_now")
    assert "4 subscriptions due today." in text
    assert f"Invoices {run.invoices} Credit notes 0" in text
    assert f"Together {house.operator.show(run.total_minor)}" in text


def test_billing_is_done_as_the_dry_run_said(house: House) -> None:
    dry_run = dry_run_done(house)
    run = ran(house)
    assert run.started_by == house.owner
    assert (run.invoices, run.total_minor) == (dry_run.invoices, dry_run.total_minor)
    text = Desk(house).text("billing_run", run.pk)
    assert f"{Desk(house).url('invoices')}?run={run.pk}" in text
    assert f"Billed {run.billed} billing dates of 4 subscriptions" in words(text)
    assert f"{run.invoices} invoices" in shown(house, "invoices")


def test_a_double_click_starts_one_run(house: House) -> None:
    desk = Desk(house)
    for _ in range(2):
        assert desk.post("billing_now", on=today(house)).status_code == 302
    facts = {"operator_id": house.operator.pk, "on": str(today(house)), "by": house.owner.pk}
    assert waiting("run_billing") == [facts]
    text = words(desk.text("billing"))
    assert "was asked for and waits for a worker" in text
    assert "No worker is running" in text
    assert "subscriptions due today" not in text


def test_the_same_job_done_twice_bills_once(house: House) -> None:
    run = ran(house)
    jobs.run_billing(house.operator.pk, str(today(house)), house.owner.pk)
    assert Invoice.objects.count() == run.invoices == BillingRun.objects.get().invoices


def test_a_worker_knows_the_jobs_that_the_desk_asks_for() -> None:
    # The desk names them; a worker that was just started has read nothing else of ours.
    assert jobs.__name__ in app.import_paths
    assert {f"{jobs.__name__}.run_billing", f"{jobs.__name__}.dry_run_billing"} <= set(app.tasks)
