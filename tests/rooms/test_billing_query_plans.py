"""The steps of a page reach what it does not hold by index, under the application's role.

Sequential scans are made dear, so a plan that still has one has no index that it could use.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from postroom.base.sql import statement
from postroom.base.tenancy import as_operator
from postroom.domain.billing import run
from postroom.domain.billing.run import Job, facts, open_drafts
from postroom.domain.subscriptions import terms
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from tests.rooms.billing_crowds import crowd
from tests.rooms.billing_worlds import day, open_shop

#: What grows with the number of customers and of years.
LARGE = "subscriptions_", "usage_", "billing_", "customers_"


@pytest.fixture
def page(db: None) -> Iterator[dict[str, Any]]:
    """What a page of three asks of a shop with 6 subscriptions and 600 entries of usage."""
    shop = open_shop()
    with as_operator(shop.operator.pk):
        came = crowd(shop, 6, days=1)
        entries = [
            Given(uuid4().hex, came[n % 6].pk, "forward", 1, day("24-02-07")) for n in range(600)
        ]
        take_in(shop.operator, entries, by=None, at=shop.at("24-02-11"))
        open_drafts()
        job = Job(
            shop.operator, [it.pk for it in shop.places], day("24-03-01"), shop.at("24-03-01")
        )
        own = {"locations": job.locations, "besides": [], "page": 3, "day": job.on}
        yield facts(job, [it.pk for it in came[:3]]) | own


def count_as_owner(table: str) -> None:
    """Will have the planner know that few of many are due: all but the page's have years to go.

    Among half a dozen rows it would take whichever index comes first.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET next_bill_on = next_bill_on + 3650"
            " WHERE id <> (SELECT min(id) FROM subscriptions_subscription)"
        )
        cursor.execute(f"RESET ROLE; ANALYZE {table}; SET ROLE postroom_app")


def plan_of(file: Path, page: dict[str, Any]) -> str:
    """Will explain each statement of a file."""
    said = list[str]()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("postroom_app",)
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in statement(file).rstrip().rstrip(";").split(";\n"):
            if "ANALYZE" not in sql:
                cursor.execute(f"EXPLAIN {sql}", page)
                said += [row[0] for row in cursor.fetchall()]
    return "\n".join(said)


def test_what_is_due_is_found_by_its_day(page: dict[str, Any]) -> None:
    count_as_owner("subscriptions_subscription")
    for file in ("claim", "first_due"):
        plan = plan_of(terms.SQL / f"{file}.sql", page)
        assert "Seq Scan" not in plan, plan
        assert "subscriptions_due_for_billing" in plan, plan
        assert "current_setting" in plan.partition("Index Cond")[2], "the policy is met by it"


STEPS = ["due", "rates", "credits", "months", "spans", "used_by_span", "extras", "fees", "charges"]
STEPS += ["credits_first", "mark_charges", "move_on"]


def test_no_step_reads_a_table_as_a_whole(page: dict[str, Any]) -> None:
    plans = {step: plan_of(run.SQL / f"{step}.sql", page) for step in STEPS}
    whole = {
        step for step, plan in plans.items() if any(f"Seq Scan on {it}" in plan for it in LARGE)
    }
    assert whole == set()
