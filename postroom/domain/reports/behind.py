"""What is behind a figure of the recurring revenue: its subscriptions, with their invoices."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from postroom.domain.billing.models import Invoice, InvoiceLine, LineKind
from postroom.domain.plans.models import PlanVersion
from postroom.domain.reports.months import Month, View
from postroom.domain.reports.reading import figures
from postroom.domain.reports.recurring import ZERO, Movement, between
from postroom.domain.subscriptions.models import Subscription


@dataclass(frozen=True)
class Rated:
    """A version held in terms of so many months, and their rate."""

    version: PlanVersion
    months: int
    rate_minor: int

    @property
    def a_month(self) -> Fraction:
        return Fraction(self.rate_minor, self.months)


@dataclass(frozen=True)
class Behind:
    """A subscription, what it held and holds, and its invoices that belong to the figure."""

    subscription: Subscription
    before: Rated | None
    after: Rated | None
    invoices: tuple[Invoice, ...]

    @property
    def change(self) -> Fraction:
        """By how many minor units a month it adds to the figure."""
        return _a_month(self.after) - _a_month(self.before)


def moved_subscriptions(
    view: View, month: Month, movement: Movement, *, skip: int = 0, most: int | None = None
) -> list[Behind]:
    """Will list who is in a movement of a month, with their invoices of that month."""
    listed = {"listed": True, "movement": movement.value, "skip": skip, "most": most}
    found = figures("moves", {**view.facts, **listed, **between([month])})
    ids = [it["subscription_id"] for it in found]
    billed = defaultdict[int, list[Invoice]](list)
    its_days = month.first_day, month.last_day
    of_month = Invoice.objects.filter(subscription__in=ids, billed_on__range=its_days)
    for invoice in of_month.order_by("number"):
        billed[invoice.subscription_id].append(invoice)
    return _with_names(found, billed)


def held_subscriptions(
    view: View, day: date, *, skip: int = 0, most: int | None = None
) -> list[Behind]:
    """Will list who holds something on a day, with the invoices of the rates of their terms."""
    listed = {"listed": True, "skip": skip, "most": most, "days": [day]}
    found = [
        {
            "subscription_id": it["subscription_id"],
            "term_id": it["term_id"],
            "from_version_id": None,
            "to_version_id": it["version_id"],
            "to_months": it["months"],
            "to_minor": it["amount_minor"],
        }
        for it in figures("held", {**view.facts, **listed})
    ]
    whose = {it["term_id"]: it["subscription_id"] for it in found}
    rates = InvoiceLine.objects.filter(term__in=list(whose), kind=LineKind.RATE)
    billed = {whose[it.term_id]: [it.invoice] for it in rates.select_related("invoice")}
    return _with_names(found, billed)


def _with_names(
    found: Iterable[Mapping[str, Any]], billed: Mapping[int, list[Invoice]]
) -> list[Behind]:
    found = list(found)
    ids = [it["subscription_id"] for it in found]
    whose = Subscription.objects.select_related("customer", "mailbox__location")
    subscriptions = {it.pk: it for it in whose.filter(pk__in=ids)}
    sides = {it[f"{side}_version_id"] for it in found for side in ("from", "to")}
    named = PlanVersion.objects.select_related("plan").filter(pk__in=sides - {None})
    versions = {it.pk: it for it in named}
    return [
        Behind(
            subscriptions[it["subscription_id"]],
            _rated(it, "from", versions),
            _rated(it, "to", versions),
            tuple(billed.get(it["subscription_id"], ())),
        )
        for it in found
    ]


def _rated(row: Mapping[str, Any], side: str, versions: Mapping[int, PlanVersion]) -> Rated | None:
    version = row[f"{side}_version_id"]
    if version is None:
        return None
    return Rated(versions[version], row[f"{side}_months"], row[f"{side}_minor"])


def _a_month(rated: Rated | None) -> Fraction:
    return rated.a_month if rated else ZERO
