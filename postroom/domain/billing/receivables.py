"""Receivables by age: who owes what since when, and what is in whose favour."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet, Sum

from postroom.domain.billing.models import OpenItem

#: The ages that are told apart, each with its youngest and oldest day since the billing date.
AGES: dict[str, tuple[int, int | None]] = {
    "recent": (0, 30),
    "older": (31, 60),
    "old": (61, 90),
    "oldest": (91, None),
}


@dataclass(frozen=True)
class Receivables:
    """What is open on a day, in minor units, by days since the billing date."""

    #: Up to 30 days, 31 to 60, 61 to 90, and more.
    recent: int
    older: int
    old: int
    oldest: int
    #: Paid ahead or credited, and not used yet; zero or below.
    in_favour: int
    #: How many customers have anything open.
    customers: int = 0

    @property
    def owed(self) -> int:
        return self.recent + self.older + self.old + self.oldest

    @property
    def total(self) -> int:
        return self.owed + self.in_favour


def receivables_by_customer(
    *, on: date, customers: Collection[int] | None = None
) -> QuerySet[OpenItem, Any]:
    """Will return a row for each customer with anything open: the ages, ``in_favour``, ``total``.

    Also ``name`` and ``since``, the day of the oldest thing owed. In minor units, as of ``on``.
    """
    items = _open(customers)
    return items.values("customer", "customer__name").annotate(
        **_sums(on), total=Sum("left_minor"), since=Min("on", filter=Q(left_minor__gt=0))
    )


def receivables(*, on: date, customers: Collection[int] | None = None) -> Receivables:
    """Will add up everything that is open."""
    items = _open(customers)
    sums = items.aggregate(**_sums(on))
    count = items.order_by().values("customer").distinct().count()
    return Receivables(**{name: int(minor) for name, minor in sums.items()}, customers=count)


def _open(customers: Collection[int] | None) -> QuerySet[OpenItem]:
    items = OpenItem.objects.exclude(left_minor=0).order_by()
    return items if customers is None else items.filter(customer__in=customers)


def _sums(on: date) -> dict[str, Sum]:
    sums = {}
    for name, (youngest, oldest) in AGES.items():
        aged = Q(left_minor__gt=0)
        if youngest:
            aged &= Q(on__lte=on - timedelta(days=youngest))
        if oldest is not None:
            aged &= Q(on__gte=on - timedelta(days=oldest))
        sums[name] = Sum("left_minor", filter=aged, default=0)
    return sums | {"in_favour": Sum("left_minor", filter=Q(left_minor__lt=0), default=0)}
