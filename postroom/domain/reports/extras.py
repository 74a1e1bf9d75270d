"""Extras: what customers used beyond their plans, of which services, and who did so most."""

from collections.abc import Mapping
from dataclasses import dataclass

from postroom.domain.billing.portions import Portion, WantedLines, come_to_by_customer
from postroom.domain.billing.queries import Wanted, find_invoices
from postroom.domain.customers.models import Customer
from postroom.domain.plans.models import Rate
from postroom.domain.plans.services import Service
from postroom.domain.reports.months import Month, View
from postroom.domain.reports.reading import figures
from postroom.domain.reports.revenue import Matter, Revenue
from postroom.domain.subscriptions.models import Subscription

#: So many customers are listed.
MOST = 20


@dataclass(frozen=True)
class Used:
    """How many customers had extras, and how much was over their limits."""

    customers: int = 0
    over: int = 0


@dataclass(frozen=True)
class Extras:
    """The extras of some months: by month and service, over all months, over everything."""

    of_month: Mapping[tuple[Month, Service], Used]
    of_service: Mapping[Service, Used]
    in_all: Used

    @property
    def services(self) -> list[Service]:
        """The services that there were extras of."""
        return [it for it in Service if it in self.of_service]


@dataclass(frozen=True)
class Rented:
    """What a customer has now: a subscription and its rate."""

    subscription: Subscription
    rate_minor: int


@dataclass(frozen=True)
class Eager:
    """A customer with extras: what they came to, in how many months, and what is rented now."""

    customer: Customer
    minor: int
    months: int
    rented: tuple[Rented, ...]


def extras(view: View) -> Extras:
    """Will count who had extras, and what was over, of each service."""
    of_month: dict[tuple[Month, Service], Used] = {}
    of_service: dict[Service, Used] = {}
    in_all = Used()
    for row in figures("extras", view.facts):
        used = Used(row["customers"], row["over"])
        if row["service"] is None:
            in_all = used
        elif row["n"] is None:
            of_service[Service(row["service"])] = used
        else:
            of_month[view.months[row["n"] - 1], Service(row["service"])] = used
    return Extras(of_month, of_service, in_all)


def extras_minor(found: Revenue, service: Service | None = None) -> int:
    """Will add up the extras in a revenue, of all services or of one."""
    wanted = Matter(Portion.EXTRA, service)
    return sum(
        it.minor
        for it in found.billed
        if it.matter == wanted or (service is None and it.matter.portion is Portion.EXTRA)
    )


def most_extras(view: View, *, most: int = MOST) -> list[Eager]:
    """Will list the customers with the most extras, and what they rent now."""
    found = {
        it["customer_id"]: it["months"]
        for it in figures("most_extras", {**view.facts, "most": most})
    }
    lines = WantedLines(Portion.EXTRA, plan_id=view.plan_id)
    billed = find_invoices(
        Wanted(since=view.first_day, until=view.last_day, location_id=view.location_id, lines=lines)
    ).invoices.filter(customer__in=list(found))
    sums = come_to_by_customer(billed, lines)
    customers, rented = Customer.objects.in_bulk(found), _rented(list(found))
    listed = [
        Eager(customers[it], sums[it], months, tuple(rented.get(it, ())))
        for it, months in found.items()
    ]
    return sorted(listed, key=lambda it: (-it.minor, it.customer.pk))


def _rented(customers: list[int]) -> dict[int, list[Rented]]:
    """Will return what each of these customers has open, in two queries."""
    found = Subscription.objects.filter(customer__in=customers, closes_on__isnull=True)
    subscriptions = list(found.select_related("plan", "mailbox__location").order_by("pk"))
    rates = Rate.objects.filter(version__in={it.version_id for it in subscriptions})
    amounts = {(it.version_id, it.months): it.amount_minor for it in rates}
    rented: dict[int, list[Rented]] = {}
    for it in subscriptions:
        rate_minor = amounts.get((it.version_id, it.months), 0)
        rented.setdefault(it.customer_id, []).append(Rented(it, rate_minor))
    return rented
