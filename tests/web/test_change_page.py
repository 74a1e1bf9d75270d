"""The page of a change under way: how it stands, and withdrawing, editing and taking it back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from postroom.demo.cast import House
from postroom.domain.billing.run import bill_due
from postroom.domain.customers.actions import Details, add_customer
from postroom.domain.customers.models import Customer, Kind, Mailbox, MailboxState
from postroom.domain.events.actions import record
from postroom.domain.operators.permissions import Role
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.looking import under_way
from postroom.domain.plan_changes.models import PlanChange, Sheet, SheetRow
from postroom.domain.plan_changes.previews import preview
from postroom.domain.plan_changes.scheduling import schedule
from postroom.domain.plans.models import Draft, Withdrawal
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.models import Pin, Subscription
from tests.rooms.test_scheduling import DEARER, draft
from tests.web.plan_forms import address, colleague, desk_of
from tests.yes import Anything

NOW = timezone.now()
TODAY = NOW.date()
FAR = TODAY + timedelta(days=90)


def scheduled(house: House, since: date, *, terms: Terms = DEARER, **facts: Any) -> PlanChange:
    """Will say yes to other terms of Bronze."""
    waiting, asked = draft(house, terms), Asked(since, since)
    own: dict[str, Any] = {"by": house.owner, "at": NOW, "on": TODAY - timedelta(days=1)}
    sheet = preview(waiting, asked, **own, anew=True)
    seen = sheet.fingerprint
    return schedule(waiting, asked=asked, seen=seen, sure=Anything(), **own, **facts)


@pytest.fixture
def change(in_harbor: House) -> PlanChange:
    return scheduled(in_harbor, FAR, words="Our rent went up.")


@pytest.fixture
def client(in_harbor: House) -> Client:
    return desk_of(in_harbor)


def join(house: House, name: str, starts_on: date = TODAY) -> Subscription:
    """Will let somebody join Bronze by the month, who can be reached by mail."""
    own: dict[str, Any] = {"by": house.owner, "at": NOW}
    details = Details(Kind.PERSON, name, email="somebody@people.example")
    who = add_customer(house.operator, details=details, **own)
    free = Mailbox.objects.filter(state=MailboxState.AVAILABLE).earliest("pk")
    return assign(who, mailbox=free, plan=house.bronze, months=1, starts_on=starts_on, **own)


def page(house: House, change: PlanChange, rest: str = "") -> str:
    return address(house, f"changes/{change.pk}/{rest}")


def test_it_says_how_it_ends_for_each(in_harbor: House, change: PlanChange, client: Client) -> None:
    shown = client.get(page(in_harbor, change))
    assert shown.status_code == 200
    body = shown.content.decode()
    for said in ("Scheduled", "$9.99 a month", "$12.99 a month", "Our rent went up.", "Edit"):
        assert said in body
    customers = Subscription.objects.filter(plan=in_harbor.bronze).count()
    assert shown.context["sums"].customers == customers
    assert "left it" not in body, "nobody came or went since"
    rows = client.get(page(in_harbor, change, "customers/"), follow=True)
    assert len(rows.context["table"].rows) == customers


def look_after(client: Client, at: str, change: PlanChange, wait: timedelta) -> Sheet:
    """Will look anew, as if every look so far was so much older."""
    Sheet.objects.filter(change=change).update(at=F("at") - wait)
    found: Sheet = client.get(at, {"anew": "1"}).context["sheet"]
    return found


def test_a_look_serves_for_a_while(in_harbor: House, change: PlanChange, client: Client) -> None:
    at = page(in_harbor, change)
    first = client.get(at).context["sheet"]
    assert client.get(at).context["sheet"] == first
    assert client.get(at, {"anew": "1"}).context["sheet"] == first, "however often they reload"
    assert look_after(client, at, change, timedelta(seconds=11)) != first


def test_a_list_stays_while_others_look_again(
    in_harbor: House, change: PlanChange, client: Client
) -> None:
    at = page(in_harbor, change)
    reading = client.get(f"{at}customers/")["Location"]
    for _ in range(5):
        look_after(client, at, change, timedelta(seconds=11))
    assert client.get(reading).status_code == 200
    look_after(client, at, change, timedelta(minutes=10))
    assert SheetRow.objects.filter(sheet__change=change).values("sheet").distinct().count() == 1
    viewer = desk_of(in_harbor, colleague(in_harbor, Role.VIEWER))
    gone = viewer.get(reading, follow=True)
    assert (gone.status_code, "Those figures were replaced" in gone.content.decode()) == (200, True)


def test_withdrawing_says_what_it_does_first(
    in_harbor: House, change: PlanChange, client: Client
) -> None:
    at = page(in_harbor, change, "withdraw/")
    assert "Nobody was told of it." in client.get(at).content.decode()
    refused = client.post(at, {"reason": "  "})
    assert refused.status_code == 422
    client.post(at, {"reason": "The rent stays"})
    again = client.post(at, {"reason": "The rent stays"})
    assert (again.status_code, Withdrawal.objects.count()) == (422, 1)
    shown = client.get(page(in_harbor, change)).content.decode()
    assert "Withdrawn" in shown and "The rent stays" in shown


def test_editing_opens_the_question_with_its_days(
    in_harbor: House, change: PlanChange, client: Client
) -> None:
    asked = client.post(page(in_harbor, change, "edit/"), follow=True)
    assert Draft.objects.get().replaces == change.version
    form = asked.context["yes_form"]
    assert form["existing_from"].value() in {change.existing_from, str(change.existing_from)}
    assert "takes the place of version 2" in asked.content.decode()


def test_taking_back_asks_about_the_terms_before(in_harbor: House, client: Client) -> None:
    milder = replace(DEARER, rates={1: 899, 12: 9999})
    made = scheduled(in_harbor, TODAY - timedelta(days=1), terms=milder)
    assert "Take it back" not in client.get(page(in_harbor, made)).content.decode()
    bill_due(in_harbor.operator, on=TODAY + timedelta(days=31), at=NOW)
    assert "Take it back" in client.get(page(in_harbor, made)).content.decode()
    question = client.post(page(in_harbor, made, "reverse/"), follow=True)
    assert Draft.objects.get().reverses == made.version
    assert "takes version 2 back" in question.content.decode()


def test_a_viewer_looks_and_does_nothing(in_harbor: House, change: PlanChange) -> None:
    viewer = desk_of(in_harbor, colleague(in_harbor, Role.VIEWER))
    body = viewer.get(page(in_harbor, change)).content.decode()
    assert "How it ends for each" in body and "Withdraw" not in body
    for rest in ("withdraw/", "edit/", "reverse/"):
        assert viewer.post(page(in_harbor, change, rest), {"reason": "x"}).status_code == 403
    clerk = desk_of(in_harbor, colleague(in_harbor, Role.CLERK))
    assert clerk.get(page(in_harbor, change)).status_code == 403


def test_it_asks_as_much_however_many_there_are(
    in_harbor: House, change: PlanChange, client: Client
) -> None:
    at = page(in_harbor, change)
    look_after(client, at, change, timedelta(seconds=11))
    with CaptureQueriesContext(connection) as few:
        before = look_after(client, at, change, timedelta(seconds=11))
    for number in range(5):
        join(in_harbor, f"Person {number}")
    with CaptureQueriesContext(connection) as more:
        after = look_after(client, at, change, timedelta(seconds=11))
    assert after.sums["customers"] == before.sums["customers"] + 5
    assert len(more) <= len(few)


def test_who_joined_on_the_new_terms_is_not_counted_among_those_who_get_them(
    in_harbor: House, client: Client
) -> None:
    made = scheduled(in_harbor, TODAY - timedelta(days=1))
    before = client.get(page(in_harbor, made)).context
    join(in_harbor, "Juno", starts_on=TODAY)
    look_after(client, page(in_harbor, made), made, timedelta(seconds=11))
    now = client.get(page(in_harbor, made)).context
    for figure in ("has_it", "to_come", "unreached"):
        assert now[figure] == before[figure]
    assert now["it"].kept == before["it"].kept
    assert now["sums"].ending("joined") == 1
    assert "Joined on these terms" in client.get(page(in_harbor, made)).content.decode()


def unreachable(house: House) -> list[int]:
    """Will take their e-mail from all on Bronze, and return their subscriptions."""
    found = Subscription.objects.filter(plan=house.bronze)
    Customer.objects.filter(pk__in=found.values("customer")).update(email="")
    return list(found.values_list("pk", flat=True))


def test_those_who_are_stuck_are_left_on_their_old_terms(
    in_harbor: House, change: PlanChange, client: Client
) -> None:
    them, at = unreachable(in_harbor), page(in_harbor, change)
    shown = client.get(at)
    assert (shown.context["unreached"], shown.context["to_come"]) == (len(them), 0)
    leave = page(in_harbor, change, "leave/undeliverable/")
    assert leave in shown.content.decode()
    assert f"{len(them)} customers: Undeliverable" in client.get(leave).content.decode()
    refused = client.post(leave, {"kind": "pin", "reason": " "})
    assert (refused.status_code, Pin.objects.count()) == (422, 0)
    client.post(leave, {"kind": "pin", "reason": "No letter reaches them"})
    assert set(Pin.objects.values_list("subscription", "reason")) == {
        (it, "No letter reaches them") for it in them
    }
    now = client.get(at).context
    assert (now["unreached"], now["it"].kept, now["stuck"]) == (0, len(them), [])


@pytest.mark.parametrize(
    "typed", [{}, {"kind": "end"}, {"kind": "lock"}, {"kind": "pin", "reason": "x" * 301}]
)
def test_what_cannot_be_done_with_the_stuck_is_refused(
    in_harbor: House, change: PlanChange, client: Client, typed: dict[str, str]
) -> None:
    unreachable(in_harbor)
    sent = {"reason": "Promised"} | typed
    refused = client.post(page(in_harbor, change, "leave/undeliverable/"), sent)
    assert (refused.status_code, Pin.objects.count()) == (422, 0)
    assert sent["reason"] in refused.content.decode(), "what was typed is kept"


def test_leaving_them_means_those_who_are_stuck_now(
    in_harbor: House, change: PlanChange, client: Client
) -> None:
    unreachable(in_harbor)
    leave = page(in_harbor, change, "leave/undeliverable/")
    client.get(leave)
    Customer.objects.update(email="somebody@people.example")
    refused = client.post(leave, {"kind": "pin", "reason": "No letter reaches them"})
    assert (refused.status_code, Pin.objects.count()) == (422, 0)
    assert "Nobody on this plan is in the group" in refused.content.decode()
    assert client.get(page(in_harbor, change, "leave/changed/")).status_code == 404


def test_the_timeline_keeps_what_is_long_ago(
    in_harbor: House, change: PlanChange, client: Client
) -> None:
    for number in range(30):
        record("plan_change.scheduled", change, by=None, at=NOW, facts={"to": str(number)})
    shown = client.get(page(in_harbor, change))
    assert len(shown.context["timeline"]) >= 31
    assert "Everything before" in shown.content.decode()


@pytest.mark.parametrize(
    ("days", "months", "listed"),
    [(20, 1, True), (100, 1, False), (100, 12, True), (400, 12, False)],
)
def test_a_change_is_under_way_until_those_who_paid_ahead_have_it(
    in_harbor: House, days: int, months: int, listed: bool
) -> None:
    made = scheduled(in_harbor, TODAY - timedelta(days=1))
    Subscription.objects.exclude(months=months).update(closes_on=TODAY)
    assert (made in under_way(on=TODAY + timedelta(days=days))) == listed


def test_the_plan_and_the_dashboard_lead_to_it(
    in_harbor: House, change: PlanChange, client: Client
) -> None:
    for where in (
        address(in_harbor, f"{in_harbor.bronze.pk}/"),
        f"/desk/{in_harbor.operator.slug}/",
    ):
        assert page(in_harbor, change) in client.get(where).content.decode()
