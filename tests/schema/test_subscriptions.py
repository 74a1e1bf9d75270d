"""Each constraint of subscriptions, clearances, protections and leads, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking, change

CLOSED = {"closes_on": "starts_on"}


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("mailbox_has_one_open_subscription", {}),
        ("subscription_has_one_start", CLOSED | {"id": "id"}),
        ("billing_day_is_1_to_31", {"billing_day": "32"}),
        ("billing_day_is_1_to_31", {"billing_day": "0"}),
        ("subscription_is_for_1_to_120_months", {"months": "121"}),
        ("next_term_is_not_before_the_start", {"next_term_on": "starts_on - 1"}),
        ("subscription_closes_after_it_starts", {"closes_on": "starts_on - 1"}),
        ("running_month_is_not_empty", {"month_ends_on": "month_starts_on"}),
        ("open_subscription_has_a_next_bill", {"next_bill_on": "NULL"}),
    ],
)
def test_subscriptions(in_harbor: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("subscriptions_subscription", **changes)


def test_a_version_of_another_plan_is_not_held(full: House) -> None:
    other = "(SELECT id FROM plans_plan WHERE name = 'Silver')"
    with breaking("subscription_holds_a_version_of_its_plan"):
        change("subscriptions_subscription", plan_id=other)


@pytest.mark.parametrize(
    ("constraint", "table", "changes"),
    [
        ("clearance_days_are_in_order", "clearance", {"last_day": "first_day - 1"}),
        ("clearance_starts_after_telling", "clearance", {"first_day": "told_on - 1"}),
        ("clearance_means_are_known", "clearance", {"means": "'smoke'"}),
        ("clearance_says_by_whom_and_why", "clearance", {"told_by": "''"}),
        ("clearance_says_by_whom_and_why", "clearance", {"reason": "''"}),
        ("clearance_is_voided_once", "clearancevoid", {}),
        ("subscription_is_pinned_once", "pin", {}),
        ("lead_is_sent_once_by_a_form", "lead", {}),
        ("lead_source_is_known", "lead", {"source": "'billboard'"}),
        ("lead_is_handled_by_somebody", "lead", {"handled_at": "NULL"}),
    ],
)
def test_rows(full: House, constraint: str, table: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again(f"subscriptions_{table}", **changes)


@pytest.mark.parametrize(
    ("table", "constraint"),
    [
        ("subscriptions_clearance", "clearances_never_change"),
        ("subscriptions_clearancevoid", "voids_of_clearances_never_change"),
    ],
)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_told_never_changes(full: House, table: str, constraint: str, act: str) -> None:
    with breaking(constraint):
        ask(act.format(table))
