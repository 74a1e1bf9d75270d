"""Each constraint of payments, allocations, open items and postings, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking, change

NEW_FORM = {"entered_by_form": "gen_random_uuid()"}
PAID_BACK = {"amount_minor": "-400", "reason": "'Left'"}


def document(number: int) -> str:
    """Will select the invoice or credit note of that number."""
    return f"(SELECT id FROM billing_invoice WHERE number = {number})"


PAYMENT = "(SELECT id FROM billing_payment)"
LATER = {"amount_minor": "1", "at_issue": "false"}


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("payment_is_entered_once_by_a_form", {}),
        ("payment_method_is_known", NEW_FORM | {"method": "'shells'"}),
        ("payment_is_not_nothing", NEW_FORM | {"amount_minor": "0", "reason": "'No'"}),
        ("payment_is_taken_back_below_zero", NEW_FORM | {"takes_back_id": "id"}),
        ("payment_below_zero_says_why", NEW_FORM | PAID_BACK | {"reason": "''"}),
    ],
)
def test_payments(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("billing_payment", **changes)


def test_a_payment_is_taken_back_once(full: House) -> None:
    again("billing_payment", **NEW_FORM | PAID_BACK | {"takes_back_id": "id"})
    with breaking("payment_is_taken_back_once"):
        again("billing_payment", **NEW_FORM | PAID_BACK | {"takes_back_id": "id"})


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("allocation_is_of_a_credit_note_or_a_payment", {"payment_id": PAYMENT}),
        ("allocation_is_of_a_credit_note_or_a_payment", {"credit_note_id": "NULL"}),
        ("allocation_is_to_an_invoice_or_a_refund", {"invoice_id": "NULL"}),
        ("allocation_is_to_an_invoice_or_a_refund", {"paid_back_id": PAYMENT}),
        ("allocation_is_not_nothing", {"amount_minor": "0", "at_issue": "false"}),
        ("credit_note_pays_an_invoice_once_at_issue", {}),
        ("only_open_items_are_allocated", LATER | {"invoice_id": document(3)}),
        (
            "credits_sum_to_what_the_invoice_took",
            {"credit_note_id": "NULL", "payment_id": PAYMENT, "amount_minor": "-1"},
        ),
        (
            "allocation_takes_back_no_more_than_was_put",
            {"amount_minor": "-301", "at_issue": "false"},
        ),
        # No more than the credit note has left, 2.00, nor than the invoice has, 2.99.
        (
            "open_item_lies_between_nothing_and_its_amount",
            {"amount_minor": "201", "at_issue": "false"},
        ),
        # Only what is in a customer's favour gives, and only what is owed takes.
        ("only_open_items_are_allocated", LATER | {"credit_note_id": document(2)}),
        ("only_open_items_are_allocated", LATER | {"invoice_id": document(1)}),
        (
            "only_open_items_are_allocated",
            LATER | {"invoice_id": "NULL", "paid_back_id": PAYMENT},
        ),
    ],
)
def test_allocations(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("billing_allocation", **changes)


def test_an_allocation_moves_what_is_left_of_both(full: House) -> None:
    left = "SELECT left_minor FROM billing_openitem ORDER BY id"
    assert ask(left) == [(-200,), (299,), (0,)]
    again("billing_allocation", amount_minor="150", at_issue="false")
    assert ask(left) == [(-50,), (149,), (0,)]
    again("billing_allocation", amount_minor="-450", at_issue="false")
    assert ask(left) == [(-500,), (599,), (0,)]


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("invoice_has_one_open_item", {}),
        ("open_item_is_of_an_invoice_or_a_payment", {"invoice_id": "NULL"}),
        ("open_item_is_of_an_invoice_or_a_payment", {"payment_id": PAYMENT}),
        ("payment_has_one_open_item", {"invoice_id": "NULL", "payment_id": PAYMENT}),
        ("open_item_lies_between_nothing_and_its_amount", {"left_minor": "-501"}),
        ("open_item_lies_between_nothing_and_its_amount", {"left_minor": "1"}),
    ],
)
def test_open_items(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("billing_openitem", **changes)


def test_an_open_item_never_passes_nothing(full: House) -> None:
    with breaking("open_item_lies_between_nothing_and_its_amount"):
        change("billing_openitem", left_minor="-left_minor - 1")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("payment_is_posted_once_to_an_account", {}),
        ("posting_is_of_an_invoice_or_a_payment", {"invoice_id": document(1)}),
        ("posting_is_of_an_invoice_or_a_payment", {"payment_id": "NULL"}),
        ("posting_account_is_known", {"account": "'mattress'"}),
        ("posting_is_not_nothing", {"account": "'tax'", "amount_minor": "0"}),
        ("postings_of_a_document_sum_to_zero", {"account": "'tax'", "amount_minor": "1"}),
        (
            "postings_of_a_document_sum_to_zero",
            {"payment_id": "NULL", "invoice_id": document(1), "amount_minor": "1"},
        ),
    ],
)
def test_postings(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("billing_posting", **changes)


def test_an_invoice_is_posted_once_to_an_account(full: House) -> None:
    posted = {"payment_id": "NULL", "invoice_id": document(1), "account": "'tax'"}
    with breaking("invoice_is_posted_once_to_an_account"):
        ask(
            'INSERT INTO billing_posting (operator_id, invoice_id, account, "on", amount_minor)'
            f' SELECT operator_id, {posted["invoice_id"]}, {posted["account"]}, "on", minor'
            " FROM billing_openitem, (VALUES (1), (-1)) AS twice (minor) WHERE left_minor = 0"
        )


@pytest.mark.parametrize(
    ("table", "constraint"),
    [
        ("payment", "payments_never_change"),
        ("allocation", "allocations_never_change"),
        ("posting", "postings_never_change"),
    ],
)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_books_are_closed(full: House, table: str, constraint: str, act: str) -> None:
    with breaking(constraint):
        ask(act.format(f"billing_{table}"))


@pytest.mark.parametrize(
    "name", ["allocations_settle_open_items", "postings_of_a_document_sum_to_zero"]
)
def test_rules_are_looked_at_once_a_statement(db: None, name: str) -> None:
    [(kind,)] = ask("SELECT tgtype FROM pg_trigger WHERE tgname = %s", name)
    inserts, each_row = kind & 4, kind & 1
    assert inserts
    assert not each_row
