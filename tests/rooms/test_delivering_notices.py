"""Handing notices over: who gets one, what stands in it, and what a server's answers come to."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings

from postroom.base.rounds import Came
from postroom.domain.customers.models import Customer
from postroom.domain.events.models import Event
from postroom.domain.events.sentences import sentence
from postroom.domain.notices.delivering import TRIED_FOR
from postroom.domain.notices.models import (
    Announcement,
    Delivery,
    Envelope,
    EnvelopeState,
    Notice,
    Subject,
)
from postroom.domain.operators.letterheads import Heading, change_letterhead
from postroom.domain.operators.models import Operator
from postroom.domain.plans.models import Plan, Withdrawal
from tests.mail_server import MailServer, free_port, serving, text_of
from tests.pictures import png
from tests.rooms.billing_worlds import Shop, totals
from tests.rooms.noticing import (
    TOLD,
    announce,
    days,
    deliver,
    joined,
    kinds,
    of_notices,
    post,
    state,
    to_tell,
    version_of,
)

ANA = "ana@customers.example"


@pytest.fixture
def server() -> Any:
    with serving() as (server, _):
        yield server


@pytest.fixture
def told(shop: Shop, gold: Plan) -> Announcement:
    """A dearer Gold for July, announced. The shop is where no rule sets a most."""
    shop.places[0].state = "TX"
    shop.places[0].save(update_fields=["state"])
    return announce(shop, gold)


def test_a_notice_that_is_taken_clears(shop: Shop, told: Announcement, server: MailServer) -> None:
    ana = joined(shop, told.plan, "Ana")
    [envelope] = post(shop, told, to_tell(ana))
    assert deliver(shop) is Came.TO_AN_END
    assert (state(envelope), kinds(envelope)) == (EnvelopeState.ACCEPTED, ["accepted"])
    assert days(ana) == [("26-07-01", None)]
    shop.run("26-06-01")
    shop.run("26-07-01")
    assert totals(ana)[-2:] == [("26-06-01", 3100), ("26-07-01", 4000)]
    event = Event.objects.get(act="notice.sent")
    assert sentence(event).endswith(
        f" sent the notice of the change of Gold from Jul 1, 2026 to {ANA}."
    )


def test_one_mail_for_three_mailboxes(shop: Shop, told: Announcement, server: MailServer) -> None:
    three = [joined(shop, told.plan, "Ana") for _ in range(3)]
    post(shop, told, to_tell(*three))
    deliver(shop)
    [mail] = server.mails
    for kind in ("plain", "html"):
        said = text_of(mail, kind)
        assert all(f"Mailbox {it.mailbox.number}, P0" in said for it in three)
        assert said.count("$40.00 a month") == 3
    assert of_notices() == {it.pk: 1 for it in three}


def test_what_stands_on_it(shop: Shop, told: Announcement, server: MailServer) -> None:
    Operator.objects.filter(pk=shop.operator.pk).update(service_email="service@network.example")
    heading = Heading(name="Harbor Mail", email="desk@harbor.example", color="#0b4f7a")
    facts = {"heading": heading, "form": uuid4(), "by": shop.by, "at": shop.at("26-06-01")}
    change_letterhead(shop.operator, **facts, logo=png())
    [envelope] = post(shop, told, to_tell(joined(shop, told.plan, "Ana")))
    deliver(shop)
    mail, copy = server.mails
    assert mail["Subject"] == "Your plan Gold changes on Jul 1, 2026"
    assert mail["From"] == "Harbor Mail <postroom@localhost>"
    assert mail["Reply-To"] == "Harbor Mail <desk@harbor.example>"
    assert (mail["To"], mail["Cc"]) == (ANA, "service@network.example")
    assert mail["Message-ID"] == envelope.message_id == copy["Message-ID"]
    [logo] = [it for it in mail.walk() if it.get_content_maintype() == "image"]
    assert (logo["Content-ID"], logo.get_content()) == ("<logo>", png())
    assert "cid:logo" in text_of(mail, "html")
    assert "#0b4f7a" in text_of(mail, "html") and "#17323a" not in text_of(mail, "html")
    assert mail.get_content_type() == "multipart/related"


def test_a_copy_that_is_taken_is_no_notice(
    shop: Shop, told: Announcement, server: MailServer
) -> None:
    Operator.objects.filter(pk=shop.operator.pk).update(service_email="service@network.example")
    ana = joined(shop, told.plan, "Ana")
    [envelope] = post(shop, told, to_tell(ana))
    server.to_recipient[ANA] = ["550 No such mailbox"]
    deliver(shop)
    assert (server.mails, state(envelope), days(ana)) == ([], EnvelopeState.BOUNCED, [])


def test_a_copy_that_is_refused_takes_nothing_back(
    shop: Shop, told: Announcement, server: MailServer
) -> None:
    Operator.objects.filter(pk=shop.operator.pk).update(service_email="service@network.example")
    ana = joined(shop, told.plan, "Ana")
    [envelope] = post(shop, told, to_tell(ana))
    server.to_recipient["service@network.example"] = ["550 Not here"]
    deliver(shop)
    assert (server.recipients(), state(envelope)) == ([ANA], EnvelopeState.ACCEPTED)
    assert Delivery.objects.get().said == "The copy was not taken: Not here"


def test_put_twice_it_is_written_once(shop: Shop, told: Announcement, server: MailServer) -> None:
    ana, bo = joined(shop, told.plan, "Ana"), joined(shop, told.plan, "Bo")
    post(shop, told, to_tell(ana))
    second = joined(shop, told.plan, "Ana")
    envelopes = post(shop, told, to_tell(ana, second), to_tell(bo), to_tell(bo))
    deliver(shop, page=2)
    whose = {it.about_id: [each.subscription_id for each in it.notices.all()] for it in envelopes}
    assert whose == {ana.pk: [ana.pk], second.pk: [second.pk], bo.pk: [bo.pk]}
    assert len(server.mails) == Notice.objects.count() == 3


def test_without_an_address_it_is_a_letter(
    shop: Shop, told: Announcement, server: MailServer
) -> None:
    ana, bo = joined(shop, told.plan, "Ana", email=False), joined(shop, told.plan, "Bo")
    envelopes = post(shop, told, to_tell(ana), to_tell(bo))
    Customer.objects.filter(name="Bo").update(email="")
    deliver(shop)
    assert [state(it) for it in envelopes] == [EnvelopeState.TO_PRINT] * 2
    assert (server.mails, days(ana)) == ([], [])


def test_a_recipient_who_is_refused_keeps_the_old_rate(
    shop: Shop, told: Announcement, server: MailServer
) -> None:
    ana = joined(shop, told.plan, "Ana")
    [envelope] = post(shop, told, to_tell(ana))
    server.to_recipient[ANA] = ["550 5.1.1 No such mailbox"]
    deliver(shop)
    deliver(shop, "26-06-12")
    assert (state(envelope), kinds(envelope)) == (EnvelopeState.BOUNCED, ["refused"])
    said = sentence(Event.objects.get(act="notice.bounced"))
    assert said.endswith(f"to {ANA} came back: 5.1.1 No such mailbox.")
    shop.run("26-07-01")
    assert totals(ana)[-1] == ("26-07-01", 3100)


def test_what_is_put_off_is_tried_again(shop: Shop, told: Announcement, server: MailServer) -> None:
    ana = joined(shop, told.plan, "Ana")
    [envelope] = post(shop, told, to_tell(ana))
    server.to_content += ["451 Later"]
    deliver(shop)
    assert (state(envelope), days(ana)) == (EnvelopeState.WAITING, [])
    deliver(shop, "26-06-11")
    assert kinds(envelope) == ["put_off", "accepted"]
    assert days(ana) == [("26-07-01", None)]


def test_after_three_days_it_is_given_up(
    shop: Shop, told: Announcement, server: MailServer
) -> None:
    [envelope] = post(shop, told, to_tell(joined(shop, told.plan, "Ana")))
    server.to_content += ["451 Later"] * 99
    for on in ("26-06-10", "26-06-11", "26-06-12", "26-06-13", "26-06-14"):
        deliver(shop, on)
    assert (state(envelope), kinds(envelope)) == (EnvelopeState.BOUNCED, ["put_off"] * 4)
    assert timedelta(days=3) == TRIED_FOR


def test_without_a_server_everything_waits(shop: Shop, told: Announcement) -> None:
    [envelope] = post(shop, told, to_tell(joined(shop, told.plan, "Ana")))
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=free_port()):
        assert deliver(shop) is Came.TROUBLE
        assert deliver(shop, "26-06-20") is Came.TROUBLE
    assert not Envelope.objects.filter(claim__isnull=False).exists()
    with serving() as (server, _):
        deliver(shop, "26-06-21")
    assert (state(envelope), server.recipients()) == (EnvelopeState.ACCEPTED, [ANA])


def test_too_late_it_is_made_void(shop: Shop, told: Announcement, server: MailServer) -> None:
    ana = joined(shop, told.plan, "Ana")
    [envelope] = post(shop, told, to_tell(ana))
    deliver(shop, "26-06-22")
    assert (server.mails, state(envelope), days(ana)) == ([], EnvelopeState.VOID, [])
    assert Delivery.objects.get().said == "Too late."
    again = post(shop, told, to_tell(ana, first="26-08-01", closes="26-07-22"), at="26-06-22")
    deliver(shop, "26-07-05")
    assert [state(it) for it in again] == [EnvelopeState.VOID, EnvelopeState.ACCEPTED]
    assert days(ana) == [("26-08-01", None)]


@pytest.mark.parametrize(
    ("zone", "is_in_time"), [("Pacific/Honolulu", True), ("Asia/Tokyo", False)]
)
def test_the_last_day_is_that_of_the_mailbox(
    shop: Shop, told: Announcement, server: MailServer, zone: str, is_in_time: bool
) -> None:
    shop.places[0].time_zone = zone
    shop.places[0].save(update_fields=["time_zone"])
    ana = joined(shop, told.plan, "Ana")
    post(shop, told, to_tell(ana, closes=TOLD))
    deliver(shop)
    assert bool(server.mails) == is_in_time


def test_california_sets_a_last_day(shop: Shop, told: Announcement, server: MailServer) -> None:
    ana = joined(shop, told.plan, "Ana")
    Customer.objects.filter(name="Ana").update(state="California")
    post(shop, told, to_tell(ana))
    deliver(shop)
    assert days(ana) == [("26-07-01", "26-07-10")]


def test_in_california_forty_days_ahead_is_too_early(
    shop: Shop, told: Announcement, server: MailServer
) -> None:
    """Told on 10 June of 20 July it clears nothing; a second one, inside the window, does."""
    ana = joined(shop, told.plan, "Ana")
    Customer.objects.filter(name="Ana").update(state="CA")
    post(shop, told, to_tell(ana, first="26-07-20", closes="26-07-10"))
    deliver(shop)
    assert (len(server.mails), days(ana)) == (1, [])
    post(shop, told, to_tell(ana, first="26-08-01", closes="26-07-22"))
    deliver(shop, "26-07-08")
    assert days(ana) == [("26-08-01", "26-08-07")]


def test_what_was_withdrawn_is_never_sent(
    shop: Shop, told: Announcement, server: MailServer
) -> None:
    ana = joined(shop, told.plan, "Ana")
    [envelope] = post(shop, told, to_tell(ana))
    own = {"operator": shop.operator, "by": shop.by, "at": shop.at(TOLD)}
    Withdrawal.objects.create(**own, version=version_of(told), reason="A slip")
    deliver(shop)
    assert (server.mails, state(envelope)) == ([], EnvelopeState.VOID)
    correction = announce_correction(shop, told)
    post(shop, correction, to_tell(ana, closes=None))
    deliver(shop, "26-07-30")
    assert server.mails[0]["Subject"] == "The change of your plan Gold does not come"


def announce_correction(shop: Shop, told: Announcement) -> Announcement:
    return Announcement.objects.create(
        operator=shop.operator,
        subject=Subject.CORRECTION,
        plan=told.plan,
        version=told.version,
        at=shop.at(TOLD),
    )


def test_a_courtesy_clears_nothing(shop: Shop, told: Announcement, server: MailServer) -> None:
    ana = joined(shop, told.plan, "Ana")
    [envelope] = post(shop, told, to_tell(ana, closes=None, gates=False))
    deliver(shop, "26-06-30")
    assert (state(envelope), days(ana)) == (EnvelopeState.ACCEPTED, [])


@pytest.mark.parametrize("name", ["A\r\nBcc: all@evil.example", 'A" <b@evil.example>', "<b>株式"])
def test_no_name_adds_a_header_or_markup(
    shop: Shop, told: Announcement, server: MailServer, name: str
) -> None:
    ana = joined(shop, told.plan, "Ana")
    Customer.objects.update(name=name)
    ana.customer.name = name
    Operator.objects.filter(pk=shop.operator.pk).update(name=name)
    post(shop, told, to_tell(ana))
    deliver(shop)
    [mail] = server.mails
    assert mail["Bcc"] is None
    assert [it.addr_spec for it in mail["From"].addresses] == ["postroom@localhost"]
    assert "<b>" not in text_of(mail, "html")
