"""Each constraint of runs, charges and invoices, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking, change

NEXT = {"number": "number + 3"}
ANOTHER_DAY = {"billed_on": "billed_on + 90"}
OF_THE_SWITCH = {"switch_id": "(SELECT id FROM subscriptions_switch)"}
FORM = "gen_random_uuid()"
AGAIN = {"revision": "revision + 1"}


def numbered(number: int) -> str:
    """Will select the invoice or credit note of that number."""
    return f"(SELECT id FROM billing_invoice WHERE number = {number})"


@pytest.mark.parametrize(
    ("constraint", "table", "changes"),
    [
        ("operator_has_one_billing_run_a_day", "billingrun", {}),
        ("billing_run_state_is_known", "billingrun", {"state": "'lost'"}),
        ("finished_billing_run_says_when", "billingrun", {"state": "'finished'"}),
        ("finished_billing_run_says_when", "billingrun", {"finished_at": "started_at"}),
        ("run_sets_a_subscription_aside_once", "setaside", {}),
        ("set_aside_says_why", "setaside", {"reason": "''"}),
        ("operator_has_one_number_series", "numberseries", {}),
        ("charge_is_entered_once_by_a_form", "charge", {}),
        ("charge_says_what_for", "charge", {"text": "''"}),
        ("charge_is_above_zero", "charge", {"amount_minor": "0"}),
        (
            "charge_is_billed_or_taken_back",
            "charge",
            {"billed_on": '"on"', "taken_back_at": "entered_at"},
        ),
    ],
)
def test_rows(full: House, constraint: str, table: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again(f"billing_{table}", **changes)


def test_a_dry_run_stands_in_nobodys_way(full: House) -> None:
    again("billing_billingrun", dry="true")
    again("billing_billingrun", dry="true")
    assert ask("SELECT count(*) FROM billing_billingrun") == [(3,)]


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("invoice_number_is_given_once", ANOTHER_DAY),
        ("invoice_numbers_start_at_one", ANOTHER_DAY | {"number": "0"}),
        ("invoice_numbers_have_no_gap", ANOTHER_DAY | {"number": "number + 4"}),
        ("subscription_has_one_invoice_a_billing_date", NEXT),
        ("switch_has_one_invoice", NEXT | OF_THE_SWITCH),
        ("invoice_total_is_lines_and_tax", NEXT | ANOTHER_DAY | {"tax_minor": "1"}),
        ("invoice_total_is_lines_and_tax", NEXT | ANOTHER_DAY | {"subtotal_minor": "-499"}),
        ("invoice_takes_no_more_credit_than_it_owes", {"credited_minor": "1"}),
        ("invoice_takes_no_more_credit_than_it_owes", {"credited_minor": "-1"}),
        ("only_an_adjustment_is_entered_by_hand", NEXT | ANOTHER_DAY | {"adjusts_id": "id"}),
        ("only_an_adjustment_is_entered_by_hand", NEXT | ANOTHER_DAY | {"entered_by_form": FORM}),
    ],
)
def test_invoices(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("billing_invoice", **changes)


def test_an_adjustment_is_entered_once_by_a_form(full: House) -> None:
    by_hand = {
        "adjusts_id": "id",
        "entered_by_id": "(SELECT min(id) FROM users_user)",
        "entered_by_form": "md5('one')::uuid",
        "run_id": "NULL",
        "switch_id": "NULL",
    }
    again("billing_invoice", **by_hand | NEXT)
    with breaking("adjustment_is_entered_once_by_a_form"):
        again("billing_invoice", **by_hand | {"number": "number + 4", "billed_on": "billed_on + 1"})


def test_the_next_number_follows(full: House) -> None:
    again("billing_invoice", **NEXT | ANOTHER_DAY)
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    assert ask("SELECT max(number) FROM billing_invoice") == [(4,)]


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("term_is_billed_once_for_a_kind_service_and_part", {}),
        (
            "charge_is_billed_once",
            {"kind": "'charge'", "charge_id": "(SELECT id FROM billing_charge)", "term_id": "NULL"},
        ),
        ("invoice_line_kind_is_known", {"kind": "'gift'"}),
        ("invoice_line_does_not_end_before_it_starts", {"ends_on": "starts_on - 1"}),
        ("only_charges_adjustments_and_tax_have_no_term", {"term_id": "NULL"}),
        ("only_a_charge_line_has_a_charge", {"kind": "'charge'"}),
        ("only_a_charge_line_has_a_charge", {"charge_id": "(SELECT id FROM billing_charge)"}),
        ("lines_sum_to_the_totals_of_their_invoice", AGAIN),
        ("lines_sum_to_the_totals_of_their_invoice", AGAIN | {"amount_minor": "1"}),
        (
            "lines_sum_to_the_totals_of_their_invoice",
            {"kind": "'tax'", "amount_minor": "1", "term_id": "NULL"},
        ),
    ],
)
def test_lines(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("billing_invoiceline", **changes)


@pytest.mark.parametrize(
    ("table", "constraint"),
    [
        ("setaside", "set_asides_never_change"),
        ("invoice", "issued_invoices_never_change"),
        ("invoiceline", "lines_of_invoices_never_change"),
    ],
)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_issued_never_changes(full: House, table: str, constraint: str, act: str) -> None:
    with breaking(constraint):
        ask(act.format(f"billing_{table}"))


@pytest.mark.parametrize("percent", ["-0.0001", "100.0001"])
def test_the_tax_of_a_location(in_harbor: House, percent: str) -> None:
    with breaking("location_tax_is_0_to_100_percent"):
        change("operators_location", tax_percent=percent)
