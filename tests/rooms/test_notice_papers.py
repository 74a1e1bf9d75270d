"""Notices on paper: letters to post, and evidence to hand in."""

import csv
import hashlib
import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.domain.customers.models import Customer
from postroom.domain.notices.by_hand import record_bounce, record_posted
from postroom.domain.notices.evidence import COLUMNS, evidence_pdf, evidence_rows
from postroom.domain.notices.letters import NothingToPrint, letter_pdf, letters_pdf
from postroom.domain.notices.models import Announcement, Answer, AnswerKind, Notice
from postroom.domain.plans.models import Plan
from tests.mail_server import serving
from tests.pictures import pages_of, title_of
from tests.rooms.billing_worlds import Shop, day
from tests.rooms.noticing import announce, deliver, joined, post, to_tell

AT = "26-06-15"


@pytest.fixture
def told(shop: Shop, gold: Plan) -> Announcement:
    """Ana's mail came back and she asked; Bo's waits; Di and Ed have no address."""
    shop.places[0].state = "TX"
    shop.places[0].save(update_fields=["state"])
    told = announce(shop, gold)
    ana, *_ = post(shop, told, to_tell(joined(shop, gold, "Ana")))
    with serving():
        deliver(shop)
    post(shop, told, *(to_tell(joined(shop, gold, it, email=it == "Bo")) for it in ("Bo", "Di")))
    post(shop, told, to_tell(joined(shop, gold, "Ed", email=False)))
    Customer.objects.filter(name="Di").update(street="2 Elm St", city="Austin", state="TX")
    record_bounce(ana, reason="Gone", by=shop.by, at=shop.at(AT))
    said = {"kind": AnswerKind.ASKED, "words": "=Why?", "sent_by_form": uuid4(), "at": shop.at(AT)}
    Answer.objects.create(operator=shop.operator, notice=Notice.objects.get(envelope=ana), **said)
    return told


def test_letters_are_one_file(shop: Shop, told: Announcement, tmp_path: Path) -> None:
    pdf = letters_pdf(told, at=shop.at(AT))
    assert title_of(pdf) == "Letters, Gold"
    assert pages_of(pdf, tmp_path) == 2
    [_, _, di, ed] = post(shop, told)
    assert pages_of(letters_pdf(told, at=shop.at(AT), after=di.pk), tmp_path) == 1
    for it in (di, ed):
        own = {"posted_by": "Olga", "by": shop.by, "at": shop.at(AT), "on": day(AT)}
        record_posted(it, posted_on=day(AT), **own)
    with pytest.raises(NothingToPrint):
        letters_pdf(told, at=shop.at(AT))
    assert title_of(letter_pdf(di, at=shop.at(AT))) == "Your plan Gold changes on Jul 1, 2026"


def table(told: Announcement, **facts: int) -> list[dict[str, Any]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in evidence_rows(told, **facts)]


def test_the_table_says_what_became_of_each(shop: Shop, told: Announcement) -> None:
    ana, bo, di, ed = table(told)
    assert [it["Customer"] for it in (ana, bo, di, ed)] == ["Ana", "Bo", "Di", "Ed"]
    assert [it["State"] for it in (ana, bo, di)] == ["Bounced", "Waiting", "To be printed"]
    assert ana["What happened"] == (
        "2026-06-10 12:00:00 EDT, 2026-06-10 there: Accepted by the mail server"
        " (ana@customers.example); 2026-06-15 12:00:00 EDT, 2026-06-15 there: Came back"
        " (ana@customers.example): Gone"
    )
    assert ana["What it cleared"] == "100 P0 from 2026-07-01 on, void: Came back: Gone"
    assert ana["Answers"] == "2026-06-15 12:00:00 EDT: Asks or objects: =Why?"
    envelope = post(shop, told)[0]
    words = "\n".join([envelope.title, envelope.text, envelope.html])
    assert ana["Digest of the words"] == hashlib.sha256(words.encode()).hexdigest()
    assert (bo["What happened"], bo["What it cleared"]) == ("", "")


def test_the_table_reads_by_pages(shop: Shop, told: Announcement) -> None:
    with CaptureQueriesContext(connection) as at_once:
        whole = table(told)
    with CaptureQueriesContext(connection) as by_pages:
        assert table(told, page=3) == whole
    assert len(at_once) < len(by_pages) <= 2 * len(at_once)
    file = io.StringIO()
    csv.writer(file).writerows(evidence_rows(told))
    assert len(file.getvalue().splitlines()) == len(whole) == 4


def test_the_document_has_every_word(shop: Shop, told: Announcement, tmp_path: Path) -> None:
    pdf = evidence_pdf(told, at=shop.at(AT))
    assert title_of(pdf) == "What customers were told: Gold"
    ana = post(shop, told)[0]
    alone = evidence_pdf(told, at=shop.at(AT), about=[ana.pk])
    assert pages_of(alone, tmp_path) < pages_of(pdf, tmp_path)
    assert alone == evidence_pdf(told, at=shop.at(AT), about=[ana.pk])
