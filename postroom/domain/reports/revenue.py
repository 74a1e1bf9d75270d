"""Revenue: what was billed in each month, without tax and deposits, by plan and by matter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from postroom.domain.billing.models import LineKind
from postroom.domain.billing.portions import DEPOSITS, Portion
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import Service
from postroom.domain.reports.months import Month, View
from postroom.domain.reports.reading import figures

Key = TypeVar("Key")


@dataclass(frozen=True)
class Matter:
    """What a line is for: a portion of the revenue, of extras and storage by service."""

    portion: Portion
    service: Service | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among others."""
        services = [None, *Service]
        return list(Portion).index(self.portion), services.index(self.service)


@dataclass(frozen=True)
class Billed:
    """An amount in minor units: of a month, for a matter, of a plan or of none."""

    month: Month
    matter: Matter
    plan_id: int | None
    minor: int


@dataclass(frozen=True)
class Revenue:
    """The revenue of some months, and what the same invoices had beside it, by month."""

    months: tuple[Month, ...]
    billed: tuple[Billed, ...]
    tax: Mapping[Month, int]
    deposits: Mapping[Month, int]
    plans: Mapping[int | None, Plan]

    @property
    def total_minor(self) -> int:
        return sum(it.minor for it in self.billed)

    @property
    def invoiced_minor(self) -> int:
        """What the invoices and credit notes come to."""
        beside = (*self.tax.values(), *self.deposits.values())
        return self.total_minor + sum(beside)

    @property
    def matters(self) -> list[Matter]:
        """The matters that there are, in the order of an invoice."""
        return sorted({it.matter for it in self.billed}, key=lambda it: it.place)

    def plan_ids(self) -> list[int | None]:
        """Will name the plans that there are, the largest first; what is of none comes last."""
        sums = defaultdict[int | None, int](int)
        for it in self.billed:
            sums[it.plan_id] += it.minor
        return sorted(sums, key=lambda plan: (plan is None, -sums[plan], plan))

    def by_plan(self) -> dict[tuple[Month, int | None], int]:
        """Will add up by month and plan."""
        return _added_up((it.month, it.plan_id, it.minor) for it in self.billed)

    def by_matter(self) -> dict[tuple[Month, Matter], int]:
        """Will add up by month and matter."""
        return _added_up((it.month, it.matter, it.minor) for it in self.billed)


def revenue(view: View) -> Revenue:
    """Will add up what was billed in each month, by what it was for."""
    billed = list[Billed]()
    tax, deposits = defaultdict[Month, int](int), defaultdict[Month, int](int)
    for row in figures("revenue", view.facts):
        month, kind, minor = view.months[row["n"] - 1], row["kind"], row["amount_minor"]
        if kind == LineKind.TAX:
            tax[month] += minor
        elif kind in DEPOSITS:
            deposits[month] += minor
        elif minor:
            service = Service(row["service"]) if row["service"] else None
            billed.append(Billed(month, Matter(Portion(kind), service), row["plan_id"], minor))
    plans = Plan.objects.in_bulk({it.plan_id for it in billed} - {None})
    return Revenue(view.months, tuple(billed), tax, deposits, {**plans})


def _added_up(found: Iterable[tuple[Month, Key, int]]) -> dict[tuple[Month, Key], int]:
    sums = defaultdict[tuple[Month, Key], int](int)
    for month, key, minor in found:
        sums[month, key] += minor
    return sums
