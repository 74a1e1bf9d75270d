"""A customer's page behind the link in a notice: what it says, and whose it is."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.signing import Signer
from django.test import Client
from django.utils.html import strip_tags

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.switching import switch
from postroom.domain.notices.models import Answer, EnvelopeState, Subject
from postroom.domain.notices.signed_links import SALT, answer_token, answer_url
from postroom.domain.operators.letterheads import Heading, change_letterhead
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plans.models import Withdrawal
from postroom.domain.subscriptions.models import Subscription, SwitchTiming
from tests.noticed import Told, announce, put_in_envelope, schedule, tell, told
from tests.pictures import SHAPES
from tests.web.renting import Today
from tests.web.shelf import read


@pytest.fixture
def change(today: Today) -> Told:
    """Ana was told today that Bronze gets dearer at her next renewal."""
    return tell(today.house, at=today.at, on=today.on, words="Our rent went up. We are sorry.")


def said(client: Client, address: str, status: int = 200) -> str:
    """Will return what a page says, without its tags."""
    return re.sub(r"\s+", " ", strip_tags(read(client, address, status)))


def test_it_says_what_comes(change: Told, client: Client) -> None:
    text = said(client, change.url)
    assert "Ana Alvarez" in text and "Mailbox #100, Brooklyn - Henry St" in text
    assert "$9.99 a month $12.99 a month" in text
    assert "Incoming mail items, allowance worse 30 20" in text
    assert "Open &amp; scan, allowance better 5 10" in text or "allowance better 5 10" in text
    assert "Our rent went up. We are sorry." in text
    assert "Extras together $10.00 $12.80" in text


def test_it_carries_the_letterhead(change: Told, today: Today, client: Client) -> None:
    for part in ("logo/", "color.css"):
        assert client.get(f"{change.url}{part}").status_code == 404
    assert "color.css" not in read(client, change.url)
    change_letterhead(
        today.house.operator,
        heading=Heading(name="Harbor Mail & Sons", phone="+1 718 555 0100", color="#0b4f7a"),
        logo=SHAPES,
        form=uuid4(),
        by=today.house.owner,
        at=today.at,
    )
    assert "Harbor Mail &amp; Sons, +1 718 555 0100" in said(client, change.url)
    assert f'src="{change.url.partition("/notice/")[1]}' in read(client, change.url)
    assert client.get(f"{change.url}logo/")["Content-Type"] == "image/svg+xml"
    assert "color.css" in read(client, change.url)
    styles = client.get(f"{change.url}color.css")
    assert (styles["Content-Type"], b"#0b4f7a" in styles.content) == ("text/css", True)


def test_every_mailbox_of_the_envelope_is_there(today: Today, client: Client) -> None:
    change = tell(today.house, "bo", at=today.at, on=today.on)
    both = [today.rents("ana"), today.rents("cy")]
    envelope = put_in_envelope(
        today.house, change.announcement, both, change.envelope.first_day, at=today.at
    )
    text = said(client, told(today.house, change.change, envelope).url)
    assert "Mailbox #100," in text and "Mailbox #102," in text and "$139.99 a year" in text


def test_looking_changes_nothing(change: Told, client: Client) -> None:
    before = Subscription.objects.values().get(pk=change.notice.subscription_id)
    closes_on = change.envelope.first_day.isoformat()
    for rest in ("", f"{change.notice.pk}/plans/", f"{change.notice.pk}/leave/"):
        read(client, change.url + rest)
    read(client, f"{change.url}{change.notice.pk}/leave/?closes_on={closes_on}")
    assert Subscription.objects.values().get(pk=change.notice.subscription_id) == before
    assert not Answer.objects.exists()
    for act in (f"{change.notice.pk}/accept/", f"{change.notice.pk}/stay/", "ask/"):
        assert client.get(change.url + act).status_code == 405


def test_the_link_is_good_until_30_days_after_the_first_day(today: Today, client: Client) -> None:
    young, old = today.on - timedelta(days=29), today.on - timedelta(days=32)
    change = tell(today.house, at=today.at, on=today.on, first_day=young)
    read(client, change.url)
    too_old = tell(today.house, "bo", at=today.at, on=today.on, first_day=old, change=change.change)
    assert "This link is too old" in said(client, too_old.url, 410)


@pytest.mark.parametrize("kind", ["torn", "changed", "other salt", "other shape", "nonsense"])
def test_bad_links_all_read_the_same(change: Told, client: Client, kind: str) -> None:
    envelope = change.envelope
    good = answer_token(change.announcement, envelope.about_id, envelope.first_day)
    facts = [change.house.operator.pk, change.announcement.pk, envelope.about_id, 739000]
    bad = {
        "torn": good[:-3],
        "changed": "A" + good[1:],
        "other salt": Signer(salt="else").sign_object(facts),
        "other shape": Signer(salt=SALT).sign_object({"so": "what"}),
        "nonsense": "x",
    }[kind]
    assert "This link does not work" in said(client, f"/notice/{bad}/", 404)


def test_it_is_of_one_customer_alone(change: Told, today: Today, client: Client) -> None:
    bo = tell(today.house, "bo", at=today.at, on=today.on, change=change.change)
    text = said(client, change.url)
    assert "Bo Berg" not in text
    for act in ("accept", "stay", "leave", "plans"):
        assert client.post(f"{change.url}{bo.notice.pk}/{act}/").status_code == 404
    assert not Answer.objects.exists()


def test_it_is_of_one_operator_alone(
    change: Told, make_house: Callable[..., House], client: Client
) -> None:
    neighbor = make_house("Neighbor Post")
    with as_operator(neighbor.operator.pk):
        its = neighbor.subscriptions["ana"].pk
    envelope = change.envelope
    facts = [neighbor.operator.pk, change.announcement.pk, envelope.about_id]
    for about in (envelope.about_id, its):
        crossed = [*facts[:2], about, envelope.first_day.toordinal()]
        read(client, f"/notice/{Signer(salt=SALT).sign_object(crossed)}/", 404)


def test_withdrawn(change: Told, today: Today, client: Client) -> None:
    own = {"operator": today.house.operator, "at": today.at, "by": today.house.owner}
    Withdrawal.objects.create(**own, version=change.change.version, reason="A slip")
    PlanChange.objects.filter(pk=change.change.pk).update(
        withdrawn_at=today.at, withdrawn_because="A slip"
    )
    assert "Your plan stays as it is" in said(client, change.url, 410)
    answer = client.post(f"{change.url}{change.notice.pk}/accept/")
    assert answer.status_code == 410
    assert not Answer.objects.exists()


def test_edited(change: Told, today: Today, client: Client) -> None:
    PlanChange.objects.filter(pk=change.change.pk).update(
        withdrawn_at=today.at, withdrawn_because="Edited"
    )
    schedule(today.house, at=today.at, on=today.on, replaces=change.change, revision=2)
    assert "You get another notice" in said(client, change.url, 410)


def test_void(change: Told, client: Client) -> None:
    change.envelope.state = EnvelopeState.VOID
    change.envelope.save(update_fields=["state"])
    assert "This notice does not count any more" in said(client, change.url, 410)


def test_after_the_first_day_it_says_what_is_in_force(today: Today, client: Client) -> None:
    first_day = today.on - timedelta(days=1)
    change = tell(today.house, at=today.at, on=today.on, first_day=first_day)
    text = said(client, change.url)
    assert "This has not come for you so far. You have Bronze, $9.99 a month" in text
    assert "Accept" not in text
    own = announce(today.house, today.rents().version, at=today.at, on=today.on)
    envelope = put_in_envelope(today.house, own, [today.rents()], first_day, at=today.at)
    address = answer_url(own, envelope.about_id, envelope.first_day)
    assert "In force since" in said(client, address)


def test_who_has_something_else_since_reads_that(today: Today, client: Client) -> None:
    change = tell(today.house, at=today.at, on=today.on, first_day=today.on - timedelta(days=1))
    now = {"timing": SwitchTiming.NOW, "months": 1, **today.acts}
    switch(today.rents(), plan=today.gold, **now)
    text = said(client, change.url)
    assert "you have Gold, $19.99 a month" in text and "has not come" not in text


@pytest.mark.parametrize("subject", [Subject.CORRECTION, Subject.MESSAGE])
def test_what_is_no_change_has_nothing_to_accept(
    change: Told, today: Today, client: Client, subject: Subject
) -> None:
    version = change.change.version if subject == Subject.CORRECTION else None
    other = announce(
        today.house, version, at=today.at, on=today.on, subject=subject, words="It was a slip."
    )
    envelope = put_in_envelope(today.house, other, [today.rents()], today.on, at=today.at)
    text = said(client, answer_url(other, envelope.about_id, envelope.first_day))
    assert "It was a slip." in text
    assert ("You keep" if subject == Subject.CORRECTION else "You have") + " Bronze" in text
    assert "Accept" not in text


def test_the_page_is_kept_by_nobody(change: Told, client: Client) -> None:
    answer = client.get(change.url)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_more_mailboxes_take_no_more_queries(
    today: Today, client: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    change = tell(today.house, "bo", at=today.at, on=today.on)
    both = [today.rents("ana"), today.rents("cy")]
    put_in_envelope(today.house, change.announcement, both, change.envelope.first_day, at=today.at)
    address = answer_url(change.announcement, both[0].pk, change.envelope.first_day)
    with django_assert_max_num_queries(22):
        read(client, address)
