"""Receivables by age: who owes what since when, and what is in whose favour."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum

from postroom.domain.billing.models import OpenItem

#: The ages that are told apart, each with its youngest and oldest day since the billing date.
AGES: dict[str, tuple[int, int | None]] = {
    "recent": (0, 30),
    "older": (31, 60),
    "old": (61, 90),
    "oldest": (91, None),
}

#: How long something has been open at most while it is recent.
RECENT = timedelta(days=30)


class Who(StrEnum):
    """Of whom receivables are listed."""

    OWES = "owes"
    LATE = "late"
    FAVOUR = "favour"


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
    #: How many customers have anything open, and how many owe anything.
    customers: int = 0
    owing: int = 0

    @property
    def owed(self) -> int:
        return self.recent + self.late

    @property
    def late(self) -> int:
        """What is owed for more than 30 days."""
        return self.older + self.old + self.oldest

    @property
    def total(self) -> int:
        return self.owed + self.in_favour


def receivables_by_customer(
    *, on: date, customers: Collection[int] | None = None, who: Who | None = None
) -> QuerySet[OpenItem, Any]:
    """Will return a row for each customer with anything open: the ages, ``in_favour``, ``total``.

    Also ``since``, the day of the oldest thing owed. In minor units, as of ``on``.
    """
    items = _open(customers)
    rows = items.values("customer", "customer__name").annotate(
        **_sums(on), total=Sum("left_minor"), since=Min("on", filter=Q(left_minor__gt=0))
    )
    wanted = {
        None: Q(),
        Who.OWES: Q(total__gt=0),
        Who.LATE: Q(since__lt=on - RECENT),
        Who.FAVOUR: Q(total__lt=0),
    }
    return rows.filter(wanted[who])


def receivables(*, on: date, customers: Collection[int] | None = None) -> Receivables:
    """Will add up everything that is open."""
    # By customer first, in the order of the index: so they are counted as they are read.
    rows = _open(customers).values("customer").annotate(**_sums(on))
    owes = Q(recent__gt=0) | Q(older__gt=0) | Q(old__gt=0) | Q(oldest__gt=0)
    sums = rows.aggregate(
        **{f"{name}_sum": Sum(name, default=0) for name in (*AGES, "in_favour")},
        customers=Count("customer"),
        owing=Count("customer", filter=owes),
    )
    minor = {name: int(sums[f"{name}_sum"]) for name in (*AGES, "in_favour")}
    return Receivables(**minor, customers=sums["customers"], owing=sums["owing"])


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
