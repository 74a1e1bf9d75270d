"""Leads: a visitor asks for a plan that they see, and staff take care of it."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from postroom.base.refusals import Refused
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.plans.services import Channel
from postroom.domain.subscriptions.models import Lead, LeadSource
from postroom.domain.users.models import User


class OfferChanged(Refused):
    """This plan has changed since you opened the page. Below is what is offered now."""


class NameMissing(Refused):
    """Enter your name."""

    field = "name"


class NotAnEmail(Refused):
    """“{typed}” is not an e-mail address. Write it like name@example.com."""

    field = "email"


def leave_lead(
    operator_id: int,
    *,
    plan_id: int,
    version_id: int,
    location_id: int | None,
    source: Channel,
    came_from: LeadSource | None = None,
    name: str,
    email: str,
    phone: str,
    message: str,
    form: UUID,
    at: datetime,
) -> None:
    """Will record that somebody asks for a plan as they saw it; the same form counts once.

    ``source`` is the channel of the page, and ``came_from`` what led there if it was another site.
    Works in the public reader's scope, through the one act that is open to it. Raises NameMissing,
    NotAnEmail, ControlCharacters, or OfferChanged where the plan is not shown there any more at
    that version and location.
    """
    name, email = tidy(name), tidy(email)
    if not name:
        raise NameMissing()
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotAnEmail(typed=email) from error
    written = "\n".join(tidy(line) for line in message.splitlines()).strip()
    kept = [
        *(operator_id, plan_id, version_id, location_id, source.value),
        *(name, email, tidy(phone), written, form, at, came_from and came_from.value),
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT published.leave_lead({', '.join(['%s'] * len(kept))})", kept)
        (lead,) = cursor.fetchone() or (None,)
    if lead is None:
        raise OfferChanged()


@transaction.atomic
def handle_lead(lead: Lead, *, by: User, at: datetime) -> bool:
    """Will note that somebody took care of a lead. Returns whether it was still open."""
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if lead.handled_at is not None:
        return False
    lead.handled_at, lead.handled_by = at, by
    lead.save(update_fields=["handled_at", "handled_by"])
    record("lead.handled", lead, by=by, at=at, facts={"name": lead.name})
    return True


@transaction.atomic
def reopen_lead(lead: Lead, *, by: User, at: datetime) -> bool:
    """Will note that a lead is open again. Returns whether it was not."""
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    if lead.handled_at is None:
        return False
    lead.handled_at = lead.handled_by = None
    lead.save(update_fields=["handled_at", "handled_by"])
    record("lead.reopened", lead, by=by, at=at, facts={"name": lead.name})
    return True
