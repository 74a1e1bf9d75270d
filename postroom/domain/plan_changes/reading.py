"""Reading the lines of a sheet: filtered, sorted, and with the names of whom they are about."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from postroom.base.tenancy import as_operator
from postroom.domain.customers.models import Customer, Mailbox
from postroom.domain.plan_changes.models import Outcome, Sheet, SheetRow
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.queries import Wanted as WantedCustomers
from postroom.domain.subscriptions.queries import find_customers, open_on

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


def find_rows(sheet: Sheet, wanted: Wanted) -> QuerySet[SheetRow]:
    """Will return the lines that somebody looks for, each with customer, mailbox and location."""
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
    return _named(found)


def each_row(sheet: Sheet, wanted: Wanted) -> Iterator[SheetRow]:
    """Will yield all lines that somebody looks for, a chunk at a time in a scope of its own."""
    after = 0
    while True:
        with as_operator(sheet.operator_id):
            found = find_rows(sheet, wanted).filter(pk__gt=after).order_by("pk")
            read = list(found[:CHUNK])
        yield from read
        if len(read) < CHUNK:
            return
        after = read[-1].pk


def pickable(plan: Plan, words: str, *, on: date, most: int) -> QuerySet[Subscription]:
    """Will return whom somebody may pick of a plan's customers, by part of a name or a number."""
    who = find_customers(WantedCustomers(words=words), on=on).values("pk")
    return _with_customers(open_on(on).filter(plan=plan, customer__in=who))[:most]


def picked(plan: Plan, ids: Collection[int]) -> QuerySet[Subscription]:
    """Will return those of a plan's subscriptions that somebody picked."""
    return _with_customers(Subscription.objects.filter(plan=plan, pk__in=ids))


def _with_customers(found: QuerySet[Subscription]) -> QuerySet[Subscription]:
    return found.select_related("customer", "mailbox__location").order_by("customer__name", "pk")


def _named(rows: QuerySet[SheetRow]) -> QuerySet[SheetRow]:
    """Will add names as subqueries: they are read for the page that is shown alone."""
    who = Customer.objects.filter(pk=OuterRef("customer_id"))
    mailbox = Mailbox.objects.filter(
        pk=Subquery(
            Subscription.objects.filter(pk=OuterRef(OuterRef("subscription_id"))).values(
                "mailbox_id"
            )[:1]
        )
    )
    return rows.annotate(
        customer_name=Subquery(who.values("name")[:1]),
        mailbox_number=Subquery(mailbox.values("number")[:1]),
        location_name=Subquery(mailbox.values("location__name")[:1]),
        bill_change_minor=F("bill_after_minor") - F("bill_before_minor"),
    )
