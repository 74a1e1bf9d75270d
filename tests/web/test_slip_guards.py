"""What looks like a slip is asked about on the page, and saved once somebody says it is right."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from postroom.demo.cast import House
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.subscriptions.models import Subscription
from tests.web.plan_forms import address, desk_of, say_yes, typed

ASKED = "The monthly rate goes from $9.99 to $69.99."
SURE = {"sure": "rate-1-999-6999"}


def send(client: Client, house: House, plan: Plan, **changes: Any) -> HttpResponse:
    page = client.get(address(house, f"{plan.pk}/"))
    return client.post(address(house, f"{plan.pk}/"), typed(page.context["form"], **changes))


def answer(client: Client, house: House, which: str, **typed: str) -> HttpResponse:
    far = (timezone.now() + timedelta(days=90)).date().isoformat()
    if which == "yes":
        days = {"sold_from": far, "existing_from": far}
        return say_yes(client, house, house.bronze.pk, **days | typed)
    to = address(house, f"{house.bronze.pk}/question/no/")
    return client.post(to, {"legacy_name": "Old Bronze"} | typed)


@pytest.mark.parametrize("which", ["yes", "no"])
def test_both_answers_ask(in_harbor: House, which: str) -> None:
    client = desk_of(in_harbor)
    send(client, in_harbor, in_harbor.bronze, monthly_rate="69.99")
    page = client.get(address(in_harbor, f"{in_harbor.bronze.pk}/question/"))
    assert page.content.decode().count(ASKED) == 2, "once for each answer"
    asked = answer(client, in_harbor, which)
    assert asked.status_code == 422
    assert "looks like a slip" in asked.content.decode()
    assert PlanVersion.objects.count() == 1
    assert answer(client, in_harbor, which, **SURE).status_code == 302
    assert PlanVersion.objects.count() == 2


def test_an_ordinary_change_is_not_asked_about(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    send(client, in_harbor, in_harbor.bronze, monthly_rate="12.99")
    page = client.get(address(in_harbor, f"{in_harbor.bronze.pk}/question/"))
    assert "Is this right?" not in page.content.decode()
    assert answer(client, in_harbor, "yes").status_code == 302


def test_update_asks_where_nobody_is_on_the_plan(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    client.post(address(in_harbor, f"{in_harbor.bronze.pk}/copy/"))
    copy = Plan.objects.get(copied_from=in_harbor.bronze)
    asked = send(client, in_harbor, copy, monthly_rate="69.99", name="Gold")
    assert asked.status_code == 422
    text = asked.content.decode()
    assert ASKED in text
    assert 'value="69.99"' in text, "nothing typed is lost"
    assert Plan.objects.get(pk=copy.pk).name == "Copy of Bronze"
    assert send(client, in_harbor, copy, monthly_rate="69.99", **SURE).status_code == 302
    assert PlanVersion.objects.filter(plan=copy).count() == 2


def test_a_change_too_soon_says_who_cannot_be_told(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    send(client, in_harbor, in_harbor.bronze, monthly_rate="12.99")
    soon = in_harbor.subscriptions["ana"]
    soon.next_term_on = (timezone.now() + timedelta(days=5)).date()
    soon.save(update_fields=["next_term_on"])
    today = (timezone.now() + timedelta(days=1)).date().isoformat()
    asked = answer(client, in_harbor, "yes", sold_from=today, existing_from=today)
    assert asked.status_code == 422
    assert "cannot be told in time" in asked.content.decode()
    keys = [it.key for it in asked.context["yes_slips"]]
    again = answer(client, in_harbor, "yes", sold_from=today, existing_from=today, sure=keys[0])
    assert again.status_code == 302


def test_no_plan_left_for_anybody_new_is_said(in_harbor: House) -> None:
    client = desk_of(in_harbor)
    at = address(in_harbor, f"{in_harbor.bronze.pk}/")
    form = client.get(at).context["form"]
    hidden = typed(form, internal="on")
    for box in ("signup", "lead_gen"):
        hidden.pop(box, None)
    said = "No plan is shown to new customers any more"
    assert said in client.post(at, hidden, follow=True).content.decode()
    shown = typed(client.get(at).context["form"], signup="on")
    assert said not in client.post(at, shown, follow=True).content.decode()


def test_who_is_billed_within_days_is_said(in_harbor: House) -> None:
    today = timezone.now().date()
    Subscription.objects.update(next_bill_on=today + timedelta(days=2))
    client = desk_of(in_harbor)
    at = address(in_harbor, f"{in_harbor.bronze.pk}/")
    client.post(at, typed(client.get(at).context["form"], monthly_rate="8.99"))
    for days, count in ((0, 4), (30, 0)):
        day = (today + timedelta(days=days)).isoformat()
        asked = {"sold_from": day, "existing_from": day}
        shown = client.post(address(in_harbor, f"{in_harbor.bronze.pk}/question/"), asked)
        assert shown.context["billed_soon"] == count
