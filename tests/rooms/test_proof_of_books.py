"""Faults planted in charges, books, numbers, terms and promises: found, named, and alone."""

import pytest

from postroom.domain.billing.models import Invoice, LineKind
from postroom.domain.proof.models import Check, Kind
from postroom.domain.subscriptions.models import Term
from tests.rooms.proof_worlds import plant
from tests.rooms.test_proof_finds import Books, books

__all__ = ["books"]


def test_a_charge_billed_otherwise_than_entered(books: Books) -> None:
    plant("UPDATE billing_charge SET amount_minor = 600")
    assert books.found() == [(Check.CHARGES, Kind.CHARGE)]
    assert "“A key” is not billed as it was entered. $7.00 on number" in books.said[0]


def test_a_charge_that_is_said_to_be_billed(books: Books) -> None:
    line = books.line("ana", LineKind.CHARGE)
    plant(f"DELETE FROM billing_invoiceline WHERE id = {line.pk}")
    assert (Check.CHARGES, Kind.CHARGE) in books.found()


def test_a_wrong_posting(books: Books) -> None:
    line = books.line("ana", LineKind.RATE)
    where = f"WHERE invoice_id = {line.invoice_id} AND account = 'revenue'"
    plant(f"UPDATE billing_posting SET account = 'tax' {where}")
    assert books.found() == [(Check.POSTINGS, Kind.POSTING)]
    assert "Number 1 is not posted as it says." in books.said[0]


def test_postings_that_do_not_sum_to_nothing(books: Books) -> None:
    plant("UPDATE billing_posting SET amount_minor = 999 WHERE account = 'cash'")
    assert books.found() == [(Check.POSTINGS, Kind.POSTING)]
    assert "Cash $9.99, Receivable -$10.00 / Cash $10.00, Receivable -$10.00" in books.said[0]


def test_a_payment_changed_afterwards(books: Books) -> None:
    plant("UPDATE billing_payment SET amount_minor = 900")
    assert books.found() == [(Check.OPEN_ITEMS, Kind.OPEN_ITEM), (Check.POSTINGS, Kind.POSTING)]


def test_a_wrong_open_item(books: Books) -> None:
    number = books.line("ana", LineKind.RATE, 2).invoice
    plant(f"UPDATE billing_openitem SET left_minor = 1 WHERE invoice_id = {number.pk}")
    assert books.found() == [(Check.ACCOUNTS, Kind.ACCOUNT), (Check.OPEN_ITEMS, Kind.OPEN_ITEM)]
    assert "The open items of Ana are not what was posted." in " ".join(books.said)


def test_a_gap_in_numbers(books: Books) -> None:
    last = Invoice.objects.latest("number").number
    plant(
        f"UPDATE billing_invoice SET number = {last + 2} WHERE number = {last}",
        f"UPDATE billing_numberseries SET last_number = {last + 2}",
    )
    assert books.found() == [(Check.NUMBERS, Kind.NUMBER)]
    assert f"Numbers {last} to {last + 1} are missing." in books.said[0]


def test_a_series_that_does_not_follow(books: Books) -> None:
    plant("UPDATE billing_numberseries SET last_number = last_number + 1")
    assert books.found() == [(Check.NUMBERS, Kind.NUMBER)]


def test_a_gap_in_terms(books: Books) -> None:
    plant(f"UPDATE subscriptions_term SET ends_on = ends_on - 1 WHERE id = {first(books, 'bo')}")
    assert books.found() == [(Check.TERMS, Kind.GAP)]
    assert "Mar 15, 2024 / Mar 14, 2024" in books.said[0]


def test_an_overlap_of_terms(books: Books) -> None:
    term = Term.objects.get(subscription=books.who["eve"], seq=2).pk
    plant(f"UPDATE subscriptions_term SET ends_on = ends_on + 1 WHERE id = {term}")
    assert books.found() == [(Check.TERMS, Kind.OVERLAP)]


def test_a_period_off_its_billing_day(books: Books) -> None:
    change = "UPDATE subscriptions_term SET whole_starts_on = whole_starts_on - 1 WHERE id = "
    plant(f"{change}{first(books, 'bo')}")
    assert books.found() == [(Check.TERMS, Kind.PERIOD)]


@pytest.mark.parametrize(
    "change",
    [
        "next_bill_on = next_bill_on + 20",
        "next_bill_on = NULL, closes_on = '2030-01-01'",
        "next_term_on = next_term_on + 1",
        "month_ends_on = month_ends_on + 1",
        "month_starts_on = month_starts_on - 1",
        "billed_seq = 9",
        "months = 2",
    ],
)
def test_a_subscription_that_would_not_be_billed(books: Books, change: str) -> None:
    plant(f"UPDATE subscriptions_subscription SET {change} WHERE id = {books.who['bo'].pk}")
    assert books.found() == [(Check.TERMS, Kind.CURSOR)]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE subscriptions_clearance SET first_day = '2024-03-02'",
        "UPDATE subscriptions_clearance SET last_day = '2024-02-25'",
        "UPDATE subscriptions_clearance SET recorded_at = '2024-04-02T12:00Z'",
        "UPDATE subscriptions_clearance SET version_id = (SELECT min(id) FROM plans_planversion)",
        "INSERT INTO subscriptions_clearancevoid (operator_id, clearance_id, reason, at)"
        " SELECT operator_id, id, 'A slip', '2024-02-20T12:00Z' FROM subscriptions_clearance",
    ],
)
def test_worse_terms_that_nobody_was_told_of(books: Books, change: str) -> None:
    plant(change)
    assert books.found() == [(Check.FAITH, Kind.UNTOLD)]
    assert books.about == [(None, books.who["flo"].pk)]


def first(books: Books, who: str) -> int:
    """Will return the id of somebody's first term."""
    return Term.objects.get(subscription=books.who[who], seq=1).pk
