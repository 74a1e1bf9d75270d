"""My plan: what I used, my months under other plans, and switching with the exact amount."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from postroom.domain.billing.models import Invoice
from postroom.domain.billing.run import bill_due
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.events.models import Event
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.models import Switch, SwitchState, SwitchTiming
from postroom.domain.subscriptions.signed_links import my_plan_url
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from tests.web.renting import GOLD, ONE_DAY, Today, amounts, bills_of, shown_amounts

NOW, LATER = SwitchTiming.NOW.value, SwitchTiming.NEXT_TERM.value


@pytest.fixture
def silver(today: Today) -> Plan:
    return today.sell("Silver", GOLD, signup=True)


def link(today: Today, who: str = "ana") -> str:
    return my_plan_url(today.house.subscriptions[who], today.at)


def said(answer: Any) -> str:
    return re.sub(r"\s+", " ", strip_tags(answer.content.decode()))


def typed(plan: Plan, timing: str = NOW, months: int = 1) -> dict[str, Any]:
    return {"plan": plan.pk, "months": months, "timing": timing}


def look(client: Client, today: Today, plan: Plan, who: str = "ana", **facts: Any) -> Any:
    answer = client.get(f"{link(today, who)}switch/", typed(plan, **facts))
    assert answer.status_code == 200
    return answer


def send(client: Client, today: Today, shown: Any, who: str = "ana") -> Any:
    """Will send a confirmation as its page does."""
    choice, preview = shown.context["choice"], shown.context["preview"]
    body = {"plan": choice.plan_id, "months": choice.months, "timing": choice.timing.value}
    body |= {"seen": preview.key, "form_key": shown.context["key"]}
    return client.post(f"{link(today, who)}switch/", body)


def use(today: Today, quantity: int, days_ago: int) -> None:
    on = today.on - timedelta(days=days_ago)
    given = Given(uuid4().hex, today.rents().pk, Service.SHRED.value, quantity, on)
    take_in(today.house.operator, [given], by=today.house.owner, at=today.at)


def test_the_months_are_set_beside_mine(today: Today, silver: Plan, client: Client) -> None:
    [beside] = client.get(link(today)).context["others"]
    assert beside.compared is not None
    assert beside.compared.average_minor == 1000, "the rate alone differs"
    text = said(client.get(link(today)))
    assert "months you would have paid $10.00 a month more." in text
    assert "Also $199.00 a year." in text


def test_this_months_use_stands_against_the_allowance(today: Today, client: Client) -> None:
    use(today, 3, 0)
    text = said(client.get(link(today)))
    assert "Shred 3 of 0 $0.45" in text and "Extras together $0.45" in text


def test_a_new_customer_sees_words_and_no_figure(
    today: Today, silver: Plan, client: Client
) -> None:
    house = today.house
    free = Mailbox.objects.filter(location=house.locations[0], state=MailboxState.AVAILABLE)
    new = assign(
        house.customers["ana"],
        mailbox=free.earliest("pk"),
        plan=house.bronze,
        months=1,
        starts_on=today.on,
        by=house.owner,
        at=today.at,
    )
    answer = client.get(my_plan_url(new, today.at))
    [beside] = answer.context["others"]
    assert (beside.compared, beside.plot, beside.in_short) == (None, None, "")
    assert "After your first whole month" in said(answer)
    assert "you would have paid" not in said(answer)


def test_switching_now_bills_what_was_shown_once(
    today: Today, silver: Plan, client: Client
) -> None:
    before = len(bills_of(today.rents()))
    shown = look(client, today, silver, months=12)
    bills = shown.context["preview"].bills
    assert "Switch now" in said(shown)
    for _ in range(2):
        assert send(client, today, shown).status_code == 302
    written = bills_of(today.rents())[before:]
    assert amounts(written) == shown_amounts(bills) and len(written) == 1
    assert (today.rents().plan, today.rents().months) == (silver, 12)
    event = Event.objects.get(act="subscription.switched")
    assert (event.by_name, event.by_id) == ("Ana Alvarez", None)


def test_at_the_renewal_and_taken_back(today: Today, silver: Plan, client: Client) -> None:
    shown = look(client, today, silver, timing=LATER)
    assert "Nothing is billed for it today." in said(shown)
    send(client, today, shown)
    text = said(client.get(link(today)))
    assert "you are on Silver, at $19.99 a month." in text
    waiting = Switch.objects.get(state=SwitchState.PENDING)
    for _ in range(2):
        answer = client.post(f"{link(today)}take-back/", {"switch": waiting.pk})
        assert answer.status_code == 302
    waiting.refresh_from_db()
    assert waiting.state == SwitchState.REPLACED
    assert Event.objects.filter(act="subscription.switch_taken_back").count() == 1


def test_what_changed_since_is_shown_anew(today: Today, silver: Plan, client: Client) -> None:
    shown = look(client, today, silver)
    use(today, 5, 0)
    bill_due(today.house.operator, on=today.on, at=today.at)
    other = look(client, today, silver, months=12)
    send(client, today, other)
    again = send(client, today, shown)
    assert again.status_code == 409
    assert "Something has changed since you looked." in said(again)
    assert again.context["preview"].key != shown.context["preview"].key
    assert Switch.objects.count() == 1
    assert send(client, today, again).status_code == 302


def test_a_refusal_keeps_the_choice(today: Today, silver: Plan, client: Client) -> None:
    answer = client.get(f"{link(today, 'di')}switch/", typed(silver, months=12))
    assert answer.status_code == 422
    assert "You have paid elsewhere up to" in said(answer)
    page = answer.content.decode()
    assert re.search(r'value="12"\s+checked', page) and re.search(r'value="now"\s+checked', page)
    look(client, today, silver, "di", timing=LATER, months=12)


def test_what_is_not_chosen_is_asked_for(today: Today, silver: Plan, client: Client) -> None:
    answer = client.get(f"{link(today)}switch/", {"plan": silver.pk, "timing": "never"})
    assert answer.status_code == 422
    assert "Choose how you pay." in said(answer)
    assert client.get(f"{link(today)}switch/", {"plan": silver.pk}).status_code == 200


def test_a_plan_that_is_not_offered_is_not_there(today: Today, client: Client) -> None:
    for plan in (str(today.gold.pk), "0", "x", ""):
        answer = client.get(f"{link(today)}switch/", {"plan": plan})
        assert answer.status_code == 404
        assert "This plan is not offered to you" in said(answer)


@pytest.mark.parametrize("act", ["switch", "take-back", "stay"])
def test_a_bad_link_does_nothing(today: Today, silver: Plan, client: Client, act: str) -> None:
    good = link(today)
    answer = client.post(f"{good[:-4]}xxx/{act}/", typed(silver) | {"seen": "x"})
    assert answer.status_code == 404 and "This link does not work" in said(answer)
    assert not Switch.objects.exists()


def test_staying_after_all(today: Today, silver: Plan, client: Client) -> None:
    ana = today.rents()
    ana.closes_on = today.on + ONE_DAY
    ana.save(update_fields=["closes_on"])
    text = said(client.get(link(today)))
    assert "Your mailbox closes after" in text and "Choose" not in text
    answer = client.get(f"{link(today)}switch/", typed(silver))
    assert answer.status_code == 422 and "You leave on" in said(answer)
    assert client.post(f"{link(today)}stay/").status_code == 302
    assert today.rents().closes_on is None


def test_a_form_without_a_token_of_the_site_is_refused(today: Today, silver: Plan) -> None:
    strict = Client(enforce_csrf_checks=True)
    shown = look(strict, today, silver)
    assert send(strict, today, shown).status_code == 403
    assert not Switch.objects.exists() and not Invoice.objects.filter(switch__isnull=False)


def test_the_page_asks_as_much_for_many_plans_as_for_one(
    today: Today, silver: Plan, client: Client
) -> None:
    counts = []
    for more in (0, 8):
        for number in range(more):
            today.sell(f"Plan {number}", GOLD, signup=True)
        client.get(link(today))
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get(link(today)).context["others"]) == 1 + more
        counts.append(len(asked))
    assert counts[0] == counts[1]
