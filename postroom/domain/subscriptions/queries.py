"""Reading customers with what they rent, a customer's subscriptions, and what may be assigned."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from postroom.domain.customers.models import Customer, Mailbox, Standing
from postroom.domain.operators.models import Location
from postroom.domain.plans.models import Plan, PlanVersion, Rate
from postroom.domain.plans.queries import all_standing_versions, ticked_by_plan
from postroom.domain.subscriptions.models import (
    Clearance,
    ClearanceVoid,
    Pin,
    PriceLock,
    Subscription,
    Term,
)

#: The most customers that a search or filter lists: nobody reads on, and counting further is slow.
MOST_FOUND = 1_000

NUMBER = re.compile(r"#?([A-Za-z0-9-]{1,12})")


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the list of customers; empty is everybody."""

    #: Part of a name, e-mail or phone, or a whole mailbox number; “#104” is the number alone.
    words: str = ""
    plan_id: int | None = None
    #: Whether they are on a plan; None is either.
    on_a_plan: bool | None = None
    without_email: bool = False
    #: Who signed up online and is not approved yet.
    pending: bool = False

    @property
    def everybody(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True)
class Renter:
    """A customer in the list, with what he rents."""

    customer: Customer
    subscriptions: list[Subscription]


@dataclass
class Held:
    """A subscription on a customer's page."""

    subscription: Subscription
    #: The term that today lies in; None before the start and after the end.
    term: Term | None = None
    rate_minor: int | None = None
    #: Later versions of his plan that are not withdrawn.
    newer: list[PlanVersion] = field(default_factory=list)
    clearances: list[tuple[Clearance, ClearanceVoid | None]] = field(default_factory=list)
    locks: list[PriceLock] = field(default_factory=list)
    pin: Pin | None = None


@dataclass(frozen=True)
class Assignable:
    """A plan and cycle that staff may assign, with what a term costs."""

    plan: Plan
    months: int
    amount_minor: int


def find_customers(wanted: Wanted, *, on: date) -> QuerySet[Customer]:
    """Will return the customers that somebody looks for; who leaves later rents on that day."""
    found = Customer.objects.all()
    if wanted.words:
        found = found.filter(pk__in=_matching(wanted.words, on))
    if wanted.without_email:
        found = found.filter(email="")
    open_ones = open_on(on).filter(customer_id=OuterRef("pk"))
    if wanted.pending:
        found = found.filter(standing=Standing.PENDING)
    if wanted.plan_id is not None:
        found = found.filter(Exists(open_ones.filter(plan_id=wanted.plan_id)))
    if wanted.on_a_plan is not None:
        joined = Exists(open_ones)
        found = found.filter(joined if wanted.on_a_plan else ~joined)
    return found


