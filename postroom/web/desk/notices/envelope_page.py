"""One envelope: to whom, what was written, what became of it, and what was answered."""

from csp.decorators import csp_replace
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from postroom.domain.notices.finding import story_of
from postroom.domain.notices.models import Envelope, EnvelopeState, Notice
from postroom.domain.notices.signed_links import without_links
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk

TONES = {
    EnvelopeState.WAITING: "info",
    EnvelopeState.ACCEPTED: "good",
    EnvelopeState.BOUNCED: "bad",
    EnvelopeState.TO_PRINT: "warn",
    EnvelopeState.POSTED: "good",
    EnvelopeState.TOLD: "good",
    EnvelopeState.VOID: "muted",
}


@desk(May.SEE_MONEY)
def envelope(request: DeskRequest, envelope_id: int) -> HttpResponse:
    """What a customer was told, its state, every delivery, what it cleared, what was answered."""
    it = find(envelope_id)
    context = {
        "envelope": it,
        "customer": it.customer,
        "tone": TONES[EnvelopeState(it.state)],
        "text": without_links(it.text),
        "story": story_of(it),
        "may_run": request.may("run_customers") and it.state != EnvelopeState.VOID,
    }
    return render(request, "desk/notices/envelope.html", context)


@xframe_options_sameorigin
@csp_replace(
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "script-src": ["'none'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'none'"],
        "sandbox": [],
    }
)
@desk(May.SEE_MONEY)
def as_sent(request: DeskRequest, envelope_id: int) -> HttpResponse:
    """The mail as its program draws it: alone, with nothing that runs and nothing fetched."""
    answer = HttpResponse(without_links(find(envelope_id).html))
    answer["Cache-Control"] = "private, no-store"
    return answer


def find(envelope_id: int) -> Envelope:
    """Will return an envelope with all that its pages name. Raises Http404."""
    related = ("customer", "announcement__plan", "announcement__version", "asked_by")
    found: Envelope = get_object_or_404(Envelope.objects.select_related(*related), pk=envelope_id)
    return found


def notices_of(envelope: Envelope) -> list[Notice]:
    """Will return an envelope's notices with all that their answers need."""
    return list(
        Notice.objects.filter(envelope=envelope).select_related(
            "announcement__plan",
            "envelope__customer",
            "envelope__announcement__plan",
            "subscription__mailbox__location",
        )
    )
