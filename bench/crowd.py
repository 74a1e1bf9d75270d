"""The crowd that everything is measured with: one operator, one plan, and so many customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bench.databases import SQL, Databases
from postroom.base.sql import changed
from postroom.base.statistics import count_again
from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import ADDRESSES, BRONZE, hire
from postroom.domain.operators.actions import add_location, open_operator
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import Role
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.services import Service
from postroom.domain.users.models import User

SLUG = "crowd"
#: The month that was used, the day on which it is billed, and an instant of that day.
MONTH, ON = date(2026, 10, 1), date(2026, 11, 1)
AT = datetime(2026, 11, 1, 18, tzinfo=UTC)
#: Three metered services, all used beyond what Bronze includes, in so many entries each.
SERVICES = [Service.OPEN_AND_SCAN, Service.SCANNED_PAGES, Service.FORWARD]
ENTRIES = 3
PAGE = 20_000


@dataclass(frozen=True)
class Crowd:
    """Who is there, for a measurement to begin with."""

    operator: Operator
    owner: User
    plan: Plan


def make(databases: Databases, migrated: str, size: int, *, slugs: Sequence[str] = (SLUG,)) -> str:
    """Will make a database in which so many customers of each operator await the bill.

    Returns its name.
    """
    name = databases.make(f"{size}_start_of_{len(slugs)}", like=migrated)
    with databases.of_the_product(name):
        for slug in slugs:
            _move_in(slug, size)
    with databases.connected(name) as plain:
        # What a quiet server has done by itself: hints and the visibility map are set.
        plain.execute("VACUUM (ANALYZE)")
    return name


def found(slug: str = SLUG) -> Crowd:
    """Will find an operator's crowd in the database at hand."""
    with as_platform():
        operator = Operator.objects.get(slug=slug)
    with as_operator(operator.pk):
        owner = User.objects.get(email=f"{Role.OWNER.value}@{slug}.example")
        return Crowd(operator, owner, Plan.objects.get())


def _move_in(slug: str, size: int) -> None:
    with as_platform():
        operator = open_operator(name=slug.title(), slug=slug, at=AT, by=None)
    with as_operator(operator.pk):
        facts = _furnish(operator)
    for first in range(1, size + 1, PAGE):
        page = {"first": first, "last": min(first + PAGE - 1, size)}
        with as_operator(operator.pk):
            changed(SQL / "crowd.sql", facts | page)
        if first == 1:
            # Keys are checked by plans that are made now: not for tables that were empty.
            count_again()


def _furnish(operator: Operator) -> dict[str, object]:
    """Will give the operator a location and a plan; returns what the crowd's statement asks for."""
    owner = hire(operator, Role.OWNER, at=AT, password=None).user
    name, street, city, state, postal_code = ADDRESSES[0]
    location = add_location(
        operator,
        name=name,
        street=street,
        city=city,
        state=state,
        postal_code=postal_code,
        at=AT,
        by=owner,
    )
    plan = create_plan(
        operator, words=Words(name="Bronze", signup=True), terms=BRONZE, by=owner, at=AT, on=MONTH
    )
    return {
        "operator": operator.pk,
        "location": location.pk,
        "plan": plan.pk,
        "version": PlanVersion.objects.get(plan=plan).pk,
        "month": MONTH,
        "on": ON,
        "at": AT,
        "services": [it.value for it in SERVICES],
        "entries": ENTRIES,
    }
