"""The desk's page on one billing run: progress, stopping, going on, and what to look at."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.charges import enter_charge
from postroom.domain.billing.models import BillingRun, RunState
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from tests.web.billing_desk import (
    DAY,
    TOO_MUCH,
    dry_run_done,
    house,
    now,
    ran,
    running,
    shown,
    today,
    waiting,
    work,
)
from tests.web.desk_pages import Desk

__all__ = ["house"]


def test_a_page_looks_again_while_something_goes_on(house: House) -> None:
    run, desk = running(house), Desk(house)
    for address in (("billing",), ("billing_run", run.pk)):
        assert 'hx-trigger="every' in desk.text(*address)
    text = shown(house, "billing_run", run.pk)
    assert "Running" in text
    assert "Billed 1 of 4 subscriptions" in text
    BillingRun.objects.update(state=RunState.FINISHED, finished_at=now())
    for address in (("billing",), ("billing_run", run.pk)):
        assert 'hx-trigger="every' not in desk.text(*address)


def test_a_run_is_stopped_and_resumed(house: House) -> None:
    run, desk = running(house), Desk(house)
    assert "Resume" not in shown(house, "billing_run", run.pk)
    desk.post("billing_run_stop", run.pk)
    assert BillingRun.objects.get().stop_asked_at is not None
    text = shown(house, "billing_run", run.pk)
    assert "Stopping" in text
    assert "It stops after the page that it is at." in text
    BillingRun.objects.update(state=RunState.STOPPED, stop_asked_at=None)
    assert "What it billed stays billed; the rest is still due. Resume" in shown(
        house, "billing_run", run.pk
    )
    desk.post("billing_run_resume", run.pk)
    desk.post("billing_run_resume", run.pk)
    assert [job["on"] for job in waiting("run_billing")] == [str(run.on)]
    work()
    assert BillingRun.objects.get().state == RunState.FINISHED


@pytest.mark.parametrize(("minutes", "stuck"), [(9, False), (11, True)])
def test_a_run_that_wrote_nothing_for_long_is_stuck(
    house: House, minutes: int, stuck: bool
) -> None:
    run = running(house, moved_at=now() - timedelta(minutes=minutes))
    text = shown(house, "billing_run", run.pk)
    assert ("Stuck" in text) == ("Resume" in text) == ("It wrote nothing since" in text) == stuck
    assert ("Stuck" in shown(house)) == stuck


def test_a_stuck_dry_run_is_done_anew(house: House) -> None:
    stuck = running(house, dry=True, moved_at=now() - timedelta(hours=1))
    answer = Desk(house).post("billing_run_resume", stuck.pk)
    anew = BillingRun.objects.latest("id")
    assert answer["Location"] == Desk(house).url("billing_run", anew.pk)
    assert anew.pk != stuck.pk


@pytest.mark.parametrize("dry", [True, False])
def test_who_is_set_aside_is_shown_with_the_reason(house: House, dry: bool) -> None:
    enter_charge(
        house.subscriptions["bo"],
        text="A slip",
        amount_minor=TOO_MUCH,
        taxable=False,
        form=uuid4(),
        by=house.owner,
        at=now(),
        on=today(house) - 40 * DAY,
    )
    run = dry_run_done(house) if dry else ran(house)
    text = Desk(house).text("billing_run", run.pk)
    assert run.set_aside == 1
    assert "A count or an amount is larger than an invoice can hold." in text
    assert Desk(house).url("customer", house.customers["bo"].pk) in text
    assert "Billed since" not in text
    Subscription.objects.filter(pk=house.subscriptions["bo"].pk).update(
        next_bill_on=today(house) + DAY
    )
    assert ("Billed since" in shown(house, "billing_run", run.pk)) == (not dry)


@pytest.mark.parametrize("dry", [True, False])
def test_what_is_odd_is_shown(house: House, dry: bool) -> None:
    ana, on = house.subscriptions["ana"].pk, today(house).replace(day=1) - DAY
    used = [Given("a", ana, "check_deposit", 2, on), Given("b", ana, "forward", 9, on)]
    take_in(house.operator, used, by=None, at=now())
    run = dry_run_done(house) if dry else ran(house)
    text = Desk(house).text("billing_run", run.pk)
    assert "2 used of Check deposit, which their plan does not offer: it bears no fee." in text
    assert "$45.00 of extras and charges, at a rate of $9.99." in text
    assert Desk(house).url("customer", house.customers["ana"].pk) in text


def test_a_page_takes_the_same_queries_however_many(house: House) -> None:
    desk, taken = Desk(house), []
    for days in (range(1), range(1, 15)):
        for ago in days:
            done = {"state": RunState.FINISHED, "finished_at": now()}
            running(house, on=today(house) - ago * DAY, started_by=house.owner, **done)
        desk.get("billing")
        with CaptureQueriesContext(connection) as queries:
            assert "Finished" in desk.text("billing")
        taken.append(len(queries))
    assert taken[0] == taken[1]


@pytest.mark.parametrize("name", ["billing_run", "billing_run_stop", "billing_run_resume"])
def test_a_neighbours_run_is_not_there(
    house: House, make_house: Callable[..., House], name: str
) -> None:
    neighbour = make_house("Neighbor Post")
    with as_operator(neighbour.operator.pk):
        run = running(neighbour, on=date(2026, 6, 1))
    desk = Desk(house)
    answer = desk.get(name, run.pk) if name == "billing_run" else desk.post(name, run.pk)
    assert answer.status_code == 404
    assert waiting("run_billing") == []
