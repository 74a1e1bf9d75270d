"""Moving in: what is read of a row, and what is wrong with it, said so that people can act."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from postroom.base.sheets import BrokenWorkbook, EmptyFile, Line
from postroom.demo.cast import House
from postroom.domain.moving_in.columns import NoExternalId, example
from postroom.domain.moving_in.keeping import keep_file
from postroom.domain.moving_in.models import Outcome
from postroom.domain.moving_in.rows import Row, Setting, read_row
from tests.conftest import AT, ON
from tests.rooms.moving_worlds import ADA, bring, rows_of, says, table

PLACES = {"brooklyn - henry st": 1, "henry": 1, "lasky": 2}


def row(locale: str = "en_US", currency: str = "USD", **more: str) -> Row:
    cells = {column: cell for column, cell in {**ADA, **more}.items() if cell}
    return read_row(Line(2, cells), Setting(currency, locale, PLACES, ON))


class TestReading:
    @pytest.mark.parametrize(
        ("locale", "typed"),
        [
            ("en_US", "2026-07-14"),
            ("en_US", "7/14/2026"),
            ("de_DE", "14.07.2026"),
            ("en_GB", "14/07/2026"),
            ("en_US", "2026-07-14 00:00:00"),
        ],
    )
    def test_days_in_the_operators_format(self, locale: str, typed: str) -> None:
        price = "9,99" if locale == "de_DE" else "9.99"
        read = row(locale, paid_through=typed, price=price)
        assert read.rent and read.rent.paid_until == date(2026, 7, 15)

    @pytest.mark.parametrize("typed", ["$9.99", "9.99 USD", "9.99"])
    def test_amounts_with_or_without_their_sign(self, typed: str) -> None:
        read = row(price=typed)
        assert read.rent and read.rent.price_minor == 999

    @pytest.mark.parametrize(
        ("typed", "months"),
        [("Monthly", 1), ("annual", 12), ("6 months", 6), ("3", 3), ("half-yearly", 6)],
    )
    def test_cycles(self, typed: str, months: int) -> None:
        read = row(cycle=typed)
        assert read.rent and read.rent.months == months

    def test_a_location_by_its_slug_and_a_number_with_its_sign(self) -> None:
        read = row(location="Lasky", mailbox="#pmb-12")
        assert read.rent and (read.rent.location_id, read.rent.number) == (2, "PMB-12")

    def test_what_was_defused_for_a_spreadsheet_is_as_it_was(self) -> None:
        assert row(phone="'+1 212 555 0141").details["phone"] == "+1 212 555 0141"


@pytest.mark.parametrize(
    ("column", "typed", "said"),
    [
        ("external_id", "", "Give the customer an external id"),
        ("external_id", "x" * 61, "longer than 60"),
        ("email", "ada", "not an e-mail address"),
        ("country", "Utopia", "two letters"),
        ("kind", "robot", "neither"),
        ("name", "a\0b".replace("\0", "\x01"), "cannot be stored"),
        ("location", "Atlantis", "no location named"),
        ("mailbox", "a b", "not a mailbox number"),
        ("cycle", "weekly", "not a billing cycle"),
        ("price", "9,99", "not an amount"),
        ("price", "", "needs this"),
        ("billing_day", "32", "from 1 to 31"),
        ("billing_day", "14", "must be the billing day"),
        ("paid_through", "14.7.26", "not a day"),
        ("paid_through", "2026-02-30", "not a day"),
        ("paid_through", "2024-07-14", "out of reach"),
        ("starts_on", "2026-08-01", "before the first day"),
        ("starts_on", "0001-01-01", "out of reach"),
        ("mailbox", "", "no mailbox number"),
    ],
)
def test_an_error_says_what_to_do(column: str, typed: str, said: str) -> None:
    assert said in " ".join(it.sentence for it in row(**{column: typed}).problems)


class TestBesideEachOther:
    def test_rows_that_stand_twice_are_refused(self, in_harbor: House) -> None:
        bob = {**ADA, "external_id": "C-2", "name": "Bob"}
        rows = rows_of(bring(in_harbor, ADA, bob, ADA))
        assert [it.outcome for it in rows] == [Outcome.ADDED, Outcome.ERROR, Outcome.ERROR]
        assert "stands in row 2 already" in says(rows[1])

    def test_rows_of_one_customer_agree(self, in_harbor: House) -> None:
        second = {**ADA, "mailbox": "302", "email": "other@customers.example"}
        rows = rows_of(bring(in_harbor, ADA, second))
        assert "Make the rows of one customer agree" in says(rows[1])

    def test_a_number_that_is_rented_names_by_whom(self, in_harbor: House) -> None:
        taken = in_harbor.subscriptions["ana"].mailbox.number
        rows = rows_of(bring(in_harbor, ADA | {"mailbox": taken}, ADA | {"plan": "Gold"}))
        assert "is rented by Ana Alvarez" in says(rows[0])
        assert "no plan named “Gold”" in says(rows[1])


class TestFiles:
    def test_a_workbook_with_days_and_numbers(self, in_harbor: House) -> None:
        book = Workbook()
        book.active.append([*ADA, "billing_day"])
        said = {**ADA, "mailbox": 301, "price": 9.99, "paid_through": date(2026, 7, 14)}
        book.active.append([*said.values(), 15.0])
        content = io.BytesIO()
        book.save(content)
        (only,) = rows_of(bring(in_harbor, content=content.getvalue()))
        assert (only.outcome, only.problems) == (Outcome.ADDED, [])

    def test_the_example_is_taken_in_but_for_its_price(self, in_harbor: House) -> None:
        facts = in_harbor.operator.currency, in_harbor.operator.locale
        (only,) = rows_of(bring(in_harbor, content=example(*facts).encode()))
        assert says(only).startswith("price: No version of “Bronze” costs $9.49 a month")

    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            (b"", EmptyFile),
            (b"name,email\nAda,a@b.example", NoExternalId),
            (b"PK\x03\x04nothing", BrokenWorkbook),
            (b"\x89PNG\r\n", NoExternalId),
        ],
    )
    def test_what_is_no_table_is_refused(
        self, in_harbor: House, content: bytes, refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            keep_file(
                in_harbor.operator,
                file_name="a.csv",
                content=content,
                by=in_harbor.owner,
                at=AT,
                on=ON,
            )

    def test_names_with_accents_and_commas_in_an_old_encoding(self, in_harbor: House) -> None:
        content = table({"external_id": "C-1", "name": "Müller, Søn"}).decode().encode("cp1252")
        kept = bring(in_harbor, content=content)
        assert rows_of(kept)[0].name == "Müller, Søn"
        assert "Western European" in kept.notes[0]
