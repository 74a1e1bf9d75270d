"""Small operators to try to break the billing run with, and what it wrote in short words.

Days are written as ``24-01-31``; amounts are minor units.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db.models import Sum

from postroom.base.tenancy import as_operator, as_platform
from postroom.domain.billing.charges import enter_charge
from postroom.domain.billing.models import (
    Allocation,
    Charge,
    Invoice,
    InvoiceLine,
    NumberSeries,
)
from postroom.domain.billing.run import Tally, bill_due
from postroom.domain.billing.switching import switch
from postroom.domain.customers.actions import Details, add_customer
from postroom.domain.customers.models import Customer, Kind, Mailbox, MailboxState
from postroom.domain.customers.numbers import make_mailboxes
from postroom.domain.operators.actions import add_location, open_operator
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plans.actions import Words, create_plan, publish_version
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.services import Offer, Service, Timing
from postroom.domain.plans.terms import Allowance, Terms
from postroom.domain.subscriptions.actions import assign, clear_by_hand
from postroom.domain.subscriptions.closing import close
from postroom.domain.subscriptions.models import (
    Clearance,
    Means,
    Subscription,
    Switch,
    SwitchTiming,
)
from postroom.domain.usage.intake import Outcome, take_in
from postroom.domain.usage.judging import Given
from postroom.domain.users.models import User

NOW, NEXT_TERM = SwitchTiming.NOW, SwitchTiming.NEXT_TERM
#: A day of January and of a year that is not a leap year costs 1.00, a shred beyond two 1.00 and a
#: recipient beyond four 10.00.
GOLD = Terms(
    rates={1: 3100, 12: 36500},
    allowances={
        Service.SHRED: Allowance(Offer.RESTRICTED, 2, 1, 100),
        Service.RECIPIENTS: Allowance(Offer.RESTRICTED, 4, 1, 1000),
    },
)


def day(said: str) -> date:
    """Will read ``24-01-31``."""
    return date.fromisoformat(f"20{said}")


@dataclass
class Shop:
    """An operator with locations and plans, whose acts take a day and happen at noon there."""

    operator: Operator
    by: User
    places: list[Location]
    customers: dict[str, Customer] = field(default_factory=dict)

    def at(self, on: str) -> datetime:
        return datetime.combine(day(on), time(12), ZoneInfo(self.operator.time_zone))

    def plan(self, terms: Terms = GOLD, *, on: str = "20-01-01", name: str = "Gold") -> Plan:
        words = Words(name=name)
        return create_plan(
            self.operator, words=words, terms=terms, by=self.by, at=self.at(on), on=day(on)
        )

    def publish(
        self,
        plan: Plan,
        terms: Terms,
        *,
        on: str,
        at: str = "20-01-01",
        timing: Timing = Timing.NEXT_TERM,
    ) -> PlanVersion:
        """Will publish terms for new and existing customers from a day on."""
        days = {"sold_from": day(on), "existing_from": day(on)}
        return publish_version(plan, terms=terms, **days, timing=timing, by=self.by, at=self.at(at))

    def who(self, name: str) -> Customer:
        if name not in self.customers:
            details = Details(Kind.PERSON, name)
            self.customers[name] = add_customer(
                self.operator, details=details, by=self.by, at=self.at("20-01-01")
            )
        return self.customers[name]

    def join(
        self, plan: Plan, on: str, *, who: str = "Ana", place: int = 0, **facts: Any
    ) -> Subscription:
        """Will move somebody in: one month a term, and the billing day that of the start."""
        free = Mailbox.objects.filter(location=self.places[place], state="available")
        if "paid_until" in facts:
            facts["paid_until"] = day(facts["paid_until"])
        return assign(
            self.who(who),
            mailbox=free.order_by("pk")[0],
            plan=plan,
            starts_on=day(on),
            by=self.by,
            at=self.at(on),
            **{"months": 1} | facts,
        )

    def run(self, on: str, *, page: int = 5_000) -> Tally:
        return bill_due(self.operator, on=day(on), at=self.at(on), page=page)

    def use(
        self,
        subscription: Subscription,
        quantity: int,
        on: str,
        *,
        service: Service = Service.SHRED,
        entered: str = "",
    ) -> Outcome:
        """Will enter usage of a day, on that day or a later one."""
        given = Given(uuid4().hex, subscription.pk, service.value, quantity, day(on))
        [outcome] = take_in(self.operator, [given], by=self.by, at=self.at(entered or on))
        return outcome

    def charge(self, subscription: Subscription, minor: int, on: str, **facts: Any) -> Charge:
        return enter_charge(
            subscription,
            amount_minor=minor,
            by=self.by,
            at=self.at(on),
            on=day(on),
            **{"text": "A key", "taxable": True, "form": uuid4()} | facts,
        )

    def switch(
        self,
        subscription: Subscription,
        plan: Plan,
        on: str,
        *,
        months: int = 1,
        timing: SwitchTiming = NOW,
    ) -> Switch:
        own = {"by": self.by, "at": self.at(on), "on": day(on)}
        return switch(subscription, plan=plan, months=months, timing=timing, **own)

    def close(self, subscription: Subscription, closes_on: str, *, on: str = "") -> Subscription:
        """Will set the last day used, on that day or an earlier or later one."""
        on = on or closes_on
        own = {"by": self.by, "at": self.at(on), "on": day(on)}
        return close(subscription, closes_on=day(closes_on), **own)

    def tell(
        self, subscription: Subscription, version: PlanVersion, told: str, *, on: str = ""
    ) -> Clearance:
        """Will record a call: it holds for terms that start ten days later and after."""
        on = on or told
        return clear_by_hand(
            subscription,
            version=version,
            told_on=day(told),
            means=Means.PHONE,
            told_by="Olga",
            reason="Called",
            by=self.by,
            at=self.at(on),
            on=day(on),
        )

    def tax(self, percent: str | None, *, included: bool = False, place: int = 0) -> None:
        location = self.places[place]
        location.tax_percent = None if percent is None else Decimal(percent)
        location.tax_included = included
        location.save(update_fields=["tax_percent", "tax_included"])


def open_shop(*, zones: tuple[str, ...] = ("America/New_York",), **facts: Any) -> Shop:
    """Will open an operator with a location in each time zone, 60 mailboxes in each."""
    at = datetime(2020, 1, 1, 17, tzinfo=ZoneInfo("UTC"))
    slug = f"shop-{uuid4().hex[:10]}"
    with as_platform():
        operator = open_operator(name="Shop", slug=slug, at=at, by=None, **facts)
        by = User.objects.create_user(f"owner@{slug}.example", name="Olga")
    with as_operator(operator.pk):
        address = {"street": "1 Main St", "city": "X", "state": "NY", "postal_code": "11231"}
        places = [
            add_location(operator, name=f"P{n}", time_zone=zone, at=at, by=by, **address)
            for n, zone in enumerate(zones)
        ]
        own = {"first": 100, "last": 159, "state": MailboxState.AVAILABLE, "by": by, "at": at}
        for place in places:
            make_mailboxes(place, **own)
    return Shop(operator, by, places)


def lines(subscription: Subscription) -> list[str]:
    """Will write each line as ``billed kind from/to amount``, in the order of the invoices."""
    found = InvoiceLine.objects.filter(invoice__subscription=subscription)
    return [
        f"{it.invoice.billed_on:%y-%m-%d} {it.kind}{it.service and f':{it.service}'}"
        f" {it.starts_on:%y-%m-%d}/{it.ends_on:%y-%m-%d} {it.amount_minor}"
        for it in found.select_related("invoice").order_by("invoice__number", "pk")
    ]


def lines_on(subscription: Subscription, billed_on: str) -> list[str]:
    """Will write the lines of one billing date, without it."""
    return [
        it.removeprefix(f"{billed_on} ") for it in lines(subscription) if it.startswith(billed_on)
    ]


def totals(subscription: Subscription) -> list[tuple[str, int]]:
    """Will return the billing date and total of each invoice, in the order of numbers."""
    found = Invoice.objects.filter(subscription=subscription).order_by("number")
    return [(f"{it.billed_on:%y-%m-%d}", it.total_minor) for it in found]


#: What two runs of one world may write otherwise: ids, numbers and instants.
FREE = {"id", "operator", "number", "issued_at", "run", "subscription", "customer", "switch"}
FREE |= {"invoice", "term", "version", "charge"}


def written(model: type[Invoice] | type[InvoiceLine], besides: Collection[str]) -> list[str]:
    return [it.name for it in model._meta.local_fields if it.name not in FREE | {*besides}]


def books(operator: Operator, *, besides: Collection[str] = ()) -> list[tuple[Any, ...]]:
    """Will return each invoice with its lines, in an order that two operators can share."""
    own = InvoiceLine.objects.filter(operator=operator).order_by("pk")
    lines = defaultdict[int, list[tuple[Any, ...]]](list)
    which = "term__seq", "version__number", "charge__text"
    for pk, *facts in own.values_list("invoice", *which, *written(InvoiceLine, besides)):
        lines[pk].append(tuple(facts))
    whose = "subscription__mailbox__location__name", "subscription__mailbox__number", "switch__at"
    invoices = Invoice.objects.filter(operator=operator)
    return sorted(
        (*map(str, facts), *lines.pop(pk, [("nothing",)]))
        for pk, *facts in invoices.values_list("pk", *whose, *written(Invoice, besides))
    )


def books_at_once(operator: Operator) -> list[tuple[Any, ...]]:
    """Will return the books of runs that raced, and what each customer used of his credit.

    Which of his invoices of one date was first to take it is left to the race.
    """
    used = Allocation.objects.filter(operator=operator).values_list("invoice__customer__name")
    sums = used.annotate(sum=Sum("amount_minor")).order_by("invoice__customer__name")
    return [*sums, *books(operator, besides={"credited_minor"})]


def assert_gapless(operator: Operator) -> None:
    """Will assert that invoices are numbered 1 to n, and that the series says so."""
    numbers = Invoice.objects.filter(operator=operator).order_by("number")
    written = list(numbers.values_list("number", flat=True))
    assert written == list(range(1, len(written) + 1))
    series = NumberSeries.objects.filter(operator=operator).values_list("last_number", flat=True)
    assert list(series) == ([len(written)] if written else [])
