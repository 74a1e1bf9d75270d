"""Each constraint of plans, their versions and terms, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking, change

A_FORM = "'11111111-1111-1111-1111-111111111111'"


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("plan_name_is_unique_for_its_operator", {"name": "upper(name)", "link": "'other'"}),
        ("plan_link_is_unique_for_its_operator", {"name": "'Gold'"}),
        ("plan_has_a_name", {"name": "''"}),
        ("plan_succession_has_a_date", {"succeeded_by_id": "id"}),
        ("plan_succession_has_a_date", {"succeeded_on": "'2026-01-01'"}),
    ],
)
def test_plans(in_harbor: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("plans_plan", **changes)


def test_a_form_makes_one_plan(in_harbor: House) -> None:
    change("plans_plan", made_by_form=A_FORM)
    with breaking("plan_is_made_once_by_a_form"):
        again("plans_plan", name="'Gold'", link="'other'")


@pytest.mark.parametrize(
    ("constraint", "table", "changes"),
    [
        ("plan_is_at_a_location_once", "plans_planlocation", {}),
        ("plan_versions_are_numbered", "plans_planversion", {}),
        ("plan_versions_start_at_one", "plans_planversion", {"number": "0"}),
        ("plan_version_is_of_one_plan", "plans_planversion", {"id": "id", "number": "99"}),
        ("plan_version_fees_are_not_negative", "plans_planversion", {"setup_fee_minor": "-1"}),
        ("plan_version_fees_are_not_negative", "plans_planversion", {"deposit_minor": "-1"}),
        ("plan_version_timing_is_known", "plans_planversion", {"timing": "'soon'"}),
        ("version_has_one_rate_for_a_term", "plans_rate", {}),
        ("rate_is_for_one_to_120_months", "plans_rate", {"months": "121"}),
        ("rate_is_for_one_to_120_months", "plans_rate", {"months": "0"}),
        ("rate_is_not_negative", "plans_rate", {"amount_minor": "-1"}),
        ("version_has_one_allowance_for_a_service", "plans_serviceallowance", {}),
        ("allowance_service_is_known", "plans_serviceallowance", {"service": "'fax'"}),
        ("allowance_extra_is_not_negative", "plans_serviceallowance", {"extra_count": "0"}),
        ("allowance_extra_is_not_negative", "plans_serviceallowance", {"extra_fee_minor": "-1"}),
        ("version_has_one_storage_fee_for_a_mail_type", "plans_storagefee", {}),
        ("storage_fee_words_are_known", "plans_storagefee", {"mail_type": "'fish'"}),
        ("storage_fee_words_are_known", "plans_storagefee", {"per": "'hour'"}),
        ("storage_fee_is_not_negative", "plans_storagefee", {"fee_minor": "-1"}),
        ("storage_fee_is_not_negative", "plans_storagefee", {"cap_minor": "-1"}),
        ("versions_are_compared_once", "plans_comparison", {}),
        ("comparison_is_of_two_versions", "plans_comparison", {"other_id": "held_id"}),
        ("version_is_withdrawn_once", "plans_withdrawal", {}),
        ("person_has_one_draft_of_a_plan", "plans_draft", {}),
        ("an_applied_import_has_results", "plan_changes_planimport", {"applied_at": "at"}),
    ],
)
def test_rows(full: House, constraint: str, table: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again(table, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"service": "'storage'", "limit": "5"},
        {"offer": "'unlimited'", "limit": "5"},
        {"offer": "'restricted'", "limit": "NULL", "service": "'forward'"},
        {"offer": "'not_offered'", "limit": "NULL"},
    ],
)
def test_only_a_restricted_allowance_has_a_limit(in_harbor: House, changes: dict[str, str]) -> None:
    with breaking("only_a_restricted_allowance_has_a_limit"):
        again("plans_serviceallowance", **changes)


CLOSED = {
    "plans_planversion": "versions_never_change",
    "plans_rate": "rates_never_change",
    "plans_serviceallowance": "allowances_never_change",
    "plans_storagefee": "storage_fees_never_change",
    "plans_comparison": "comparisons_never_change",
    "plans_withdrawal": "withdrawals_never_change",
}


@pytest.mark.parametrize(("table", "constraint"), CLOSED.items())
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_published_rows_never_change(full: House, table: str, constraint: str, act: str) -> None:
    with breaking(constraint):
        ask(act.format(table))
