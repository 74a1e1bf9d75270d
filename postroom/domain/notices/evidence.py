"""Evidence of what customers were told: a table of all, and a document to hand in.

Both say of each envelope to whom and where it went, when it was written, what its words come to,
each thing that happened to it, what it cleared, and what was answered.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from postroom.base.typesetting import typeset
from postroom.domain.notices.models import (
    Announcement,
    Answer,
    Delivery,
    Envelope,
    Notice,
    NoticeClearance,
)
from postroom.domain.notices.writing import PAPERS
from postroom.domain.operators.letterheads import heading_of, newest_letterhead
from postroom.domain.operators.writing import Pen, head_facts, page_facts
from postroom.domain.subscriptions.models import ClearanceVoid

#: Envelopes that are read at a time, and as many as one document holds.
PAGE, MOST = 500, 500

COLUMNS = (
    *("Customer", "Mailboxes", "First day", "Written", "Title", "Digest of the words"),
    *("State", "Address", "Round", "What happened", "What it cleared", "Answers"),
)


@dataclass
class Record:
    """All that is known of one envelope."""

    envelope: Envelope
    notices: list[Notice] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    clearances: list[NoticeClearance] = field(default_factory=list)
    void: dict[int, ClearanceVoid] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)


def digest(envelope: Envelope) -> str:
    """Will return the SHA-256 of an envelope's words, as they were sent."""
    words = "\n".join([envelope.title, envelope.text, envelope.html])
    return hashlib.sha256(words.encode()).hexdigest()


def evidence_rows(announcement: Announcement, *, page: int = PAGE) -> Iterator[tuple[str, ...]]:
    """Will yield a row of ``COLUMNS`` for each envelope, reading a page of them at a time."""
    stamp = Stamp(announcement)
    after = 0
    while records := _records(_after(announcement, after)[:page]):
        for it in records:
            yield _row(it, stamp)
        after = records[-1].envelope.pk


def evidence_pdf(announcement: Announcement, *, at: datetime, about: Sequence[int] = ()) -> bytes:
    """Will return what was sent and what became of it, word for word, as a document.

    ``about`` are the envelopes that it is about; without any the first ``MOST``, and it says so.
    """
    operator, stamp = announcement.operator, Stamp(announcement)
    wanted = _after(announcement, 0)
    every = wanted.count()
    if about:
        wanted = wanted.filter(pk__in=about)
    records = _records(wanted[:MOST])
    letterhead = newest_letterhead()
    author = heading_of(operator, letterhead).name
    title = f"What customers were told: {announcement.plan}"
    facts = page_facts(operator, title=title, author=author, at=at) | {
        "head": head_facts(operator, letterhead),
        "about": f"{announcement.get_subject_display()}, announced {stamp(announcement.at)}",
        "count": f"{len(records):,} of {every:,} notices",
        "written": f"Made {stamp(at)}",
        "notices": [_page(it, stamp) for it in records],
    }
    return typeset(PAPERS / "evidence.typ", facts, at=at)


class Stamp:
    """Writes instants by the operator's clock, with the zone said."""

    def __init__(self, announcement: Announcement) -> None:
        self.pen = Pen(announcement.operator)
        self.zone = ZoneInfo(announcement.operator.time_zone)

    def __call__(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S %Z}"


def _after(announcement: Announcement, after: int) -> QuerySet[Envelope]:
    found = Envelope.objects.filter(announcement=announcement, pk__gt=after)
    return found.select_related("customer").order_by("pk")


def _records(envelopes: Iterable[Envelope]) -> list[Record]:
    """Will read all that belongs to some envelopes, in as many queries as there are tables."""
    records = {it.pk: Record(it) for it in envelopes}
    own = Notice.objects.filter(envelope__in=records).select_related(
        "subscription__mailbox__location"
    )
    notices = {it.pk: it for it in own.order_by("pk")}
    for it in notices.values():
        records[it.envelope_id].notices.append(it)
    for delivery in Delivery.objects.filter(envelope__in=records).order_by("pk"):
        records[delivery.envelope_id].deliveries.append(delivery)
    brought = NoticeClearance.objects.filter(notice__in=notices).select_related("clearance")
    void = ClearanceVoid.objects.filter(clearance__in=brought.values("clearance"))
    ended = {it.clearance_id: it for it in void}
    for clearance in brought.order_by("pk"):
        record = records[notices[clearance.notice_id].envelope_id]
        record.clearances.append(clearance)
        if clearance.clearance_id in ended:
            record.void[clearance.clearance_id] = ended[clearance.clearance_id]
    for answer in Answer.objects.filter(notice__in=notices).order_by("pk"):
        records[notices[answer.notice_id].envelope_id].answers.append(answer)
    return list(records.values())


def _row(it: Record, stamp: Stamp) -> tuple[str, ...]:
    envelope = it.envelope
    return (
        envelope.customer.name,
        ", ".join(_mailbox(each) for each in it.notices),
        envelope.first_day.isoformat(),
        stamp(envelope.written_at),
        envelope.title,
        digest(envelope),
        envelope.get_state_display(),
        envelope.address,
        str(envelope.round),
        "; ".join(happened(each, stamp) for each in it.deliveries),
        "; ".join(_cleared(it)),
        "; ".join(_answered(each, stamp) for each in it.answers),
    )


def _page(it: Record, stamp: Stamp) -> dict[str, object]:
    envelope = it.envelope
    return {
        "customer": envelope.customer.name,
        "facts": [
            ("Mailboxes", ", ".join(_mailbox(each) for each in it.notices)),
            ("First day", envelope.first_day.isoformat()),
            ("Written", stamp(envelope.written_at)),
            ("Message-ID", envelope.message_id),
            ("SHA-256", digest(envelope)),
            ("State", envelope.get_state_display()),
        ],
        "happened": [happened(each, stamp) for each in it.deliveries],
        "cleared": list(_cleared(it)),
        "answers": [_answered(each, stamp) for each in it.answers],
        "title": envelope.title,
        "parts": envelope.text.strip().split("\n\n"),
    }


def happened(it: Delivery, stamp: Stamp) -> str:
    """Will say what a delivery was, to where, when, and what was answered."""
    where = f" ({it.address})" if it.address else ""
    answer = " ".join(str(each) for each in (it.code, it.said) if each)
    local = it.on.isoformat()
    return f"{stamp(it.at)}, {local} there: {it.get_kind_display()}{where}" + (
        f": {answer}" if answer else ""
    )


def _cleared(it: Record) -> Iterator[str]:
    boxes = {each.pk: _mailbox(each) for each in it.notices}
    for each in it.clearances:
        days = each.clearance
        last = f" to {days.last_day}" if days.last_day else " on"
        void = it.void.get(days.pk)
        ended = f", void: {void.reason}" if void else ""
        yield f"{boxes[each.notice_id]} from {days.first_day}{last}{ended}"


def _answered(it: Answer, stamp: Stamp) -> str:
    words = f": {it.words}" if it.words else ""
    last = f", last day {it.closes_on}" if it.closes_on else ""
    return f"{stamp(it.at)}: {it.get_kind_display()}{last}{words}"


def _mailbox(it: Notice) -> str:
    mailbox = it.subscription.mailbox
    return f"{mailbox.number} {mailbox.location.name}"
