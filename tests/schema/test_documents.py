"""Each constraint of letterheads and of invoices by mail, broken by name."""

import pytest

from postroom.demo.cast import House
from tests.tables import again, ask, breaking, change

FORM = {"entered_by_form": "gen_random_uuid()"}


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("letterhead_is_entered_once_by_a_form", {}),
        ("letterhead_has_a_name", FORM | {"name": "''"}),
        ("letterhead_has_a_color_in_six_digits", FORM | {"color": "'#17323A'"}),
        ("letterhead_has_a_color_in_six_digits", FORM | {"color": "'red'"}),
        ("letterhead_gives_a_year_to_pay_at_most", FORM | {"days_to_pay": "366"}),
        ("letterhead_knows_the_kind_of_its_logo", FORM | {"logo_kind": "''"}),
        ("letterhead_knows_the_kind_of_its_logo", FORM | {"logo_kind": "'gif'"}),
        ("letterhead_knows_the_kind_of_its_logo", FORM | {"logo": "NULL"}),
        (
            "letterhead_has_a_logo_of_200_kb_at_most",
            FORM | {"logo": "decode(repeat('00', 200001), 'hex')"},
        ),
    ],
)
def test_letterheads(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("operators_letterhead", **changes)


@pytest.mark.parametrize("act", ["UPDATE {} SET name = 'x'", "DELETE FROM {}"])
def test_letterheads_are_a_closed_book(full: House, act: str) -> None:
    with breaking("letterheads_never_change"):
        ask(act.format("operators_letterhead"))


def test_an_operator_has_one_outbox(full: House) -> None:
    with breaking("operator_has_one_outbox"):
        again("documents_outbox")


def test_an_invoice_is_mailed_once(full: House) -> None:
    with breaking("invoice_is_mailed_once"):
        again("documents_invoicemail")


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("invoice_mail_state_is_known", {"state": "'lost'", "next_try_at": "NULL"}),
        ("invoice_mail_is_tried_while_it_waits", {"next_try_at": "NULL"}),
        ("invoice_mail_is_tried_while_it_waits", {"state": "'sent'"}),
        (
            "invoice_mail_is_tried_while_it_waits",
            {
                "state": "'sent'",
                "next_try_at": "NULL",
                "claim": "gen_random_uuid()",
                "claimed_at": "moved_at",
            },
        ),
        ("invoice_mail_claim_has_an_instant", {"claim": "gen_random_uuid()"}),
        ("invoice_mail_claim_has_an_instant", {"claimed_at": "moved_at"}),
    ],
)
def test_mails(full: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        change("documents_invoicemail", **changes)


def test_deliveries(full: House) -> None:
    with breaking("invoice_delivery_outcome_is_known"):
        again("documents_invoicedelivery", outcome="'lost'")


@pytest.mark.parametrize("act", ["UPDATE {} SET said = 'x'", "DELETE FROM {}"])
def test_deliveries_are_a_closed_book(full: House, act: str) -> None:
    with breaking("invoice_deliveries_never_change"):
        ask(act.format("documents_invoicedelivery"))
