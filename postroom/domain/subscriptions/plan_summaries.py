"""Plans as the operator's list shows them: what each sells, who is on it, what they are worth."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db.models import Count, Q

from postroom.base.sql import rows
from postroom.domain.operators.models import Operator
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Subscription

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class PlanSummary:
    """One plan in the list; money in minor units, ``monthly_minor`` summed over its customers."""

    id: int
    name: str
    internal: bool
    signup: bool
    lead_gen: bool
    #: The number of the version on sale, and of the one still to come.
    version: int
    next_version: int | None
    next_sold_from: date | None
    changed_at: datetime
    customers: int
    monthly_minor: int
    rates: dict[int, int]
    successor: str | None
    succeeded_on: date | None

    @property
    def first_rate(self) -> float:
        """The rate of the shortest term, a month: what the list sorts by."""
        return next((amount / months for months, amount in self.rates.items()), 0.0)

    @property
    def retired(self) -> bool:
        return not (self.internal or self.signup or self.lead_gen)


def plan_summaries(operator: Operator, *, on: date) -> list[PlanSummary]:
    """Will return every plan of an operator as sold that day, by name, in one statement."""
    return [
        PlanSummary(**{**row, "rates": _in_order(row["rates"])})
        for row in rows(SQL / "plan_summaries.sql", {"operator": operator.pk, "on": on})
    ]


def customers_by_version(plan: Plan) -> dict[int, dict[int, int]]:
    """Will count a plan's customers as {version id: {months: customers}}."""
    counted: dict[int, dict[int, int]] = {}
    for version, months, customers in (
        Subscription.objects.filter(Q(closes_on__isnull=True), plan=plan)
        .values_list("version_id", "months")
        .annotate(customers=Count("*"))
        .order_by("version_id", "months")
    ):
        counted.setdefault(version, {})[months] = customers
    return counted


def customers_by_cycle(by_version: Mapping[int, Mapping[int, int]]) -> dict[int, int]:
    """Will sum the counts of ``customers_by_version`` over the versions: {months: customers}."""
    cycles: Counter[int] = Counter()
    for counts in by_version.values():
        cycles.update(counts)
    return dict(sorted(cycles.items()))


def _in_order(rates: Mapping[str, int]) -> dict[int, int]:
    """Will turn the keys of a JSON object into months, the shortest term first."""
    return dict(sorted((int(months), amount) for months, amount in rates.items()))
