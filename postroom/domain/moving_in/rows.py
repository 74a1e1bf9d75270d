"""One row: the customer, and the mailbox with what they pay for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from postroom.base.periods import billing_date
from postroom.base.refusals import Refused
from postroom.base.sheets import Line
from postroom.domain.customers.models import Customer, Kind
from postroom.domain.moving_in.cells import Cells, NotAKind, Problem
from postroom.domain.moving_in.columns import OF_THE_MAILBOX

#: Paid through further back is a slip in the year, not somebody who is late.
LATEST = timedelta(days=366)
#: Nobody pays further ahead.
FURTHEST = timedelta(days=10 * 366)
#: Nobody has rented for longer.
MOST_YEARS = 100

TEXTS = ["name", "phone", "street", "city", "state", "postal_code", "notes"]


class ExternalIdMissing(Refused):
    """Give the customer an external id, so that the row is known again."""


class CellMissing(Refused):
    """A row with a mailbox needs this."""


class WithoutMailbox(Refused):
    """This is for a mailbox, and the row has no mailbox number."""


class LocationUnknown(Refused):
    """You have no location named “{name}”."""


class OutOfReach(Refused):
    """{day} is out of reach. Check the year."""


class PaidBeforeStart(Refused):
    """Paid through lies before the first day, {day}."""


class OffBillingDay(Refused):
    """The day after must be the billing day, which is {billing_day}."""


class Overfull(Refused):
    """The row has more cells than there are columns. Quote cells that have a comma in them."""


@dataclass(frozen=True)
class Setting:
    """What a row is read against."""

    currency: str
    locale: str
    #: Ids by name and by slug, in lower case.
    locations: Mapping[str, int]
    on: date


@dataclass(frozen=True)
class Rent:
    """A mailbox, and what is paid for it."""

    location_id: int
    number: str
    plan: str
    months: int
    price_minor: int
    starts_on: date
    billing_day: int
    #: The day after the last one paid.
    paid_until: date


@dataclass(frozen=True)
class Row:
    """What a row says; an empty cell says nothing."""

    line: Line
    external_id: str
    details: dict[str, str]
    recipients: list[str] | None
    rent: Rent | None
    problems: list[Problem]


def read_row(line: Line, setting: Setting) -> Row:
    """Will read a row, keeping every problem of it."""
    cells = Cells(line.cells, setting.currency, setting.locale)
    if line.overfull:
        cells.refuse("", Overfull())
    external_id = cells.text("external_id", 60) or ""
    if not external_id and not cells.problems:
        cells.refuse("external_id", ExternalIdMissing())
    recipients = cells.text("recipients", 4_000)
    return Row(
        line=line,
        external_id=external_id,
        details=_details(cells),
        recipients=None if recipients is None else _names(recipients),
        rent=_rent(cells, setting),
        problems=cells.problems,
    )


def _details(cells: Cells) -> dict[str, str]:
    most = {it.name: getattr(it, "max_length", 0) for it in Customer._meta.get_fields()}
    read = {column: cells.text(column, most[column]) for column in TEXTS}
    read |= {"email": cells.email(most["email"]), "country": cells.country()}
    kind = cells.text("kind", 40)
    if kind is not None and kind.lower() not in Kind.values:
        cells.refuse("kind", NotAKind(typed=kind))
    read["kind"] = kind and kind.lower()
    return {column: value for column, value in read.items() if value is not None}


def _names(typed: str) -> list[str]:
    return [" ".join(name.split()) for name in typed.split("|") if name.strip()]


def _rent(cells: Cells, setting: Setting) -> Rent | None:
    """Will read the mailbox's part of a row; None where there is none or it is refused."""
    if "mailbox" not in cells.values:
        for column in ("plan", "paid_through"):
            if column in cells.values:
                cells.refuse(column, WithoutMailbox())
        return None
    before = len(cells.problems)
    for column in OF_THE_MAILBOX:
        if column not in cells.values:
            cells.refuse(column, CellMissing())
    location_id = _location(cells, setting)
    number, plan = cells.number(), cells.text("plan", 80)
    months, price = cells.months(), cells.amount("price")
    paid_through, starts_on = cells.day("paid_through"), cells.day("starts_on")
    billing_day = cells.billing_day()
    if len(cells.problems) > before:
        return None
    assert location_id and number and plan and months and paid_through and price is not None
    if not setting.on - LATEST <= paid_through <= setting.on + FURTHEST:
        cells.refuse("paid_through", OutOfReach(day=paid_through))
        return None
    if starts_on is not None and abs(starts_on.year - setting.on.year) > MOST_YEARS:
        cells.refuse("starts_on", OutOfReach(day=starts_on))
        return None
    paid_until = paid_through + timedelta(days=1)
    billing_day = billing_day or _billing_day(paid_until, starts_on)
    starts_on = starts_on or billing_date(paid_until, -months, billing_day)
    if not _refused(cells, starts_on, paid_until, billing_day):
        return Rent(location_id, number, plan, months, price, starts_on, billing_day, paid_until)
    return None


def _refused(cells: Cells, starts_on: date, paid_until: date, billing_day: int) -> bool:
    before = len(cells.problems)
    if paid_until <= starts_on:
        cells.refuse("paid_through", PaidBeforeStart(day=starts_on))
    if paid_until != billing_date(paid_until, 0, billing_day):
        cells.refuse("paid_through", OffBillingDay(billing_day=billing_day))
    return len(cells.problems) > before


def _location(cells: Cells, setting: Setting) -> int | None:
    """Will find the location by its name or slug; an operator with one need not name it."""
    typed = cells.text("location", 140)
    only = set(setting.locations.values())
    if typed is None and "location" not in cells.values:
        if len(only) == 1:
            return only.pop()
        cells.refuse("location", CellMissing())
        return None
    if typed is None:
        return None
    found = setting.locations.get(typed.lower())
    if found is None:
        cells.refuse("location", LocationUnknown(name=typed))
    return found


def _billing_day(paid_until: date, starts_on: date | None) -> int:
    """Will take the day of the start where what is paid ends on it: 31, and 28 in February."""
    if starts_on is not None and billing_date(paid_until, 0, starts_on.day) == paid_until:
        return starts_on.day
    return paid_until.day
