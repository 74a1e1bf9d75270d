"""Hot statements reach their rows by index under the application's role and its policies.

Sequential scans are made dear, so a plan that still has one has no index that it could use: that
is what an operator which is not leakproof, or a cast in the wrong place, would cause.
"""

from typing import Any

import pytest
from django.db import connection

from postroom.base.sql import statement
from postroom.demo.cast import House
from postroom.domain.subscriptions import plan_summaries, terms
from tests.conftest import AT, ON


def plan_of(sql: str, facts: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", facts)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.fixture
def facts(in_harbor: House) -> dict[str, Any]:
    return {
        "operator": in_harbor.operator.pk,
        "locations": [location.pk for location in in_harbor.locations],
        "subscriptions": [it.pk for it in in_harbor.subscriptions.values()],
        "besides": [],
        "after": 0,
        "up_to": None,
        "day": ON,
        "on": ON,
        "at": AT,
        "page": 5_000,
    }


@pytest.mark.parametrize("file", ["claim", "first_due", "look"])
def test_what_is_due_is_found_by_its_day(facts: dict[str, Any], file: str) -> None:
    plan = plan_of(statement(terms.SQL / f"{file}.sql"), facts)
    assert "Seq Scan on subscriptions_subscription" not in plan


def test_terms_of_a_page_are_reached_by_their_key(facts: dict[str, Any]) -> None:
    plan = plan_of(statement(terms.SQL / "open_terms.sql"), facts)
    assert "Seq Scan on subscriptions_" not in plan


def test_a_plans_customers_are_counted_from_one_index(facts: dict[str, Any]) -> None:
    plan = plan_of(statement(plan_summaries.SQL / "plan_summaries.sql"), facts)
    assert "Seq Scan on subscriptions_subscription" not in plan


def test_policies_are_met_by_the_key(in_harbor: House) -> None:
    plan = plan_of(
        "SELECT * FROM customers_customer WHERE id = %(id)s",
        {"id": in_harbor.customers["ana"].pk},
    )
    assert "Seq Scan" not in plan
    assert "current_setting" in plan.split("Index Cond")[1], "the policy is an index condition"
