"""Prices that no version has, and the plans that are made for them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from postroom.domain.operators.models import Operator
from postroom.domain.plans.actions import create_plan, words_of
from postroom.domain.plans.models import NAME_LENGTH, Plan
from postroom.domain.plans.queries import free_name, latest_version, terms_of
from postroom.domain.users.models import User


@dataclass(frozen=True)
class Missing:
    """A price that some rows have and no version of their plan."""

    plan: Plan
    months: int
    price_minor: int
    rows: int

    @property
    def key(self) -> str:
        return f"{self.plan.pk}-{self.months}-{self.price_minor}"

    @property
    def price(self) -> str:
        return price_words(self.plan.operator, self.months, self.price_minor)

    @property
    def name(self) -> str:
        """What the plan made for it is called."""
        suffix = f" ({self.price})"
        return self.plan.name[: NAME_LENGTH - len(suffix)] + suffix


def price_words(operator: Operator, months: int, price_minor: int) -> str:
    """Will say a price with its cycle: “$9.49 a month”."""
    cycle = {1: "a month", 12: "a year"}.get(months, f"for {months} months")
    return f"{operator.show(price_minor)} {cycle}"


def missing_of(found: Iterable[tuple[int, int, int]]) -> list[Missing]:
    """Will group the prices that rows miss, the most frequent first."""
    counts = Counter(found)
    wanted = {plan_id for plan_id, _, _ in counts}
    plans = Plan.objects.select_related("operator").in_bulk(wanted)
    return [
        Missing(plans[plan_id], months, price, rows)
        for (plan_id, months, price), rows in counts.most_common()
    ]


@transaction.atomic
def make_plan(missing: Missing, *, by: User, at: datetime, on: date) -> Plan:
    """Will copy a plan, Internal only, with that price: for those who pay it already."""
    latest = latest_version(missing.plan)
    terms = terms_of([latest])[latest.pk]
    words = replace(
        words_of(missing.plan),
        name=free_name(missing.name),
        internal=True,
        signup=False,
        lead_gen=False,
    )
    return create_plan(
        missing.plan.operator,
        words=words,
        terms=replace(terms, rates={**terms.rates, missing.months: missing.price_minor}),
        by=by,
        at=at,
        on=on,
        copied_from=missing.plan,
    )
