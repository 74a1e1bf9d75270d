"""Reading usage: a month's counts, where they stand in the allowance, and the entries."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from postroom.base.periods import Period
from postroom.base.sql import rows
from postroom.domain.plans.models import ServiceAllowance
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import NOT_OFFERED, Allowance
from postroom.domain.subscriptions.models import Subscription, Term
from postroom.domain.usage.allowances import Position, month_of
from postroom.domain.usage.models import METERED, UsageEntry

SQL = Path(__file__).parent / "sql"

#: What starts anew each month; recipients do not.
COUNTS = [service.value for service in METERED if service != Service.RECIPIENTS]


@dataclass
class Counted:
    """An entry with its corrections, the oldest first, and what it counts after them."""

    entry: UsageEntry
    corrections: list[UsageEntry] = field(default_factory=list)

    @property
    def counts(self) -> int:
        return self.entry.quantity + sum(it.quantity for it in self.corrections)


def used(subscription: Subscription, month: Period) -> Mapping[Service, int]:
    """Will return what was used of each service in a month, in one indexed read.

    A service without entries is left out. Of recipients it is the highest number held.
    """
    return {
        Service(row["service"]): int(row["used"])
        for row in rows(SQL / "used.sql", facts_of(subscription, month))
    }


def facts_of(subscription: Subscription, month: Period) -> dict[str, Any]:
    """Will return what ``used.sql`` asks for."""
    return {
        "operator": subscription.operator_id,
        "subscription": subscription.pk,
        "counts": COUNTS,
        "starts_on": month.starts_on,
        "ends_on": month.ends_on,
    }


def positions(subscription: Subscription, *, on: date) -> list[Position]:
    """Will return how the month of a day stands, service by service, in three queries.

    Judged by the version that is held on that day.
    """
    counts = used(subscription, month_of(on, subscription.billing_day))
    allowances = {
        Service(row.service): Allowance(
            Offer(row.offer), row.limit, row.extra_count, row.extra_fee_minor
        )
        for row in ServiceAllowance.objects.filter(version=version_held(subscription, on=on))
    }
    return [
        Position(service, allowances.get(service, NOT_OFFERED), counts.get(service, 0))
        for service in METERED
    ]


def version_held(subscription: Subscription, *, on: date) -> int:
    """Will return the id of the version of the term that a day lies in, else the last one's."""
    term = Term.objects.filter(subscription=subscription, starts_on__lte=on, ends_on__gt=on)
    held = term.values_list("version_id", flat=True).first()
    return subscription.version_id if held is None else held


def entries_of(subscription: Subscription, month: Period) -> QuerySet[UsageEntry]:
    """Will return the entries of a month, without their corrections."""
    return UsageEntry.objects.filter(
        subscription=subscription,
        service__in=[service.value for service in METERED],
        on__gte=month.starts_on,
        on__lt=month.ends_on,
        corrects__isnull=True,
    ).select_related("recorded_by")


def with_corrections(entries: Collection[UsageEntry]) -> list[Counted]:
    """Will return entries with what they count now, in one query for all of them."""
    counted = {entry.pk: Counted(entry) for entry in entries}
    for correction in (
        UsageEntry.objects.filter(corrects__in=counted).select_related("recorded_by").order_by("pk")
    ):
        counted[correction.corrects_id or 0].corrections.append(correction)
    return list(counted.values())
