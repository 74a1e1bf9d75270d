"""Moving the customers of a legacy plan from the desk: chosen, shown, scheduled as shown."""

from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from postroom import jobs
from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.operators.models import Role
from postroom.domain.plan_changes.models import PlanChange, Sheet
from postroom.domain.plan_changes.sums import unpack
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Switch
from tests.web.desk_pages import Desk, page
from tests.web.renting import Today
from tests.web.shelf import add, say

WORDS = "We tidy up our plans."


@pytest.fixture
def silver(today: Today) -> Plan:
    """A dearer plan to move to."""
    return add(today.house, "Silver")


def send(desk: Desk, today: Today, to: Plan, **typed: Any) -> Any:
    day = today.on + timedelta(days=40)
    said = {"plan": to.pk, "existing_from": day.isoformat(), "words": WORDS, "step": "ask"}
    return desk.post("plan_move", today.house.bronze.pk, **said | typed)


def test_it_shows_what_it_does_and_changes_nothing(today: Today, silver: Plan) -> None:
    text = " ".join(page(send(Desk(today.house), today, silver)).split())
    for said in (
        "How it ends for each",
        "told that their terms get",
        "Ana Alvarez",
        "$12.99",
        "Move them",
    ):
        assert said in text
    assert f'name="words" value="{WORDS}"' in text
    assert not PlanChange.objects.exists()


def test_it_schedules_what_was_shown_and_a_worker_writes_it(today: Today, silver: Plan) -> None:
    desk, bo = Desk(today.house), today.house.subscriptions["bo"].pk
    send(desk, today, silver, picks=[bo])
    done = send(desk, today, silver, picks=[bo], seen=Sheet.objects.get().fingerprint, step="do")
    change = PlanChange.objects.get()
    assert done.url == desk.url("change", change.pk)
    assert (change.version.plan, change.announcement.words) == (silver, WORDS)
    of_this_house = {"operator_id": today.house.operator.pk}
    job = ProcrastinateJob.objects.get(task_name="postroom.jobs.write_moves_of", args=of_this_house)
    jobs.write_moves_of(**job.args)
    with as_operator(today.house.operator.pk):
        assert Switch.objects.get().subscription_id == bo


def test_what_changed_meanwhile_is_shown_anew(today: Today, silver: Plan) -> None:
    text = page(send(Desk(today.house), today, silver, seen="a-b-c", step="do"), 422)
    assert "The figures that you saw hold no more" in text
    assert f'name="seen" value="{Sheet.objects.get().fingerprint}"' in text
    assert not PlanChange.objects.exists()


def test_going_back_keeps_what_was_typed(today: Today, silver: Plan) -> None:
    text = page(send(Desk(today.house), today, silver, step="look"))
    assert WORDS in text
    assert f'<option value="{silver.pk}" selected' in text


def test_what_cannot_be_stays_in_the_form(today: Today, silver: Plan) -> None:
    desk = Desk(today.house)
    assert "Choose today or a later day." in page(
        send(desk, today, silver, existing_from="2020-01-01"), 422
    )
    assert "Nobody on this plan is in the group" in page(
        send(desk, today, silver, picks=["999999"]), 422
    )
    say(today.house, silver, internal=False, signup=False)
    assert "Select a valid choice" in page(send(desk, today, silver), 422)


def test_a_legacy_plan_leads_there(today: Today, silver: Plan) -> None:
    desk, bronze = Desk(today.house), today.house.bronze
    link = desk.url("plan_move", bronze.pk)
    assert link not in desk.text("plan", bronze.pk)
    Plan.objects.filter(pk=bronze.pk).update(succeeded_by=silver, succeeded_on=today.on)
    assert link in desk.text("plan", bronze.pk)


def test_a_viewer_may_not(in_harbor: House) -> None:
    assert Desk(in_harbor, Role.VIEWER).get("plan_move", in_harbor.bronze.pk).status_code == 403


def test_everybody_it_moves_can_be_looked_through(today: Today, silver: Plan) -> None:
    desk = Desk(today.house)
    send(desk, today, silver)
    sheet = Sheet.objects.get()
    rows = desk.get("sheet", today.house.bronze.pk, sheet.pk)
    assert len(rows.context["table"].rows) == unpack(sheet.sums).customers
    taken = desk.get("sheet_csv", today.house.bronze.pk, sheet.pk)
    assert "Ana Alvarez" in b"".join(taken.streaming_content).decode()
    send(desk, today, silver)
    assert Sheet.objects.get() == sheet, "the same question is not worked out twice"
