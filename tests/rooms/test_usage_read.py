"""Used of allowance: one indexed read, and where it stands under the version held."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from postroom.base.sql import statement
from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.running import bill_operator
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.services import COUNTED, Service
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage import queries
from postroom.domain.usage.actions import correct
from postroom.domain.usage.allowances import Position, month_of
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry
from postroom.domain.usage.queries import positions, used
from tests.conftest import AT

JUNE = date(2026, 6, 2)
FLOWS = [service for service in COUNTED if service != Service.RECIPIENTS]


def count(house: House, *entries: tuple[Service, int, date | datetime], who: str = "ana") -> None:
    take_in(
        house.operator,
        [
            Given(uuid4().hex, house.subscriptions[who].pk, service, number, when)
            for service, number, when in entries
        ],
        by=None,
        at=AT,
    )


def held(house: House, month: date) -> int | None:
    return used(house.subscriptions["ana"], month_of(month, 1)).get(Service.RECIPIENTS)


def test_a_month_is_from_billing_day_to_billing_day(in_harbor: House) -> None:
    for day in (date(2026, 5, 6), date(2026, 5, 7), date(2026, 6, 6), date(2026, 6, 7)):
        count(in_harbor, (Service.FORWARD, 1, day), who="bo")
    bo = in_harbor.subscriptions["bo"]
    assert bo.billing_day == 7
    assert used(bo, month_of(date(2026, 5, 20), 7)) == {Service.FORWARD: 2}
    assert used(bo, month_of(date(2026, 2, 20), 7)) == {}


def test_an_allowance_starts_anew_each_month_of_an_annual_term(in_harbor: House) -> None:
    cy = in_harbor.subscriptions["cy"]
    assert (cy.months, cy.billing_day) == (12, 13)
    for day in (date(2026, 5, 12), date(2026, 5, 13), date(2026, 6, 13)):
        count(in_harbor, (Service.OPEN_AND_SCAN, 5, day), who="cy")
    assert standing(cy, JUNE, Service.OPEN_AND_SCAN).used == 5


def test_in_a_stub_the_month_is_whole(in_harbor: House) -> None:
    di = in_harbor.subscriptions["di"]
    assert (di.starts_on, di.billing_day) == (date(2026, 1, 19), 1)
    count(in_harbor, (Service.SHRED, 2, date(2026, 1, 19)), who="di")
    assert used(di, month_of(di.starts_on, 1)) == {Service.SHRED: 2}


def test_corrections_count_on_the_day_of_what_they_correct(in_harbor: House) -> None:
    count(in_harbor, (Service.OPEN_AND_SCAN, 9, date(2026, 5, 31)))
    correct(
        UsageEntry.objects.get(),
        counts=4,
        reason="Slip",
        form=uuid4(),
        by=in_harbor.owner,
        at=AT,
    )
    ana = in_harbor.subscriptions["ana"]
    assert used(ana, month_of(date(2026, 5, 1), 1)) == {Service.OPEN_AND_SCAN: 4}
    assert used(ana, month_of(JUNE, 1)) == {}


def test_recipients_are_carried_over(in_harbor: House) -> None:
    assert held(in_harbor, JUNE) is None
    count(in_harbor, (Service.RECIPIENTS, 6, date(2026, 3, 10)))
    count(in_harbor, (Service.RECIPIENTS, 3, date(2026, 4, 10)))
    months = [date(2026, month, 1) for month in (2, 3, 4, 5, 6)]
    assert [held(in_harbor, it) for it in months] == [None, 6, 6, 3, 3]


def test_a_number_from_the_first_day_on_is_the_months(in_harbor: House) -> None:
    count(in_harbor, (Service.RECIPIENTS, 6, date(2026, 3, 10)))
    count(in_harbor, (Service.RECIPIENTS, 2, date(2026, 6, 1)))
    assert held(in_harbor, JUNE) == 2


def test_the_last_number_of_a_day_is_carried_over(in_harbor: House) -> None:
    for hour, number in ((18, 4), (14, 7), (16, 5)):
        count(in_harbor, (Service.RECIPIENTS, number, datetime(2026, 5, 10, hour, tzinfo=UTC)))
    assert (held(in_harbor, date(2026, 5, 1)), held(in_harbor, JUNE)) == (7, 4)


def test_a_corrected_number_was_never_held(in_harbor: House) -> None:
    count(in_harbor, (Service.RECIPIENTS, 40, date(2026, 5, 10)))
    entry, own = UsageEntry.objects.get(), {"by": in_harbor.owner, "at": AT}
    correct(entry, counts=4, reason="A zero too many", form=uuid4(), **own)  # type: ignore[arg-type]
    assert (held(in_harbor, date(2026, 5, 1)), held(in_harbor, JUNE)) == (4, 4)


def standing(subscription: Subscription, on: date, service: Service) -> Position:
    return next(it for it in positions(subscription, on=on) if it.service == service)


def test_positions_are_judged_by_the_version_held_that_day(in_harbor: House) -> None:
    ana = in_harbor.subscriptions["ana"]
    allowances = {
        **BRONZE.allowances,
        Service.OPEN_AND_SCAN: replace(BRONZE.allowances[Service.OPEN_AND_SCAN], limit=10),
    }
    publish_version(
        in_harbor.bronze,
        terms=replace(BRONZE, allowances=allowances),
        sold_from=JUNE,
        existing_from=date(2026, 6, 1),
        by=None,
        at=AT,
    )
    bill_operator(in_harbor.operator, at=AT)
    ana.refresh_from_db()
    count(in_harbor, (Service.OPEN_AND_SCAN, 7, date(2026, 5, 20)))
    count(in_harbor, (Service.OPEN_AND_SCAN, 7, JUNE))
    may = standing(ana, date(2026, 5, 31), Service.OPEN_AND_SCAN)
    june = standing(ana, JUNE, Service.OPEN_AND_SCAN)
    assert (may.limit, may.over, may.extra_minor) == (5, 2, 200)
    assert (june.limit, june.over, june.left) == (10, 0, 3)


def test_positions_take_three_queries(in_harbor: House, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        assert len(positions(in_harbor.subscriptions["ana"], on=JUNE)) == 9


def plan_of_used(house: House) -> str:
    """Will explain the statement on a year of entries that the planner has counted."""
    days = [date(2026, 1, 19) + timedelta(days=it) for it in range(140)]
    for who in house.subscriptions:
        count(house, *((service, 1, day) for day in days for service in FLOWS), who=who)
        count(house, (Service.RECIPIENTS, 3, days[0]), who=who)
    facts = queries.facts_of(house.subscriptions["ana"], month_of(JUNE, 1))
    with connection.cursor() as cursor:
        # Only the tables' owner may count them, and with nothing counted the plan is a guess.
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("ANALYZE usage_usageentry")
        cursor.execute("SET LOCAL ROLE postroom_app")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement(queries.SQL / 'used.sql')}", facts)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_used_is_read_from_indexes_alone(in_harbor: House) -> None:
    plan = plan_of_used(in_harbor)
    assert "Index Only Scan using used_of_an_allowance" in plan
    assert "Index Only Scan using recipients_of_a_subscription" in plan
    assert "Seq Scan" not in plan
    assert "Heap" not in plan


@pytest.mark.parametrize("index", ["used_of_an_allowance", "recipients_of_a_subscription"])
def test_used_reaches_its_days_by_the_index(in_harbor: House, index: str) -> None:
    found = [it.split("Filter")[0] for it in plan_of_used(in_harbor).split(index)[1:]]
    assert found
    for it in found:
        condition = it.partition("Index Cond: ")[2].partition("\n")[0]
        assert "operator_id" in condition
        assert "subscription_id" in condition
        assert '"on"' in condition
