"""What never changes is not emptied either, not even by the owner of the tables."""

import pytest
from django.db import connection

from postroom.demo.cast import House
from tests.tables import ask, breaking

BOOKS = [
    "events_are_never_edited",
    "versions_never_change",
    "rates_never_change",
    "allowances_never_change",
    "storage_fees_never_change",
    "comparisons_never_change",
    "withdrawals_never_change",
    "clearances_never_change",
    "voids_of_clearances_never_change",
    "the_chosen_never_change",
    "announcements_never_change",
    "notices_never_change",
    "clearances_of_notices_never_change",
    "deliveries_never_change",
    "answers_never_change",
    "words_of_an_envelope_never_change",
    "what_was_scheduled_never_changes",
    "terms_are_never_deleted",
    "usage_entries_never_change",
    "set_asides_never_change",
    "issued_invoices_never_change",
    "lines_of_invoices_never_change",
    "allocations_never_change",
    "payments_never_change",
    "postings_never_change",
    "letterheads_never_change",
    "invoice_deliveries_never_change",
    "differences_never_change",
    "consents_never_change",
]


@pytest.mark.parametrize("book", BOOKS)
def test_truncate_is_refused(in_harbor: House, book: str) -> None:
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    [(table,)] = ask("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", book)
    owner = connection.settings_dict["USER"]
    with breaking(*BOOKS):
        ask(f"SET LOCAL ROLE {owner}")
        ask(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("book", BOOKS)
def test_the_triggers_cover_update_delete_and_truncate(db: None, book: str) -> None:
    [(kind,)] = ask("SELECT tgtype FROM pg_trigger WHERE tgname = %s", book)
    deletes_and_truncates = kind & 8 and kind & 32
    assert deletes_and_truncates
    assert kind & 16 or book == "terms_are_never_deleted"
