"""A sample to myself, and a message to everybody on a plan while nothing changes."""

import json
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from postroom.demo.cast import House
from postroom.domain.notices.models import Announcement, Envelope, EnvelopeState, Subject
from postroom.domain.plan_changes.announcing import announce_operator
from postroom.jobs import mail_sample
from tests.mail_server import serving, text_of
from tests.rooms.mailing import Clock
from tests.web.plan_forms import address, desk_of
from tests.web.test_question_page import Asking


def asked_for() -> dict[str, Any]:
    """Will return what the last sample was asked for with."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id DESC LIMIT 1",
            [mail_sample.name],
        )
        [(args,)] = cursor.fetchall()
    return dict(json.loads(args) if isinstance(args, str) else args)


def test_a_sample_has_a_customers_numbers_and_keeps_what_was_typed(in_harbor: House) -> None:
    asking = Asking(in_harbor)
    sent = asking.days | {"words": "Our rent went up."}
    shown = asking.client.post(asking.to("sample/"), sent)
    assert shown.context["yes_form"]["words"].value() == "Our rent went up."
    assert "A sample is on its way to" in shown.content.decode()
    with serving() as (server, _):
        mail_sample(**asked_for())
    [mail] = server.mails
    assert str(mail["To"]) == in_harbor.owner.email
    assert str(mail["Subject"]).startswith("Sample: Your plan Bronze changes on")
    assert "$12.99" in text_of(mail) and "Our rent went up." in text_of(mail)
    assert not Envelope.objects.exists()


def write(house: House, **facts: str) -> tuple[Client, Any]:
    client = desk_of(house)
    return client, client.post(address(house, f"{house.bronze.pk}/write/"), facts)


def test_a_message_goes_to_all_and_says_that_nothing_changes(in_harbor: House) -> None:
    client, sent = write(in_harbor, words="We are closed on Friday.")
    assert sent.status_code == 302
    client.post(
        address(in_harbor, f"{in_harbor.bronze.pk}/write/"), {"words": "We are closed on Friday."}
    )
    [announcement] = Announcement.objects.filter(subject=Subject.MESSAGE)
    announce_operator(in_harbor.operator, clock=Clock(timezone.now()))
    envelopes = Envelope.objects.filter(announcement=announcement)
    states = sorted(envelopes.values_list("state", flat=True))
    assert states == [EnvelopeState.TO_PRINT, *[EnvelopeState.WAITING] * 3]
    assert all("We are closed on Friday." in it.text for it in envelopes)
    announce_operator(in_harbor.operator, clock=Clock(timezone.now()))
    assert envelopes.count() == 4


def test_a_message_has_words(in_harbor: House) -> None:
    _, refused = write(in_harbor, words="  ")
    assert refused.status_code == 422
    assert not Announcement.objects.exists()
    _, shown = write(in_harbor, words="Closed on Friday", sample="1")
    assert "A sample is on its way to" in shown.content.decode()
    assert not Announcement.objects.exists()
