"""Letterheads: what stands on an operator's documents, changed by writing the next one."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.text import tidy, tidy_lines
from postroom.domain.events.actions import record
from postroom.domain.events.models import Event
from postroom.domain.events.queries import events_of
from postroom.domain.operators.colors import checked_color
from postroom.domain.operators.logos import check_logo
from postroom.domain.operators.models import MOST_DAYS_TO_PAY, Letterhead, Operator
from postroom.domain.users.models import User

#: What happens to the letterhead, and to whether documents are mailed under it.
ACTS = (
    "operator.letterhead_changed",
    "operator.invoice_mail_switched_on",
    "operator.invoice_mail_switched_off",
)

#: What an envelope's window shows.
MOST_LINES = 6


class LetterheadNameMissing(Refused):
    """Enter the name that your documents show."""

    field = "name"


class LetterheadAddressTooLong(Refused):
    """An address has at most {most} lines."""

    field = "address"


class LetterheadEmailUnknown(Refused):
    """“{typed}” is not an e-mail address."""

    field = "email"


class DaysToPayOutOfRange(Refused):
    """Days to pay lie between 0 and {most}."""

    field = "days_to_pay"


@dataclass(frozen=True)
class Heading:
    """The words of a letterhead."""

    name: str
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    color: str = ""
    how_to_pay: str = ""
    days_to_pay: int = 14


@transaction.atomic
def change_letterhead(
    operator: Operator,
    *,
    heading: Heading,
    logo: bytes | None = None,
    without_logo: bool = False,
    form: UUID,
    by: User | None,
    at: datetime,
) -> dict[str, list[Any]]:
    """Will have documents issued from now on show this; those issued before keep theirs.

    The logo stays unless there is another, or ``without_logo``. Returns what changed as field:
    [before, after]. Raises LetterheadNameMissing, LetterheadAddressTooLong,
    LetterheadEmailUnknown, DaysToPayOutOfRange, or what ``checked_color`` and ``check_logo`` do.
    """
    heading = checked(heading)
    kind = check_logo(logo) if logo is not None else ""
    # Two who change it at once follow each other.
    Operator.objects.select_for_update(no_key=True).get(pk=operator.pk)
    now = newest_letterhead()
    if now and now.entered_by_form == form:
        return {}
    if logo is None and not without_logo and now:
        logo, kind = bytes(now.logo) if now.logo else None, now.logo_kind
    changes = _changes(now, operator, heading, logo)
    if not changes:
        return {}
    Letterhead.objects.create(
        operator=operator,
        **asdict(heading),
        logo=logo,
        logo_kind=kind,
        since_at=at,
        entered_by_form=form,
        entered_by=by,
    )
    record("operator.letterhead_changed", operator, by=by, at=at, facts=changes)
    return changes


def newest_letterhead() -> Letterhead | None:
    """Will return the letterhead that is in force now."""
    return Letterhead.objects.order_by("-since_at", "-id").first()


def letterhead_acts(operator: Operator, *, most: int) -> list[Event]:
    """Will return who changed the letterhead and the mailing of invoices, the latest first."""
    return list(events_of(operator).filter(act__in=ACTS)[:most])


def letterhead_at(at: datetime) -> Letterhead | None:
    """Will return the letterhead in force at an instant; before the first one, the first one."""
    before = Letterhead.objects.filter(since_at__lte=at).order_by("-since_at", "-id")
    return before.first() or Letterhead.objects.order_by("since_at", "id").first()


def heading_of(operator: Operator, letterhead: Letterhead | None) -> Heading:
    """Will return the words of a letterhead; without one, the operator's name alone."""
    if letterhead is None:
        return Heading(name=operator.name, email=operator.service_email)
    words = {field: getattr(letterhead, field) for field in Heading.__dataclass_fields__}
    return Heading(**words)


def answers_to(heading: Heading, operator: Operator) -> str:
    """Will return where a customer's answer goes, if there is such a place."""
    return heading.email or operator.service_email


def checked(heading: Heading) -> Heading:
    """Will tidy what was typed. Raises what ``change_letterhead`` does."""
    tidied = replace(
        heading,
        name=tidy(heading.name),
        phone=tidy(heading.phone),
        website=tidy(heading.website),
        color=checked_color(heading.color),
        email=heading.email.strip(),
        address=tidy_lines(heading.address),
        how_to_pay=tidy_lines(heading.how_to_pay),
    )
    if not tidied.name:
        raise LetterheadNameMissing()
    if len(tidied.address.splitlines()) > MOST_LINES:
        raise LetterheadAddressTooLong(most=MOST_LINES)
    if not 0 <= tidied.days_to_pay <= MOST_DAYS_TO_PAY:
        raise DaysToPayOutOfRange(most=MOST_DAYS_TO_PAY)
    try:
        if tidied.email:
            validate_email(tidied.email)
    except ValidationError as error:
        raise LetterheadEmailUnknown(typed=tidied.email) from error
    return tidied


def _changes(
    now: Letterhead | None, operator: Operator, heading: Heading, logo: bytes | None
) -> dict[str, list[Any]]:
    """Will return what is another than before, in plain JSON: of the logo, whether there is one."""
    before = asdict(heading_of(operator, now)) if now else {}
    after = asdict(heading)
    changes = {
        field: [before.get(field, ""), value]
        for field, value in after.items()
        if before.get(field, "") != value
    }
    had = bytes(now.logo) if now and now.logo else None
    if had != logo:
        changes["logo"] = [had is not None, logo is not None]
    return changes
