"""What a customer does behind the link in a notice: accepts, asks, takes another plan, leaves."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import strip_tags

from postroom.demo.cast import BRONZE
from postroom.domain.events.models import Event
from postroom.domain.events.sentences import sentence
from postroom.domain.notices.models import Answer, AnswerKind
from postroom.domain.subscriptions.models import Switch, SwitchState
from tests.noticed import Told, tell
from tests.web.renting import GOLD, ONE_DAY, Today, amounts, bills_of, shown_amounts

KEY = "form_key"


@pytest.fixture
def change(today: Today) -> Told:
    """Ana was told today that Bronze gets dearer at her next renewal; Gold is offered too."""
    return tell(today.house, at=today.at, on=today.on)


@pytest.fixture
def platinum(today: Today) -> Any:
    return today.sell("Platinum", GOLD, signup=True)


def send(client: Client, change: Told, act: str, **typed: Any) -> Any:
    typed.setdefault(KEY, uuid4())
    return client.post(f"{change.url}{act}/", typed)


def of(change: Told, act: str) -> str:
    return f"{change.notice.pk}/{act}"


def said(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(client.get(address).content.decode()))


def kinds() -> list[str]:
    return list(Answer.objects.order_by("pk").values_list("kind", flat=True))


def test_accepting_is_kept_once(change: Told, client: Client) -> None:
    key = uuid4()
    for _ in range(2):
        answer = send(client, change, of(change, "accept"), form_key=key)
        assert answer.status_code == 302
        assert change.url.endswith(answer.url.partition("#")[0])
    assert kinds() == [AnswerKind.ACCEPTED]
    text = said(client, change.url)
    assert "you accepted" in text and "Accept " not in text
    event = Event.objects.get(act="notice.answered")
    assert sentence(event).startswith("Ana Alvarez answered the change of Bronze from ")
    assert sentence(event).endswith(": accepts it.")


def test_accepting_then_leaving_then_staying(change: Told, client: Client, today: Today) -> None:
    send(client, change, of(change, "accept"))
    day = (change.envelope.first_day - ONE_DAY).isoformat()
    leave(client, change, closes_on=day)
    assert today.rents().closes_on == change.envelope.first_day - ONE_DAY
    assert "You leave:" in said(client, change.url)
    refused = send(client, change, of(change, "accept"))
    assert refused.status_code == 422
    assert b"If you would rather stay, say that first" in refused.content
    assert send(client, change, of(change, "stay")).status_code == 302
    assert today.rents().closes_on is None
    assert kinds() == [AnswerKind.ACCEPTED, AnswerKind.LEAVES, AnswerKind.STAYS]
    assert send(client, change, of(change, "stay")).status_code == 422


def leave(client: Client, change: Told, closes_on: str) -> Any:
    """Will look at what leaving comes to, and do it as the page sends it, twice."""
    here = f"{change.url}{of(change, 'leave')}/"
    shown = client.get(here, {"closes_on": closes_on}).context
    typed = {"closes_on": closes_on, "seen": shown["preview"].key, KEY: shown["key"]}
    for _ in range(2):
        assert client.post(here, typed).status_code == 302
    return shown["preview"]


def test_leaving_bills_what_was_shown(change: Told, client: Client, today: Today) -> None:
    day = today.on + 3 * ONE_DAY
    before = len(bills_of(today.rents()))
    shown = leave(client, change, day.isoformat())
    today.bill(day + ONE_DAY)
    assert amounts(bills_of(today.rents())[before:]) == shown_amounts(shown.bills)
    today.bill(day + timedelta(days=90))
    assert len(bills_of(today.rents())) == before + len(shown.bills)
    assert [it.closes_on for it in Answer.objects.all()] == [day]
    entered = Event.objects.get(act="subscription.closed")
    assert entered.by_name == "Ana Alvarez"


def test_the_page_on_leaving_says_so(change: Told, client: Client, today: Today) -> None:
    here = f"{change.url}{of(change, 'leave')}/?closes_on={today.on}"
    text = said(client, here)
    assert "Nothing of a later day is charged" in text
    assert "Given back on" in text and "Bronze, not used" in text


@pytest.mark.parametrize("typed", ["", "soon", "2020-01-01", "2999-01-01"])
def test_a_bad_last_day_is_refused_and_kept(change: Told, client: Client, typed: str) -> None:
    here = f"{change.url}{of(change, 'leave')}/"
    answer = client.get(here, {"closes_on": typed})
    assert answer.status_code == 422
    assert typed in answer.content.decode()
    assert send(client, change, of(change, "leave"), closes_on=typed, seen="x").status_code == 422
    assert kinds() == []


def test_leaving_is_shown_again_when_something_changed(
    change: Told, client: Client, today: Today
) -> None:
    typed = {"closes_on": today.on.isoformat(), "seen": "something else"}
    answer = send(client, change, of(change, "leave"), **typed)
    assert answer.status_code == 409
    assert b"Something has changed since you looked" in answer.content
    assert today.rents().closes_on is None


def take(client: Client, change: Told, plan: Any) -> Any:
    here = f"{change.url}{of(change, 'plans')}/"
    shown = client.get(here, {"plan": plan.pk}).context
    typed = {"plan": plan.pk, "seen": shown["preview"].key, KEY: shown["key"]}
    for _ in range(2):
        assert client.post(here, typed).status_code == 302
    return shown["preview"]


def test_taking_another_plan(change: Told, client: Client, today: Today, platinum: Any) -> None:
    shown = take(client, change, platinum)
    switch = Switch.objects.get(state=SwitchState.PENDING)
    assert (switch.plan_id, switch.timing, switch.by_id) == (platinum.pk, "next_term", None)
    assert kinds() == [AnswerKind.SWITCHED]
    assert "you change to Platinum instead" in said(client, change.url)
    today.bill(shown.starts_on)
    assert today.rents().plan_id == platinum.pk
    events = [sentence(it) for it in Event.objects.filter(by_name="Ana Alvarez")]
    assert any("takes Platinum instead" in it for it in events)


def test_another_plan_is_taken_back(change: Told, client: Client, platinum: Any) -> None:
    take(client, change, platinum)
    assert send(client, change, of(change, "stay")).status_code == 302
    assert not Switch.objects.filter(state=SwitchState.PENDING).exists()
    assert kinds() == [AnswerKind.SWITCHED, AnswerKind.STAYS]


def test_other_plans_are_compared_with_what_comes(
    change: Told, client: Client, today: Today, platinum: Any
) -> None:
    today.sell("Yearly", BRONZE.__class__(rates={12: 500}), signup=True)
    text = said(client, f"{change.url}{of(change, 'plans')}/")
    assert "Monthly rate: $19.99 a month instead of $12.99 a month" in text
    assert "Not sold with your billing cycle, which is monthly" in text
    assert "Gold" not in text, "what only staff may assign"


@pytest.mark.parametrize("which", ["staff only", "own", "unknown", "nonsense"])
def test_only_what_is_offered_can_be_taken(
    change: Told, client: Client, today: Today, which: str
) -> None:
    plan = {"staff only": today.gold.pk, "own": today.house.bronze.pk, "unknown": 10**9}
    answer = send(client, change, of(change, "plans"), plan=plan.get(which, "x"), seen="y")
    assert answer.status_code == 422
    assert not Switch.objects.exists()
    assert kinds() == []


def test_asking_is_kept_and_said(change: Told, client: Client) -> None:
    words = "Why?\nI object to <b>this</b>."
    assert send(client, change, "ask", words=words).status_code == 302
    assert [it.words for it in Answer.objects.all()] == [words]
    page = client.get(change.url).content.decode()
    assert "I object to &lt;b&gt;this&lt;/b&gt;." in page
    assert "Accept" in page, "asking decides nothing"


@pytest.mark.parametrize("words", ["", " \n ", "x" * 1001, "a\x00b"])
def test_words_are_checked(change: Told, client: Client, words: str) -> None:
    assert send(client, change, "ask", words=words).status_code == 422
    assert kinds() == []


def test_forms_from_elsewhere_are_refused(change: Told) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, change, of(change, "accept")).status_code == 403
    assert kinds() == []


def test_a_closed_mailbox_has_nothing_to_do(change: Told, client: Client, today: Today) -> None:
    its = today.rents()
    its.closes_on = today.on - ONE_DAY
    its.save(update_fields=["closes_on"])
    assert "Closed since" in said(client, change.url)
    for act in ("plans", "leave"):
        assert send(client, change, of(change, act)).status_code == 404
    assert send(client, change, of(change, "accept")).status_code == 422
    assert send(client, change, of(change, "stay")).status_code == 422
