"""What staff do about a notice: sent again, came back, posted, told by phone, made void."""

from datetime import date
from typing import Any

import pytest

from postroom.base.postman import Answer, Outcome
from postroom.base.refusals import Refused
from postroom.domain.customers.models import Customer
from postroom.domain.events.models import Event
from postroom.domain.events.sentences import sentence
from postroom.domain.notices.by_hand import (
    ChangeWasWithdrawn,
    NeverTaken,
    NoAddressToSendTo,
    NoticeIsVoid,
    SaysNoReason,
    ToldBeforeItWasWritten,
    TooLateToSend,
    WaitsAlready,
    record_bounce,
    record_posted,
    record_told_of,
    resend,
    void,
)
from postroom.domain.notices.clearing import RuleBook
from postroom.domain.notices.delivering import note_answer
from postroom.domain.notices.mails import SampleNotTaken, send_sample
from postroom.domain.notices.models import Announcement, Delivery, Envelope, EnvelopeState
from postroom.domain.notices.writing import Written
from postroom.domain.plans.models import Plan, Withdrawal
from postroom.domain.subscriptions.actions import ToldInTheFuture
from postroom.domain.subscriptions.models import Clearance, ClearanceVoid, Means, Subscription
from tests.mail_server import MailServer, serving
from tests.rooms.billing_worlds import Shop, day, totals
from tests.rooms.noticing import (
    TOLD,
    announce,
    days,
    deliver,
    joined,
    kinds,
    post,
    state,
    to_tell,
    version_of,
)

HELD = [("26-07-01", None)]


@pytest.fixture
def server() -> Any:
    with serving() as (server, _):
        yield server


@pytest.fixture
def told(shop: Shop, gold: Plan) -> Announcement:
    shop.places[0].state = "TX"
    shop.places[0].save(update_fields=["state"])
    return announce(shop, gold)


@pytest.fixture
def ana(shop: Shop, told: Announcement) -> Subscription:
    return joined(shop, told.plan, "Ana")


@pytest.fixture
def sent(shop: Shop, told: Announcement, ana: Subscription, server: MailServer) -> Envelope:
    """Ana's notice, which the mail server has taken."""
    [envelope] = post(shop, told, to_tell(ana))
    deliver(shop)
    return envelope


@pytest.fixture
def letter(shop: Shop, told: Announcement) -> Envelope:
    """Di's notice, who has no e-mail address."""
    return post(shop, told, to_tell(joined(shop, told.plan, "Di", email=False)))[-1]


def who(shop: Shop, on: str = "26-06-15") -> dict[str, Any]:
    return {"by": shop.by, "at": shop.at(on)}


def test_what_comes_back_later_voids(shop: Shop, sent: Envelope, ana: Subscription) -> None:
    assert days(ana) == HELD
    for _ in range(2):
        record_bounce(sent, reason="Mailbox full", **who(shop))
    assert (state(sent), kinds(sent)) == (EnvelopeState.BOUNCED, ["accepted", "bounced"])
    assert days(ana) == []
    assert ClearanceVoid.objects.get().reason == "Came back: Mailbox full"
    shop.run("26-07-01")
    assert totals(ana)[-1] == ("26-07-01", 3100)
    said = sentence(Event.objects.get(act="notice.bounced"))
    assert said.endswith("to ana@customers.example came back: Mailbox full.")


def test_sent_again_it_clears_again(
    shop: Shop, sent: Envelope, ana: Subscription, server: MailServer
) -> None:
    record_bounce(sent, reason="Gone", **who(shop))
    Customer.objects.filter(pk=ana.customer_id).update(email="new@customers.example")
    resend(sent, **who(shop))
    deliver(shop, "26-06-15")
    assert (state(sent), days(ana)) == (EnvelopeState.ACCEPTED, HELD)
    assert server.recipients() == ["ana@customers.example", "new@customers.example"]
    assert len({it["Message-ID"] for it in server.mails}) == 2
    assert list(Delivery.objects.order_by("id").values_list("round", flat=True)) == [1, 1, 2]


def test_a_bounce_of_an_earlier_round_leaves_the_later_one(
    shop: Shop, sent: Envelope, ana: Subscription
) -> None:
    resend(sent, **who(shop))
    deliver(shop, "26-06-16")
    assert days(ana) == HELD * 2
    record_bounce(sent, reason="Gone", number=1, **who(shop, "26-06-17"))
    assert (state(sent), days(ana)) == (EnvelopeState.ACCEPTED, HELD)


def test_too_late_to_send_again(shop: Shop, sent: Envelope) -> None:
    with pytest.raises(TooLateToSend, match="21 June 2026"):
        resend(sent, **who(shop, "26-06-22"))


def test_what_is_not_sent_again(
    shop: Shop, told: Announcement, ana: Subscription, letter: Envelope
) -> None:
    waiting = post(shop, told, to_tell(ana))[-1]
    with pytest.raises(WaitsAlready):
        resend(waiting, **who(shop))
    with pytest.raises(NoAddressToSendTo, match="Di has no"):
        resend(letter, **who(shop))
    Customer.objects.update(email="di@customers.example")
    own = {"operator": shop.operator, **who(shop)}
    Withdrawal.objects.create(**own, version=version_of(told), reason="A slip")
    with pytest.raises(ChangeWasWithdrawn):
        resend(letter, **who(shop))


