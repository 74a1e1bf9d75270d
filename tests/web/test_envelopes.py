"""The desk's pages on what customers were told: the list, one envelope, the acts, the answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from postroom.domain.events.models import Event
from postroom.domain.notices.answering import accept, ask
from postroom.domain.notices.models import (
    Answer,
    AnswerKind,
    Delivery,
    DeliveryKind,
    Envelope,
    EnvelopeState,
)
from postroom.domain.operators.models import Role
from postroom.domain.subscriptions.models import Clearance, ClearanceVoid
from tests.noticed import Told, put_in_envelope, tell
from tests.web.desk_pages import Desk, page
from tests.web.renting import Today


@pytest.fixture
def change(today: Today) -> Told:
    """Ana was told by mail, in time, that Bronze gets dearer in twenty days."""
    told = tell(today.house, at=today.at, on=today.on, first_day=today.on + timedelta(days=20))
    Delivery.objects.create(
        operator=today.house.operator,
        envelope=told.envelope,
        kind=DeliveryKind.ACCEPTED,
        round=1,
        at=today.at,
        on=today.on,
        address="ana@customers.example",
        said="2.0.0 Ok",
    )
    return told


def state(change: Told) -> str:
    return Envelope.objects.get(pk=change.envelope.pk).state


def test_the_page_shows_what_was_written_and_what_became_of_it(change: Told) -> None:
    desk = Desk(change.house)
    text = desk.text("envelope", change.envelope.pk)
    assert "Notice to Ana Alvarez" in text and "$9.99 a month becomes $12.99 a month." in text
    assert "Accepted by the mail server, ana@customers.example" in text
    assert "“2.0.0 Ok”" in text
    assert "Not cleared so far: they keep what they have." in text
    assert f'src="{desk.url("envelope_html", change.envelope.pk)}"' in text


def test_the_mail_stands_alone_and_runs_nothing(change: Told) -> None:
    answer = Desk(change.house).get("envelope_html", change.envelope.pk)
    policy = answer["Content-Security-Policy"]
    for part in ("sandbox", "default-src 'none'", "script-src 'none'", "frame-ancestors 'self'"):
        assert part in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert page(answer) == change.envelope.html


def test_the_customers_link_is_not_shown_to_staff(change: Told, today: Today) -> None:
    its = [today.rents("bo")]
    own = {"text": f"See {change.url} now", "html": f'<a href="{change.url}">See</a>'}
    day = change.envelope.first_day
    envelope = put_in_envelope(today.house, change.announcement, its, day, at=today.at, **own)
    desk = Desk(change.house)
    token = change.url.rstrip("/").rpartition("/")[2]
    for name in ("envelope", "envelope_html"):
        text = desk.text(name, envelope.pk)
        assert "/notice/…/" in text and token not in text


def test_a_clerk_sees_none_of_it(change: Told) -> None:
    desk = Desk(change.house, Role.CLERK)
    for name in ("envelopes", "answers"):
        assert desk.get(name, change.announcement.pk).status_code == 403
    for name in ("envelope", "envelope_html", "envelope_told"):
        assert desk.get(name, change.envelope.pk).status_code == 403
    assert "Your plan changes" not in desk.text("customer", change.envelope.customer_id)


def test_a_viewer_looks_and_does_nothing(change: Told) -> None:
    desk = Desk(change.house, Role.VIEWER)
    assert "Told by phone" not in desk.text("envelope", change.envelope.pk)
    assert desk.post("envelope_told", change.envelope.pk).status_code == 403


def test_fixing_the_address_sends_it_again(change: Told) -> None:
    desk = Desk(change.house, Role.MANAGER)
    seen = desk.get("envelope_resend", change.envelope.pk).context["form"]["seen"].value()
    typed = {"email": "ana@elsewhere.example", "seen": seen}
    assert desk.post("envelope_resend", change.envelope.pk, **typed).status_code == 302
    again = Envelope.objects.select_related("customer").get(pk=change.envelope.pk)
    assert (again.state, again.round) == (EnvelopeState.WAITING, 2)
    assert again.customer.email == "ana@elsewhere.example"
    refused = desk.post("envelope_resend", change.envelope.pk, **typed)
    assert "It waits to be sent already." in page(refused, 422)


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "x" * 300])
def test_a_bad_address_is_refused_and_kept(change: Told, email: str) -> None:
    answer = Desk(change.house).post("envelope_resend", change.envelope.pk, email=email, seen=1)
    assert email in page(answer, 422)
    assert state(change) == EnvelopeState.ACCEPTED


def test_an_address_that_somebody_else_fixed_meanwhile(change: Told) -> None:
    typed = {"email": "ana@elsewhere.example", "seen": 99}
    answer = Desk(change.house).post("envelope_resend", change.envelope.pk, **typed)
    assert "ana@elsewhere.example" in page(answer, 422)
    assert state(change) == EnvelopeState.ACCEPTED


def test_coming_back_voids_what_it_cleared(change: Told, today: Today) -> None:
    desk = Desk(change.house, Role.MANAGER)
    typed = {"told_on": today.on, "means": "phone", "told_by": "Olga", "reason": "Called"}
    assert desk.post("envelope_told", change.envelope.pk, **typed).status_code == 302
    cleared = Clearance.objects.get(subscription=change.notice.subscription)
    assert "Cleared by telling on" in desk.text("envelope", change.envelope.pk)
    back = desk.post("envelope_bounced", change.envelope.pk, reason="Mailbox full")
    assert back.status_code == 302
    assert state(change) == EnvelopeState.BOUNCED
    assert "Came back, ana@customers.example" in desk.text("envelope", change.envelope.pk)
    assert not ClearanceVoid.objects.filter(clearance=cleared).exists(), "they were told by phone"


def test_posting_is_recorded(change: Told, today: Today) -> None:
    Envelope.objects.filter(pk=change.envelope.pk).update(state=EnvelopeState.TO_PRINT)
    desk = Desk(change.house, Role.MANAGER)
    typed = {"posted_on": today.on, "posted_by": "Olga"}
    assert desk.post("envelope_posted", change.envelope.pk, **typed).status_code == 302
    assert state(change) == EnvelopeState.POSTED
    assert Clearance.objects.filter(subscription=change.notice.subscription).exists()
    future = typed | {"posted_on": today.on + timedelta(days=2)}
    assert desk.post("envelope_posted", change.envelope.pk, **future).status_code == 422


def test_letters_are_recorded_together(change: Told, today: Today) -> None:
    Envelope.objects.filter(pk=change.envelope.pk).update(state=EnvelopeState.TO_PRINT)
    desk, about = Desk(change.house, Role.MANAGER), change.announcement.pk
    assert desk.url("letters_posted", about) in desk.text("envelopes", about)
    assert "Record 1 letter as posted" in desk.text("letters_posted", about)
    typed = {"posted_on": today.on, "posted_by": "Olga", "last": change.envelope.pk}
    future = typed | {"posted_on": today.on + timedelta(days=2)}
    refused = page(desk.post("letters_posted", about, **future), 422)
    assert "1 letter was not recorded" in refused and "Ana Alvarez" in refused
    assert "Olga" in refused, "what was typed is kept"
    assert desk.post("letters_posted", about, **typed).status_code == 302
    assert state(change) == EnvelopeState.POSTED
    assert "No letter waits" in desk.text("letters_posted", about)


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("envelope_posted", {"posted_on": "", "posted_by": "Olga"}),
        ("envelope_told", {"told_on": "2026-13-01", "means": "phone", "told_by": "O"}),
        ("envelope_bounced", {"reason": " "}),
        ("envelope_answered", {"kind": "leaves", "words": "So", "notice": 1}),
    ],
)
def test_what_is_missing_is_said(change: Told, name: str, missing: dict[str, Any]) -> None:
    answer = Desk(change.house).post(name, change.envelope.pk, **missing)
    assert "Please check" in page(answer, 422)
    assert Delivery.objects.count() == 1
    assert not Answer.objects.exists()


def test_an_answer_by_phone_is_recorded_once(change: Told) -> None:
    desk = Desk(change.house, Role.MANAGER)
    typed = {
        "notice": change.notice.pk,
        "kind": AnswerKind.ASKED,
        "words": "Objects, by phone.",
        "form_key": uuid4(),
    }
    for _ in range(2):
        assert desk.post("envelope_answered", change.envelope.pk, **typed).status_code == 302
    answer = Answer.objects.get()
    assert answer.by == desk.user
    assert Event.objects.get(act="notice.answered").by_name == str(desk.user)
    assert f"recorded by {desk.user}" in desk.text("envelope", change.envelope.pk)
    assert "Objects, by phone." in desk.text("customer", change.envelope.customer_id)


def test_the_list_is_searched_filtered_and_sorted(change: Told, today: Today) -> None:
    for who in ("bo", "cy"):
        tell(today.house, who, at=today.at, on=today.on, change=change.change)
    Envelope.objects.filter(customer=today.house.customers["cy"]).update(
        state=EnvelopeState.BOUNCED
    )
    desk, which = Desk(change.house), change.announcement.pk

    def names(**query: Any) -> list[str]:
        table = desk.get("envelopes", which, **query).context["table"]
        return [row.record.customer.name.split()[0] for row in table.page.object_list]

    assert names() == ["Ana", "Bo", "Cy"]
    assert names(sort="-customer") == ["Cy", "Bo", "Ana"]
    assert names(q="berg") == ["Bo"]
    assert names(q="#102") == ["Cy"]
    assert names(state="bounced") == ["Cy"]
    assert names(state="nonsense") == ["Ana", "Bo", "Cy"]
    assert names(q="nobody") == []


def test_who_asks_or_objects_comes_first(change: Told, today: Today) -> None:
    bo = tell(today.house, "bo", at=today.at, on=today.on, change=change.change)
    ask(change.notice, words="Why?", form=uuid4(), at=today.at)
    accept(bo.notice, form=uuid4(), at=today.at, on=today.on)
    desk = Desk(change.house)
    table = desk.get("answers", change.announcement.pk).context["table"]
    assert [row.record.kind for row in table.page.object_list] == ["asked", "accepted"]
    only = desk.get("answers", change.announcement.pk, kind="accepted").context["table"]
    assert [row.record.kind for row in only.page.object_list] == ["accepted"]
    assert "2 answers" in desk.text("envelopes", change.announcement.pk)


def test_longer_lists_take_no_more_queries(
    change: Told, today: Today, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    others = [
        tell(today.house, who, at=today.at, on=today.on, change=change.change)
        for who in ("bo", "cy", "di")
    ]
    for it in (change, *others):
        ask(it.notice, words="Why?", form=uuid4(), at=today.at)
    desk = Desk(change.house)
    for name in ("envelopes", "answers"):
        desk.get(name, change.announcement.pk)
        with django_assert_max_num_queries(16):
            desk.text(name, change.announcement.pk)
    with django_assert_max_num_queries(18):
        desk.text("envelope", change.envelope.pk)


def test_letters_are_printed(change: Told) -> None:
    desk = Desk(change.house, Role.MANAGER)
    nothing = desk.get("letters", change.announcement.pk)
    assert (nothing.status_code, nothing.url) == (
        302,
        desk.url("envelopes", change.announcement.pk),
    )
    Envelope.objects.filter(pk=change.envelope.pk).update(state=EnvelopeState.TO_PRINT)
    assert "1 letter to print" in desk.text("envelopes", change.announcement.pk)
    for answer in (
        desk.get("letters", change.announcement.pk),
        desk.get("letters", change.announcement.pk, after="x"),
        desk.get("letter", change.envelope.pk),
    ):
        assert answer.content.startswith(b"%PDF-")
    assert Desk(change.house, Role.VIEWER).get("letters", change.announcement.pk).status_code == 403


def test_evidence_is_taken_away(change: Told) -> None:
    ask(change.notice, words="=Why?", form=uuid4(), at=change.envelope.written_at)
    desk = Desk(change.house)
    document = desk.get("evidence_pdf", change.announcement.pk, about=["x", change.envelope.pk])
    assert document.content.startswith(b"%PDF-")
    answer = desk.get("evidence_csv", change.announcement.pk)
    table = b"".join(answer.streaming_content).decode()
    assert "Digest of the words" in table and "Ana Alvarez" in table
    assert "Asks or objects: =Why?" in table


@pytest.mark.parametrize(
    ("last", "becomes"),
    [("", "to_print"), ("x", "to_print"), ("-1", "to_print"), ("9" * 30, "posted")],
)
def test_letters_up_to_any_number_are_those_that_wait(
    change: Told, today: Today, last: str, becomes: str
) -> None:
    Envelope.objects.filter(pk=change.envelope.pk).update(state=EnvelopeState.TO_PRINT)
    desk, about = Desk(change.house, Role.MANAGER), change.announcement.pk
    typed = {"posted_on": today.on, "posted_by": "Olga", "last": last}
    assert desk.post("letters_posted", about, **typed).status_code in {302, 422}
    assert state(change) == becomes
