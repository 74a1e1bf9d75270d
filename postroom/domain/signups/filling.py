"""Who somebody is that signs up: kept as it is typed, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.text import tidy
from postroom.domain.customers.actions import Details
from postroom.domain.customers.models import Kind
from postroom.domain.signups.choosing import SignupIsSent, keep
from postroom.domain.signups.models import IN_HAND, Signup, SignupState

#: More names than this at one address is a slip, or a list that belongs to staff.
MOST_RECIPIENTS = 50
LONGEST_NAME = 120


class YourNameMissing(Refused):
    """Enter your name, or your company's."""

    field = "name"


class YourEmailUnknown(Refused):
    """“{typed}” is not an e-mail address. Write it like name@example.com."""

    field = "email"


class EmailIsConfirmed(Refused):
    """Your address {email} is confirmed already, and stays."""

    field = "email"


class AddressIncomplete(Refused):
    """Enter your own address with street, city, state and postal code."""

    field = "street"


class TooManyRecipients(Refused):
    """Name at most {most} people here, and tell us the others later."""

    field = "recipients"


class RecipientNameTooLong(Refused):
    """“{name}…” is too long for a name. Write one name on each line."""

    field = "recipients"


@dataclass(frozen=True)
class Who:
    """Somebody who signs up, as they say themselves."""

    kind: Kind
    name: str
    email: str
    street: str
    city: str
    state: str
    postal_code: str
    country: str = "US"
    phone: str = ""
    recipients: Sequence[str] = ()


@transaction.atomic
def fill_in(signup: Signup, who: Who, *, at: datetime) -> Signup:
    """Will keep who somebody is; another e-mail address has to be confirmed anew.

    Raises SignupIsSent, YourNameMissing, YourEmailUnknown, EmailIsConfirmed, AddressIncomplete,
    TooManyRecipients, RecipientNameTooLong or ControlCharacters.
    """
    signup = Signup.objects.select_for_update(of=("self",)).get(pk=signup.pk)
    if signup.state not in {*IN_HAND, SignupState.ASKED}:
        raise SignupIsSent()
    facts = _checked(who)
    if signup.state == SignupState.ASKED and facts["email"] != signup.email:
        raise EmailIsConfirmed(email=signup.email)
    if facts["email"] != signup.email:
        signup.email_confirmed_at = None
    for field, value in facts.items():
        setattr(signup, field, value)
    fields = [*facts, "email_confirmed_at"]
    if signup.state == SignupState.ASKED:
        signup.save(update_fields=fields)
    else:
        keep(signup, at=at, fields=fields)
    return signup


def details_of(signup: Signup) -> Details:
    """Will return who somebody is, as a customer is known."""
    return Details(
        kind=Kind(signup.kind),
        name=signup.name,
        email=signup.email,
        phone=signup.phone,
        street=signup.street,
        city=signup.city,
        state=signup.state_of_address,
        postal_code=signup.postal_code,
        country=signup.country,
    )


def is_filled_in(signup: Signup) -> bool:
    """Will tell whether it is known who signs up."""
    return bool(signup.name and signup.email and signup.street)


def _checked(who: Who) -> dict[str, object]:
    name, email = tidy(who.name), tidy(who.email).lower()
    if not name:
        raise YourNameMissing()
    try:
        validate_email(email)
    except ValidationError as error:
        raise YourEmailUnknown(typed=email) from error
    address = {
        "street": tidy(who.street),
        "city": tidy(who.city),
        "state_of_address": tidy(who.state),
        "postal_code": tidy(who.postal_code),
    }
    if not all(address.values()):
        raise AddressIncomplete()
    return {
        "kind": who.kind,
        "name": name,
        "email": email,
        "phone": tidy(who.phone),
        **address,
        "country": who.country,
        "recipients": _recipients(who.recipients, besides=name),
    }


def _recipients(typed: Sequence[str], *, besides: str) -> list[str]:
    """Will return the names, each once, without the one of who signs up."""
    names: dict[str, str] = {}
    for name in filter(None, map(tidy, typed)):
        names.setdefault(name.casefold(), name)
    names.pop(besides.casefold(), None)
    if len(names) > MOST_RECIPIENTS:
        raise TooManyRecipients(most=MOST_RECIPIENTS)
    for name in names.values():
        if len(name) > LONGEST_NAME:
            raise RecipientNameTooLong(name=name[:40])
    return list(names.values())