def test_a_letter_clears_from_the_day_it_was_posted(shop: Shop, letter: Envelope) -> None:
    di = letter.about
    posted = {"posted_by": "Olga", "on": day("26-06-25"), **who(shop, "26-06-25")}
    for _ in range(2):
        record_posted(letter, posted_on=day("26-06-24"), **posted)
    assert (state(letter), kinds(letter)) == (EnvelopeState.POSTED, ["posted"])
    # Ten days before the first of July it was not.
    assert days(di) == [("26-07-04", None)]
    clearance = Clearance.objects.get()
    assert (clearance.means, clearance.told_on) == (Means.LETTER, day("26-06-24"))
    for on in ("26-07-01", "26-08-01"):
        shop.run(on)
    assert [minor for _, minor in totals(di)[-2:]] == [3100, 4000]
    said = sentence(Event.objects.get(act="notice.told"))
    assert said.endswith("the change of Gold from Jul 1, 2026 by letter on Jun 24, 2026.")


def phone(shop: Shop, envelope: Envelope, **facts: Any) -> Delivery:
    said = {"means": Means.PHONE, "told_by": "Olga", "reason": "Rang, and agreed"}
    known = {"told_on": day("26-06-15"), "on": day("26-06-15"), **who(shop)}
    return record_told_of(envelope, **said | known | facts)


def test_told_by_phone(shop: Shop, letter: Envelope) -> None:
    phone(shop, letter)
    assert (state(letter), days(letter.about)) == (EnvelopeState.TOLD, HELD)
    assert Delivery.objects.get().said == "Phone, Olga: Rang, and agreed"
    said = sentence(Event.objects.get(act="notice.told"))
    assert said.endswith("by phone on Jun 15, 2026: Phone, Olga: Rang, and agreed.")


def test_told_while_the_mail_waits_it_goes_out_all_the_same(
    shop: Shop, told: Announcement, ana: Subscription, server: MailServer
) -> None:
    [envelope] = post(shop, told, to_tell(ana))
    phone(shop, envelope)
    deliver(shop, "26-06-15")
    assert (state(envelope), kinds(envelope)) == (EnvelopeState.ACCEPTED, ["told", "accepted"])
    record_bounce(envelope, reason="Gone", **who(shop, "26-06-16"))
    # What was said on the phone was heard.
    assert days(ana) == HELD


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"reason": "  "}, SaysNoReason),
        ({"told_on": date(2026, 6, 16)}, ToldInTheFuture),
        ({"told_on": date(2026, 6, 9)}, ToldBeforeItWasWritten),
    ],
)
def test_what_is_not_recorded(
    shop: Shop, letter: Envelope, facts: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        phone(shop, letter, **facts)
    with pytest.raises(NeverTaken):
        record_bounce(letter, reason="Came back", **who(shop))
    assert not Delivery.objects.exists()


def test_a_sample_is_no_notice(shop: Shop, server: MailServer) -> None:
    written = Written("Your plan Gold changes", "It changes.", "<p>It changes.</p>")
    send_sample(shop.operator, written=written, to="olga@shop.example", at=shop.at(TOLD))
    server.to_recipient["olga@shop.example"] = ["550 Who is that"]
    with pytest.raises(SampleNotTaken, match="the sample: Who is that"):
        send_sample(shop.operator, written=written, to="olga@shop.example", at=shop.at(TOLD))
    [mail] = server.mails
    assert (mail["To"], mail["Subject"]) == ("olga@shop.example", "Sample: Your plan Gold changes")
    assert not Envelope.objects.exists()


def test_made_void_nothing_more_is_done(
    shop: Shop, sent: Envelope, ana: Subscription, letter: Envelope, server: MailServer
) -> None:
    waiting = post(shop, sent.announcement, to_tell(joined(shop, ana.plan, "Bo")))[-1]
    everything = Envelope.objects.filter(announcement=sent.announcement)
    assert void(everything, because="The change was edited", **who(shop)) == 3
    assert void(everything, because="The change was edited", **who(shop)) == 0
    deliver(shop, "26-06-16")
    assert len(server.mails) == 1
    assert {state(it) for it in (sent, letter, waiting)} == {EnvelopeState.VOID}
    assert [kinds(it)[-1] for it in (sent, letter, waiting)] == ["voided"] * 3
    assert days(ana) == []
    with pytest.raises(NoticeIsVoid, match="edited"):
        resend(sent, **who(shop))
    # It is known all the same that it never arrived.
    record_bounce(sent, reason="Gone", by=None, at=shop.at("26-06-16"))
    assert (state(sent), kinds(sent)[-1]) == (EnvelopeState.VOID, "bounced")


def test_made_void_on_its_way_it_clears_nothing(
    shop: Shop, told: Announcement, ana: Subscription, server: MailServer
) -> None:
    """Taken by the server after it was made void: that is kept, and clears nothing."""
    [envelope] = post(shop, told, to_tell(ana))
    loaded = Envelope.objects.select_related("announcement__plan", "customer").get()
    void(Envelope.objects.all(), because="Edited", **who(shop, TOLD))
    taken = Answer(Outcome.ACCEPTED)
    rules = {"rules": RuleBook(), "at": shop.at(TOLD)}
    note_answer(loaded, taken, address="ana@customers.example", **rules)
    assert (state(envelope), kinds(envelope)) == (EnvelopeState.VOID, ["voided", "accepted"])
    assert days(ana) == []
