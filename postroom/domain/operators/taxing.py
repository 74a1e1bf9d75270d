"""What customers of a location are taxed."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.operators.models import Location
from postroom.domain.users.models import User

#: As many as the finest of the US sales taxes has, and one more.
DECIMALS = 4


class TaxOutOfRange(Refused):
    """A tax lies between 0 and 100 percent."""

    field = "percent"


class TaxTooFine(Refused):
    """A tax has at most {decimals} decimal places."""

    field = "percent"


class TaxNameMissing(Refused):
    """Say what the tax is called on an invoice."""

    field = "name"


@transaction.atomic
def set_tax(
    location: Location,
    *,
    percent: Decimal | None,
    included: bool,
    name: str,
    by: User,
    at: datetime,
) -> dict[str, list[Any]]:
    """Will set what is billed at a location taxed from now on; no percentage is no tax set.

    ``included`` says that rates contain it; else it is added. What was billed keeps what it was
    billed with. Returns what changed as field: [before, after]. Raises TaxOutOfRange, TaxTooFine
    or TaxNameMissing.
    """
    if percent is not None:
        if not 0 <= percent <= 100:
            raise TaxOutOfRange()
        if percent != round(percent, DECIMALS):
            raise TaxTooFine(decimals=DECIMALS)
    if not tidy(name):
        raise TaxNameMissing()
    location = Location.objects.select_for_update(of=("self",)).get(pk=location.pk)
    wanted = {"tax_percent": percent, "tax_included": included, "tax_name": tidy(name)}
    changes = {
        field: [getattr(location, field), value]
        for field, value in wanted.items()
        if getattr(location, field) != value
    }
    for field, (_, value) in changes.items():
        setattr(location, field, value)
    if changes:
        location.save(update_fields=list(changes))
        facts = {field: [_plain(it) for it in pair] for field, pair in changes.items()}
        record("location.tax_set", location, by=by, at=at, facts=facts)
    return changes


def _plain(value: Any) -> Any:
    """Will return a value as JSON holds it; a percentage exactly, without idle zeros."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
