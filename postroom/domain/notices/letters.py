"""Letters: the notices of those who have no e-mail address, to print and to post."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models.expressions import RawSQL

from postroom.base.refusals import Refused
from postroom.base.typesetting import typeset
from postroom.domain.customers.models import Customer
from postroom.domain.notices.models import Announcement, Envelope, EnvelopeState
from postroom.domain.notices.writing import PAPERS
from postroom.domain.operators.letterheads import heading_of, newest_letterhead
from postroom.domain.operators.models import Operator
from postroom.domain.operators.writing import Pen, head_facts, page_facts

#: As many as one file holds: it is set while somebody waits.
MOST = 500


class NothingToPrint(Refused):
    """There is no letter to print."""


def letters_pdf(announcement: Announcement, *, at: datetime, after: int = 0) -> bytes:
    """Will return the letters of an announcement that are to be printed, in the order written.

    ``MOST`` of them at a time, those behind the envelope ``after``. Raises NothingToPrint.
    """
    to_print = Envelope.objects.filter(
        announcement=announcement, state=EnvelopeState.TO_PRINT, pk__gt=after
    )
    envelopes = list(to_print.select_related("customer").order_by("pk")[:MOST])
    if not envelopes:
        raise NothingToPrint()
    title = f"Letters, {announcement.plan}"
    return _letters(envelopes, announcement.operator, title=title, at=at)


def letter_pdf(envelope: Envelope, *, at: datetime) -> bytes:
    """Will return one notice as a letter, whatever became of it."""
    return _letters([envelope], envelope.operator, title=envelope.title, at=at)


def _letters(
    envelopes: Sequence[Envelope], operator: Operator, *, title: str, at: datetime
) -> bytes:
    pen, letterhead, addresses = Pen(operator), newest_letterhead(), _addresses(envelopes)
    author = heading_of(operator, letterhead).name
    facts = page_facts(operator, title=title, author=author, at=at) | {
        "head": head_facts(operator, letterhead),
        "letters": [
            {
                "customer": {
                    "name": it.customer.name,
                    "address": addresses[it.customer_id],
                },
                "date": pen.day(pen.local(at)),
                "title": it.title,
                "parts": it.text.strip().split("\n\n"),
            }
            for it in envelopes
        ],
    }
    return typeset(PAPERS / "letter.typ", facts, at=at)


def _addresses(envelopes: Sequence[Envelope]) -> dict[int, list[str]]:
    """Will return where customers live, as invoices say it."""
    known = Customer.objects.filter(pk__in=[it.customer_id for it in envelopes])
    lines = RawSQL("address_of(customers_customer)", ())
    return {pk: text.splitlines() for pk, text in known.values_list("pk", lines)}
