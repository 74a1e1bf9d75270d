"""A town: customers by the hundred thousand with what they use, set-based, every rule in force."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter

from postroom.base.periods import billing_date
from postroom.base.refusals import Refused
from postroom.base.sql import changed, rows
from postroom.base.statistics import count_again
from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import ADDRESSES, BRONZE, hire
from postroom.demo.neighbors import NEIGHBOR_ADDRESSES
from postroom.demo.people import HOMES, people
from postroom.demo.tables import published
from postroom.domain.customers.models import Kind
from postroom.domain.operators.actions import add_location, open_operator
from postroom.domain.operators.models import Location, Operator
from postroom.domain.operators.permissions import Role
from postroom.domain.operators.taxing import set_tax
from postroom.domain.plan_changes.importing.apply import apply_sheet
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.queries import latest_version, terms_of, version_on_sale
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.queries import plans_to_assign
from postroom.domain.subscriptions.terms import calendars
from postroom.domain.users.models import User

SQL = Path(__file__).parent / "sql"
SLUG, PASSWORD = "town", "town-demo"

#: Customers a page: the first is small, since the planner learns from it.
SMALL, LARGE = 1_000, 20_000
MOST_CUSTOMERS, MOST_MONTHS = 10_000_000, 60

#: What everybody uses, in so many entries a month, and the most that one of them counts.
USED = {Service.INCOMING_MAIL: 18, Service.OPEN_AND_SCAN: 2, Service.SCANNED_PAGES: 2}
ENTRIES = 3

#: Rows of ``plans.csv`` that the town's own operator sells.
SOLD = {
    ("Anytime Mailbox", "Bronze"),
    ("Anytime Mailbox", "Personal"),
    ("Traveling Mailbox", "Basic"),
    ("iPostal1", "Virtual Mailing Address Green"),
    ("iPostal1", "Virtual Mailing Address Blue"),
    ("iPostal1", "Virtual Mailing Address Silver"),
    ("BIG Oakland", "Starter"),
    ("BIG Oakland", "Premium"),
}
#: Sales tax of New York City, and what BIG Oakland's row in ``plans.csv`` says.
TAXES = {"Brooklyn": Decimal("8.875"), "Oakland": Decimal("9.25")}
#: So many of those who choose between terms pay by the month, for each one who does not.
BY_THE_MONTH = 4


class TownTooLarge(Refused):
    """A town has from 1 to {most} customers."""


class TownTooOld(Refused):
    """People moved in over the last 1 to {most} months."""


class OperatorUnknown(Refused):
    """There is no operator “{slug}”."""


class NothingToAssign(Refused):
    """{operator} has no plan that staff may assign at any of its locations."""


@dataclass(frozen=True)
class Offered:
    """A plan, at a location, for terms of so many months: the version on sale."""

    plan_id: int
    version_id: int
    location_id: int
    months: int
    sold_from: date


@dataclass(frozen=True)
class Town:
    """What came: how many customers, entries of usage, and seconds."""

    operator: Operator
    customers: int
    entries: int
    seconds: float


def build(
    *,
    customers: int,
    slug: str = SLUG,
    months: int = 1,
    at: datetime,
    say: Callable[[str], None],
) -> Town:
    """Will move in so many customers over the last months, who use three services each.

    They come without events, on the version on sale of each plan that staff may assign, and are
    billed by the next run. Without a slug they come to an operator of the town's own. Each page
    is a transaction. Raises TownTooLarge, TownTooOld, OperatorUnknown or NothingToAssign.
    """
    if not 1 <= customers <= MOST_CUSTOMERS:
        raise TownTooLarge(most=f"{MOST_CUSTOMERS:,}")
    if not 1 <= months <= MOST_MONTHS:
        raise TownTooOld(most=MOST_MONTHS)
    began = perf_counter()
    operator = _operator(slug, at=at)
    came = entries = known = 0
    for page in _pages(customers):
        with as_operator(operator.pk):
            subscriptions = _move_in(operator, page, months=months, at=at)
            entries += _use(operator, subscriptions, at=at)
        came += page
        # The planner goes by what it knew last: tell it whenever that was half of it.
        if came >= 2 * known or came == customers:
            count_again()
            known = came
        seconds = perf_counter() - began
        say(f"  {came:,} of {customers:,} customers, {entries:,} entries of usage, {seconds:.0f} s")
    return Town(operator, came, entries, perf_counter() - began)


def _pages(customers: int) -> Iterator[int]:
    """Will part a number into pages, small ones first."""
    page = SMALL
    while customers > 0:
        # Never leave a small rest for a page of its own.
        taken = customers if customers <= page * 1.1 else page
        yield taken
        customers -= taken
        page = min(page * 4, LARGE)


def _move_in(operator: Operator, customers: int, *, months: int, at: datetime) -> list[int]:
    """Will move in a page of customers and return the ids of their subscriptions."""
    on = _today(operator, at)
    offered = _offered(operator, on=on)
    facts = {
        "operator": operator.pk,
        "customers": customers,
        "plans": [it.plan_id for it in offered],
        "versions": [it.version_id for it in offered],
        "locations": [it.location_id for it in offered],
        "months": [it.months for it in offered],
        "sold_from": [it.sold_from for it in offered],
        "names": [it.name for it in people() if it.kind == Kind.PERSON],
        "cities": [city for city, _, _, _ in HOMES],
        "countries": [country for _, _, _, country in HOMES],
        "since": billing_date(on, -months, on.day),
        "on": on,
        "at": at,
    }
    [came] = rows(SQL / "town.sql", facts)
    subscriptions: list[int] = came["subscriptions"]
    return subscriptions


def _use(operator: Operator, subscriptions: list[int], *, at: datetime) -> int:
    """Will count what they used up to yesterday, and return how many entries that makes."""
    facts = {
        "operator": operator.pk,
        "subscriptions": subscriptions,
        "services": [service.value for service in USED],
        "most": list(USED.values()),
        "entries": ENTRIES,
        "on": _today(operator, at),
        "at": at,
    }
    return changed(SQL / "town_use.sql", facts)


def _today(operator: Operator, at: datetime) -> date:
    """Will return the day that it is at all locations at least."""
    return min((day for day, _ in calendars(operator, at=at)), default=at.date())


def _offered(operator: Operator, *, on: date) -> list[Offered]:
    """Will return what staff may assign, terms of one month more than once."""
    selling: dict[int, PlanVersion | None] = {}
    # Update takes these rows for itself: nobody joins between its look and its save.
    for plan in Plan.objects.select_for_update(no_key=True).order_by("id"):
        selling[plan.pk] = version_on_sale(plan, on=on)
    found = [
        Offered(it.plan.pk, version.pk, location.pk, it.months, version.sold_from)
        for location in Location.objects.order_by("id")
        for it in plans_to_assign(location, on=on)
        if (version := selling[it.plan.pk]) is not None
        for _ in range(BY_THE_MONTH if it.months == 1 else 1)
    ]
    if not found:
        raise NothingToAssign(operator=operator)
    return found


def _operator(slug: str, *, at: datetime) -> Operator:
    """Will find the operator; the town's own is opened where it is not there yet."""
    with as_platform():
        operator = Operator.objects.filter(slug=slug).first()
        if operator is None and slug != SLUG:
            raise OperatorUnknown(slug=slug)
        if operator is None:
            operator = open_operator(name="Main Street Mailboxes", slug=SLUG, at=at, by=None)
    with as_operator(operator.pk):
        if slug == SLUG and not Plan.objects.exists():
            _furnish(operator, at=at)
    return operator


