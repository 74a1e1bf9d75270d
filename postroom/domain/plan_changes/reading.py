"""Reading the lines of a sheet: filtered, sorted, and with the names of whom they are about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from postroom.base.tenancy import as_operator
from postroom.domain.customers.models import Customer
from postroom.domain.plan_changes.models import Outcome, Sheet, SheetRow
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.queries import Wanted as WantedCustomers
from postroom.domain.subscriptions.queries import find_customers

CHUNK = 5_000


@dataclass(frozen=True)
class Wanted:
    """Which lines somebody looks for; empty is all of them."""

    #: Part of a customer's name, or a mailbox number.
    words: str = ""
    outcome: Outcome | None = None
    #: One of the sheet's places.
    place: int | None = None
    above: bool = False
    dearer: bool = False
    cheaper: bool = False


@dataclass(frozen=True)
class Line:
    """A line with the customer's name, and the mailbox's number and location."""

    row: SheetRow
    customer: str
    mailbox: str
    location: str


def find_rows(sheet: Sheet, wanted: Wanted) -> QuerySet[SheetRow]:
    """Will return the lines that somebody looks for, to be sorted by ``customer_name`` too."""
    found = SheetRow.objects.filter(sheet=sheet)
    if wanted.words:
        who = find_customers(WantedCustomers(words=wanted.words), on=sheet.on).values("pk")
        found = found.filter(customer_id__in=who)
    if wanted.outcome:
        found = found.filter(outcome=wanted.outcome)
    if wanted.place is not None:
        found = found.filter(place=wanted.place, worse=True, first_day__isnull=False)
    reached = Q(first_day__isnull=False)
    if wanted.above:
        found = found.filter(reached, above__gt=0)
    if wanted.dearer:
        found = found.filter(reached, month_change_minor__gt=0)
    if wanted.cheaper:
        found = found.filter(reached, month_change_minor__lt=0)
    name = Customer.objects.filter(pk=OuterRef("customer_id")).values("name")[:1]
    # Not selected: it is read for all of them only where they are sorted by it.
    return found.alias(customer_name=Subquery(name))


def each_line(sheet: Sheet, wanted: Wanted) -> Iterator[Line]:
    """Will yield all lines that somebody looks for, a chunk at a time in a scope of its own."""
    after = 0
    while True:
        with as_operator(sheet.operator_id):
            found = find_rows(sheet, wanted).filter(pk__gt=after).order_by("pk")
            read = named(list(found[:CHUNK]))
        yield from read
        if len(read) < CHUNK:
            return
        after = read[-1].row.pk


def named(rows: Sequence[SheetRow]) -> list[Line]:
    """Will say of lines whom they are about, in two queries for all of them."""
    customers = dict(
        Customer.objects.filter(pk__in={it.customer_id for it in rows}).values_list("pk", "name")
    )
    rented = Subscription.objects.filter(pk__in=[it.subscription_id for it in rows])
    where = {
        pk: (number, location)
        for pk, number, location in rented.values_list(
            "pk", "mailbox__number", "mailbox__location__name"
        )
    }
    nowhere = ("", "")
    return [
        Line(it, customers.get(it.customer_id, ""), *where.get(it.subscription_id, nowhere))
        for it in rows
    ]
