"""Recording by hand that a customer was told of a newer version."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from postroom.base.periods import local_day
from postroom.demo.cast import BRONZE, House
from postroom.domain.events.models import Event
from postroom.domain.operators.models import Role
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.models import PlanVersion
from postroom.domain.subscriptions.models import Clearance, ClearanceVoid
from postroom.ui.templatetags.ui import day
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk, page


@pytest.fixture
def dearer(in_harbor: House) -> PlanVersion:
    terms = replace(BRONZE, rates={1: 1299, 12: 13999})
    return publish_version(
        in_harbor.bronze, terms=terms, sold_from=ON, existing_from=ON, by=in_harbor.owner, at=AT
    )


def tell(desk: Desk, newer: PlanVersion, /, **changes: Any) -> Any:
    typed = {
        "version": newer.pk,
        "told_on": "2026-06-10",
        "told_by": "Olga",
        "means": "letter",
        "reason": "Letter sent, copy in the file.",
    }
    return desk.post("clearance_new", desk.house.subscriptions["ana"].pk, **typed | changes)


def test_it_is_recorded_and_shown(in_harbor: House, dearer: PlanVersion) -> None:
    desk = Desk(in_harbor)
    ana = in_harbor.customers["ana"].pk
    assert "Record that they were told" in desk.text("customer", ana)
    assert tell(desk, dearer).status_code == 302
    assert Clearance.objects.get().first_day == date(2026, 6, 20)
    text = desk.text("customer", ana)
    assert "Holds for terms from Jun 20, 2026 on." in text
    assert "recorded that the customer was told of version 2 on Jun 10, 2026" in text


def test_a_double_click_records_it_once(in_harbor: House, dearer: PlanVersion) -> None:
    desk = Desk(in_harbor)
    for _ in range(2):
        assert tell(desk, dearer).status_code == 302
    clearance = Clearance.objects.get()
    assert Event.objects.filter(act="subscription.told").count() == 1
    desk.post("clearance_void", clearance.pk, reason="It came back.")
    tell(desk, dearer)
    assert Clearance.objects.count() == 2
    tell(desk, dearer, means="phone")
    assert Clearance.objects.count() == 3


def test_the_page_says_what_it_does(in_harbor: House, dearer: PlanVersion) -> None:
    """Harbor's mailboxes are in New York, where nobody is told more than 30 days ahead."""
    ana = in_harbor.subscriptions["ana"]
    text = " ".join(Desk(in_harbor).text("clearance_new", ana.pk).split())
    today = local_day(timezone.now(), in_harbor.operator.time_zone)

    def days(since: int, until: int, on: date) -> str:
        return " to ".join(
            day(on + timedelta(days=it), in_harbor.operator) for it in (since, until)
        )

    assert f"may apply to a term that starts from {days(10, 30, today)}." in text
    assert f"for it they must be told from {days(-30, -10, ana.next_term_on)}." in text


def test_without_a_newer_version_there_is_nothing_to_tell(in_harbor: House) -> None:
    text = Desk(in_harbor).text("clearance_new", in_harbor.subscriptions["ana"].pk)
    assert "Nothing to tell" in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"told_on": "2999-01-01"}, "told_on"),
        ({"told_on": "yesterday"}, "told_on"),
        ({"version": "0"}, "version"),
        ({"reason": ""}, "reason"),
        ({"told_by": ""}, "told_by"),
        ({"means": "pigeon"}, "means"),
    ],
)
def test_a_bad_telling_is_refused(
    in_harbor: House, dearer: PlanVersion, typed: dict[str, str], field: str
) -> None:
    answer = tell(Desk(in_harbor), dearer, **typed)
    page(answer, 422)
    assert field in answer.context["form"].errors
    assert not Clearance.objects.exists()


def test_it_is_voided_once(in_harbor: House, dearer: PlanVersion) -> None:
    desk = Desk(in_harbor)
    tell(desk, dearer)
    clearance = Clearance.objects.get()
    assert page(desk.post("clearance_void", clearance.pk, reason=""), 422)
    assert desk.post("clearance_void", clearance.pk, reason="It came back.").status_code == 302
    again = page(desk.post("clearance_void", clearance.pk, reason="Again."), 422)
    assert "void already" in again
    assert ClearanceVoid.objects.count() == 1
    assert "It came back." in desk.text("customer", in_harbor.customers["ana"].pk)
    assert Event.objects.get(act="subscription.clearance_voided").facts == {
        "reason": "It came back."
    }


def test_who_may_record(in_harbor: House, dearer: PlanVersion) -> None:
    for role in (Role.CLERK, Role.VIEWER):
        assert tell(Desk(in_harbor, role), dearer).status_code == 403
    assert not Clearance.objects.exists()
