"""A crowd: customers by the hundred thousand, set-based, to see what a page costs with them."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from postroom.base.sql import changed
from postroom.base.tenancy import as_operator
from postroom.demo.statistics import count_again
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plans.models import Plan, Rate
from postroom.domain.plans.queries import version_on_sale
from postroom.domain.subscriptions.actions import NoRateForTerm, PlanNotOnSale

SMALL, LARGE = 1_000, 20_000


def add_crowd(
    operator: Operator,
    *,
    plan: Plan,
    location: Location,
    customers: int,
    on: date,
    at: datetime,
    months: int = 1,
) -> int:
    """Will move in so many customers over the last four weeks, on the version on sale.

    Each has a mailbox of his own and a first term that holds on ``on``. Returns how many came.
    Raises PlanNotOnSale or NoRateForTerm.
    """
    came = 0
    for page in _pages(customers):
        with as_operator(operator.pk):
            came += _add(operator, plan, location, customers=page, on=on, at=at, months=months)
        if customers > SMALL:
            count_again()
    return came


def _pages(customers: int) -> Iterator[int]:
    """Will part a number into pages, small ones first: the planner learns from them."""
    page = SMALL
    while customers > 0:
        # Never leave a small rest for a page of its own.
        taken = customers if customers <= page * 1.1 else page
        yield taken
        customers -= taken
        page = min(page * 4, LARGE)


def _add(
    operator: Operator,
    plan: Plan,
    location: Location,
    *,
    customers: int,
    on: date,
    at: datetime,
    months: int,
) -> int:
    version = version_on_sale(plan, on=on)
    if version is None:
        raise PlanNotOnSale(plan=plan, day=f"{on:%d %B %Y}")
    if not Rate.objects.filter(version=version, months=months).exists():
        raise NoRateForTerm(plan=plan, months=months)
    facts = {
        "operator": operator.pk,
        "plan": plan.pk,
        "version": version.pk,
        "sold_from": version.sold_from,
        "location": location.pk,
        "customers": customers,
        "months": months,
        "on": on,
        "at": at,
    }
    return changed(Path(__file__).parent / "sql" / "crowd.sql", facts)
