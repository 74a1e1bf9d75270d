"""The door for mail services: what they say became of a mail after they had taken it.

A service calls ``/mail-events/NAME/`` with the words of MAIL_EVENTS_SECRET, and django-anymail
reads what it says; ``postmark``, ``mailgun`` and so on are django-anymail's names.
"""

import logging
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from postroom.base.postman import one_line
from postroom.base.tenancy import as_operator
from postroom.domain.notices.by_hand import record_came_back
from postroom.domain.notices.posting import read_message_id

logger = logging.getLogger(__name__)

#: After these the customer has not got it. A mail that is put off may come still.
LOST = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}


class NotRecorded(Exception):
    """What a service said was read, and could not be written down."""


@csrf_exempt
def mail_events(request: HttpRequest, service: str) -> HttpResponseBase:
    """What a mail service has to tell, for who knows the secret; without one there is no door."""
    if not settings.MAIL_EVENTS_SECRET:
        raise Http404
    try:
        found = resolve(f"/{service.replace('-', '_')}/tracking/", "anymail.urls")
    except Resolver404 as error:
        raise Http404 from error
    try:
        answer: HttpResponseBase = found.func(request)
    except AnymailWebhookValidationFailure:
        return HttpResponse("This is not from the mail service.\n", "text/plain", 403)
    except (ImproperlyConfigured, KeyError, TypeError, ValueError):
        logger.exception("What %s sent could not be read", service)
        return HttpResponse("This is not what the service sends.\n", "text/plain", 400)
    return answer


mail_events.access = "secret"  # type: ignore[attr-defined]


@receiver(tracking, dispatch_uid="notices_that_come_back")
def note_what_came_back(event: AnymailTrackingEvent, **facts: Any) -> None:
    """Will record the bounce of a notice; what is no notice, or no bounce, is passed over."""
    # A service has names of its own for mails, and says ours beside them.
    said = [(event.metadata or {}).get("notice"), event.message_id]
    named = next((it for one in said if (it := read_message_id(str(one)))), None)
    if event.event_type not in LOST or named is None:
        return
    reason = one_line(event.mta_response or event.description or event.event_type)[:200]
    try:
        with as_operator(named.operator_id):
            record_came_back(named, address=event.recipient or "", reason=reason, at=timezone.now())
    except Exception as error:
        # Not a fault of what was sent: the service will say it again.
        raise NotRecorded(named) from error
