"""A visitor's one act: he asks for a plan that he sees."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection

from postroom.base.refusals import Refused
from postroom.base.text import tidy
from postroom.domain.plans.services import Channel


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
    name: str,
    email: str,
    phone: str,
    message: str,
    form: UUID,
    at: datetime,
) -> None:
    """Will record that somebody asks for a plan as he saw it; the same form counts once.

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
        *(name, email, tidy(phone), written, form, at),
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT published.leave_lead({', '.join(['%s'] * len(kept))})", kept)
        (lead,) = cursor.fetchone() or (None,)
    if lead is None:
        raise OfferChanged()
