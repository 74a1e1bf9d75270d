"""Letters to print, and the evidence of what customers were told."""

from collections.abc import Iterator
from itertools import islice

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from postroom.base.tenancy import as_operator
from postroom.domain.notices.evidence import COLUMNS, PAGE, evidence_pdf, evidence_rows
from postroom.domain.notices.letters import NothingToPrint, letter_pdf, letters_pdf
from postroom.domain.notices.models import Announcement
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.documents.pdfs import as_pdf
from postroom.web.desk.notices.envelope_list import announced
from postroom.web.desk.notices.envelope_page import find
from postroom.web.desk.tables_to_take import table_of, to_take, words


@desk(May.RUN_CUSTOMERS)
def letters(request: DeskRequest, announcement_id: int) -> HttpResponse:
    """The letters to print, in one file; ``after`` is the last one of the file before.

    Each has its customer's own link in it, so it is for who may act for them.
    """
    announcement = announced(announcement_id)
    typed = request.GET.get("after", "")
    after = int(typed) if typed.isdecimal() and len(typed) < 19 else 0
    try:
        content = letters_pdf(announcement, at=request.at, after=after)
    except NothingToPrint as refusal:
        messages.info(request, str(refusal))
        return redirect("desk:envelopes", request.operator.slug, announcement_id)
    return as_pdf(content, f"letters-{announcement_id}-{request.on}.pdf")


@desk(May.RUN_CUSTOMERS)
def letter(request: DeskRequest, envelope_id: int) -> HttpResponse:
    """One notice as a letter, whatever became of it."""
    return as_pdf(letter_pdf(find(envelope_id), at=request.at), f"letter-{envelope_id}.pdf")


@desk(May.RUN_CUSTOMERS)
def evidence_document(request: DeskRequest, announcement_id: int) -> HttpResponse:
    """What was sent and what became of it, word for word; of some envelopes, or the first ones."""
    typed = [it for it in request.GET.getlist("about") if it.isdecimal() and len(it) < 19]
    content = evidence_pdf(
        announced(announcement_id), at=request.at, about=[int(it) for it in typed]
    )
    return as_pdf(content, f"evidence-{announcement_id}-{request.on}.pdf")


@desk(May.SEE_MONEY)
def evidence_table(request: DeskRequest, announcement_id: int) -> HttpResponse:
    """A row for each envelope, read a page at a time while it is taken."""
    announcement = announced(announcement_id)
    lines = table_of(request.operator, COLUMNS, _rows(announcement))
    return to_take(lines, name=f"evidence-{announcement_id}-{request.on}")


def _rows(announcement: Announcement) -> Iterator[list[str]]:
    """Will yield the rows, reading a page at a time, each in a short scope of its own."""
    rows = evidence_rows(announcement, page=PAGE)
    while True:
        with as_operator(announcement.operator_id):
            some = list(islice(rows, PAGE))
        if not some:
            return
        yield from ([words(it) for it in row] for row in some)
