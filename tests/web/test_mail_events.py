"""What mail services say became of a notice, as they would send it."""

import hashlib
import hmac
import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from postroom.base.tenancy import as_operator
from postroom.domain.notices.models import Announcement, Delivery, Envelope, EnvelopeState
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import ClearanceVoid
from tests.mail_server import serving
from tests.rooms.billing_worlds import Shop, open_shop
from tests.rooms.noticing import announce, deliver, joined, post, state, to_tell

SECRET = "mails:a-long-secret"
ANA = "ana@customers.example"


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop()


@pytest.fixture
def sent(shop: Shop, settings: Any) -> Envelope:
    """Ana's notice, taken by the mail server; mail services may say what became of it."""
    settings.MAIL_EVENTS_SECRET = SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
    with as_operator(shop.operator.pk), serving():
        gold: Plan = shop.plan()
        told: Announcement = announce(shop, gold)
        [envelope] = post(shop, told, to_tell(joined(shop, gold, "Ana")))
        deliver(shop)
    return envelope


def say(service: str, words: object, *, secret: str = SECRET) -> int:
    basic = "Basic " + b64encode(secret.encode()).decode()
    here = f"/mail-events/{service}/"
    said = json.dumps(words)
    client = Client(raise_request_exception=False)
    return client.post(
        here, said, content_type="application/json", headers={"authorization": basic}
    ).status_code


def postmark(envelope: Envelope, **facts: str) -> dict[str, Any]:
    """Will write a bounce the way Postmark's documentation does."""
    return {
        "RecordType": "Bounce",
        "ID": 4323372036854775807,
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Metadata": {"notice": envelope.message_id},
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 The account does not exist",
        "Email": ANA,
        "From": "postroom@localhost",
        "BouncedAt": "2026-06-10T18:00:00Z",
        "Subject": envelope.title,
        **facts,
    }


def mailgun(envelope: Envelope, *, key: str = "key", severity: str = "permanent") -> dict[str, Any]:
    """Will write a failure the way Mailgun's documentation does, signed by its key."""
    signed = {"timestamp": "1781114400", "token": "c" * 50}
    text = (signed["timestamp"] + signed["token"]).encode()
    signed["signature"] = hmac.new(key.encode(), text, hashlib.sha256).hexdigest()
    event = {
        "event": "failed",
        "severity": severity,
        "reason": "bounce",
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "timestamp": 1781114400.5,
        "recipient": ANA,
        "message": {"headers": {"message-id": envelope.message_id.strip("<>")}},
        "delivery-status": {"code": 550, "message": "5.1.1 No such user"},
        "user-variables": {},
    }
    return {"signature": signed, "event-data": event}


def came_back(shop: Shop, envelope: Envelope) -> bool:
    with as_operator(shop.operator.pk):
        bounced = state(envelope) == EnvelopeState.BOUNCED
        assert ClearanceVoid.objects.exists() == bounced
        assert Delivery.objects.filter(kind="bounced").count() == bounced
    return bounced


def test_postmark_says_that_it_bounced(shop: Shop, sent: Envelope) -> None:
    for _ in range(2):
        assert say("postmark", postmark(sent)) == 200
    assert came_back(shop, sent)
    with as_operator(shop.operator.pk):
        assert "550 5.1.1" in Envelope.objects.get().said


def test_mailgun_says_that_it_bounced(shop: Shop, sent: Envelope) -> None:
    assert say("mailgun", mailgun(sent)) == 200
    assert came_back(shop, sent)


@pytest.mark.parametrize(
    "facts",
    [
        {"Type": "Transient"},
        {"RecordType": "Delivery", "Recipient": ANA},
        {"Email": "service@network.example"},
        {"Metadata": {}},
        {"Metadata": {"notice": "<notice.1.2.3.20260132.1@localhost>"}},
        {"Metadata": {"notice": "<notice.1.2.3.20260101.1@localhost>"}},
        {"Metadata": {"notice": "<invoice-7-1.shop@localhost>"}},
    ],
)
def test_what_is_no_bounce_of_a_notice(shop: Shop, sent: Envelope, facts: Any) -> None:
    assert say("postmark", postmark(sent, **facts)) == 200
    assert not came_back(shop, sent)


def test_a_mail_that_is_put_off_may_come_still(shop: Shop, sent: Envelope) -> None:
    assert say("mailgun", mailgun(sent, severity="temporary")) == 200
    assert not came_back(shop, sent)


@pytest.mark.parametrize(
    ("service", "secret", "status"),
    [
        ("postmark", "mails:a-guess", 403),
        ("postmark", "", 403),
        ("nobody", SECRET, 404),
    ],
)
def test_nobody_else_is_heard(
    shop: Shop, sent: Envelope, service: str, secret: str, status: int
) -> None:
    assert say(service, postmark(sent), secret=secret) == status
    assert not came_back(shop, sent)


def test_a_signature_of_somebody_else(shop: Shop, sent: Envelope) -> None:
    assert say("mailgun", mailgun(sent, key="guess")) == 403
    assert not came_back(shop, sent)


def test_nonsense_is_sent_back(shop: Shop, sent: Envelope) -> None:
    assert say("postmark", []) == 400


def test_without_a_secret_there_is_no_door(sent: Envelope, settings: Any) -> None:
    settings.MAIL_EVENTS_SECRET = ""
    assert say("postmark", postmark(sent)) == 404
