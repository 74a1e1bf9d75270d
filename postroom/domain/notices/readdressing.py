"""Fixing the address of a notice that did not arrive, and sending it again there."""

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.customers.actions import Details, change_customer
from postroom.domain.customers.models import Customer
from postroom.domain.notices.by_hand import resend
from postroom.domain.notices.models import Envelope
from postroom.domain.users.models import User


class AddressUnknown(Refused):
    """“{typed}” is not an e-mail address. Write it like name@example.com."""

    field = "email"


@transaction.atomic
def resend_to(envelope: Envelope, *, email: str, seen: int, by: User, at: datetime) -> Envelope:
    """Will send a notice again to an address, which becomes the customer's own.

    ``seen`` is the revision of the customer that was shown. Raises AddressUnknown,
    CustomerChangedMeanwhile, or what ``resend`` does.
    """
    customer = Customer.objects.get(pk=envelope.customer_id)
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise AddressUnknown(typed=email) from error
    if email != customer.email:
        known = {field: getattr(customer, field) for field in Details.__dataclass_fields__}
        change_customer(
            customer, details=replace(Details(**known), email=email), seen=seen, by=by, at=at
        )
    return resend(envelope, by=by, at=at)