def _furnish(operator: Operator, *, at: datetime) -> None:
    """Will give the town's operator an owner, four locations and real plans."""
    owner = hire(operator, Role.OWNER, at=at, password=PASSWORD).user
    for name, street, city, state, postal_code in (*ADDRESSES, *NEIGHBOR_ADDRESSES):
        address = {"street": street, "city": city, "state": state, "postal_code": postal_code}
        location = add_location(operator, name=name, at=at, by=owner, **address)
        percent = TAXES.get(city)
        set_tax(location, percent=percent, included=False, name="Sales tax", by=owner, at=at)
    on = billing_date(_today(operator, at), -MOST_MONTHS, 1)
    sheet = published({key: {} for key in SOLD})
    apply_sheet(operator, sheet, file_name="plans.csv", by=owner, at=at, on=on)
    for plan in Plan.objects.all():
        _include(plan, by=owner, at=at, on=on)


def _include(plan: Plan, *, by: User, at: datetime, on: date) -> None:
    """Will let a plan include what Bronze does, where its row does not say."""
    version = latest_version(plan)
    terms = terms_of([version])[version.pk]
    publish_version(
        plan,
        terms=replace(terms, allowances={**BRONZE.allowances, **terms.allowances}),
        sold_from=on,
        existing_from=None,
        by=by,
        at=at,
        reason="The published table did not say what is included.",
    )