def _matching(words: str, on: date) -> set[int]:
    """Will return up to ``MOST_FOUND`` and one ids; an exact mailbox number is among them."""
    number = NUMBER.fullmatch(words)
    ids: set[int] = set()
    if number:
        # Named, since the index on numbers has the location before the number.
        locations = list(Location.objects.values_list("pk", flat=True))
        boxes = Mailbox.objects.filter(location__in=locations, number=number[1].upper())
        ids |= {it.pk for it in renters_of(boxes[:MOST_FOUND], on=on).values()}
    if not words.startswith("#"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT customers_matching(%s) LIMIT %s", [words, MOST_FOUND + 1])
            ids |= {pk for (pk,) in cursor.fetchall()}
    return ids


def with_subscriptions(customers: Sequence[Customer], *, on: date) -> list[Renter]:
    """Will return customers with what they rent that day, in one query for all of them."""
    rented: dict[int, list[Subscription]] = {customer.pk: [] for customer in customers}
    for subscription in (
        open_on(on).filter(customer_id__in=rented).select_related("mailbox__location", "plan")
    ):
        rented[subscription.customer_id].append(subscription)
    return [Renter(customer, rented[customer.pk]) for customer in customers]


def renters_of(mailboxes: Iterable[Mailbox], *, on: date) -> dict[int, Customer]:
    """Will return who rents each of these mailboxes that day, by its id, in two queries.

    Two, since those who stay and those who leave later are in an index each.
    """
    there = Subscription.objects.filter(
        mailbox__in=[mailbox.pk for mailbox in mailboxes]
    ).select_related("customer")
    return {
        subscription.mailbox_id: subscription.customer
        for some in (there.filter(closes_on__isnull=True), there.filter(closes_on__gte=on))
        for subscription in some
    }


def held_by(customer: Customer, *, on: date) -> list[Held]:
    """Will return a customer's subscriptions as his page shows them, in eight queries."""
    held = {
        it.pk: Held(it)
        for it in Subscription.objects.filter(customer=customer).select_related(
            "customer", "mailbox__location", "plan", "version"
        )
    }
    for term in Term.objects.filter(subscription__in=held, starts_on__lte=on, ends_on__gt=on):
        held[term.subscription_id].term = term
    versions = {it.subscription.version_id for it in held.values()}
    rates = {
        (rate.version_id, rate.months): rate.amount_minor
        for rate in Rate.objects.filter(version__in=versions)
    }
    later = later_versions([it.subscription for it in held.values()])
    for it in held.values():
        it.rate_minor = rates.get((it.subscription.version_id, it.subscription.months))
        it.newer = later[it.subscription.pk]
    for clearance, void in _clearances(list(held)):
        held[clearance.subscription_id].clearances.append((clearance, void))
    for lock in PriceLock.objects.filter(subscription__in=held, until__gt=on):
        held[lock.subscription_id].locks.append(lock)
    for pin in Pin.objects.filter(subscription__in=held):
        held[pin.subscription_id].pin = pin
    return list(held.values())


def later_versions(subscriptions: Collection[Subscription]) -> dict[int, list[PlanVersion]]:
    """Will return, by subscription, the standing versions of its plan above the one it holds.

    The subscriptions must have their versions loaded.
    """
    standing = list(
        all_standing_versions()
        .filter(plan__in={it.plan_id for it in subscriptions}, existing_from__isnull=False)
        .order_by("number")
    )
    return {
        it.pk: [
            version
            for version in standing
            if version.plan_id == it.plan_id and version.number > it.version.number
        ]
        for it in subscriptions
    }


def _clearances(subscriptions: list[int]) -> list[tuple[Clearance, ClearanceVoid | None]]:
    clearances = list(
        Clearance.objects.filter(subscription__in=subscriptions).select_related("version")
    )
    voids = {it.clearance_id: it for it in ClearanceVoid.objects.filter(clearance__in=clearances)}
    return [(it, voids.get(it.pk)) for it in clearances]


def plans_to_assign(location: Location, *, on: date) -> list[Assignable]:
    """Will return what staff may assign at a location, at the version on sale that day."""
    ticked = ticked_by_plan()
    plans = [
        plan
        for plan in Plan.objects.filter(internal=True)
        if location.pk in ticked.get(plan.pk, {location.pk})
    ]
    selling = dict(
        all_standing_versions()
        .filter(plan__in=plans, sold_from__lte=on)
        .order_by("number")
        .values_list("plan_id", "pk")
    )
    rates: dict[int, list[Rate]] = {}
    for rate in Rate.objects.filter(version__in=selling.values()).order_by("months"):
        rates.setdefault(rate.version_id, []).append(rate)
    return [
        Assignable(plan, rate.months, rate.amount_minor)
        for plan in plans
        for rate in rates.get(selling.get(plan.pk, 0), [])
    ]


def open_on(day: date) -> QuerySet[Subscription]:
    """Will return the subscriptions that are open on that day or later."""
    return Subscription.objects.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=day))


def renewing(*, on: date, days: int = 7) -> int:
    """Will count the terms that open from ``on`` within so many days."""
    return Subscription.objects.filter(
        closes_on__isnull=True, next_term_on__gte=on, next_term_on__lt=on + timedelta(days=days)
    ).count()


def active_customers(*, on: date) -> int:
    """Will count the customers who rent a mailbox that day."""
    return open_on(on).values("customer_id").distinct().count()
