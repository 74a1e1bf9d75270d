"""Reading a file of plans: its makes, its refusals, and the sentences that have one meaning."""

import io

import pytest
from openpyxl import Workbook

from postroom.base.sheets import (
    BrokenTable,
    BrokenWorkbook,
    ColumnTwice,
    EmptyFile,
    OldExcel,
    TooManyRows,
    Unreadable,
)
from postroom.domain.plan_changes.importing.prose import understand
from postroom.domain.plan_changes.importing.reading import NoPlanColumn, read


class TestReading:
    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_columns_are_parted_by_comma_semicolon_or_tab(self, mark: str) -> None:
        sheet = read(f"Plan{mark}Monthly rate\nBronze{mark}9.99\n".encode())
        assert sheet.lines[0].cells == {"plan": "Bronze", "monthly_rate": "9.99"}

    def test_the_mark_of_utf_8_is_no_part_of_the_first_column(self) -> None:
        assert read("\ufeffplan\nBronze".encode()).columns == ["plan"]

    def test_western_european_text_is_read_and_said(self) -> None:
        sheet = read("plan;description\nBrønze;für 5 €".encode("cp1252"))
        assert sheet.lines[0].cells == {"plan": "Brønze", "description": "für 5 €"}
        assert "Western European" in sheet.notes[0]

    def test_utf_16_of_a_spreadsheet_is_read(self) -> None:
        assert (
            read("plan\tmonthly_rate\nDvořák\t1.00".encode("utf-16")).lines[0].cells["plan"]
            == "Dvořák"
        )

    def test_rows_are_numbered_as_in_the_file_and_empty_ones_skipped(self) -> None:
        assert [line.number for line in read(b"\nplan\n\nA\n,\nB").lines] == [4, 6]

    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            (b" \n", EmptyFile),
            (b"name of it,rate\nBronze,1", NoPlanColumn),
            (b"plan,rate,Rate\nBronze,1,2", ColumnTwice),
            (b'plan,rate\n"Bronze,1\n', BrokenTable),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", OldExcel),
            (b"PK\x03\x04 and then nothing", BrokenWorkbook),
            (b"\x89PNG\r\n\x1a\n\x00\x00", NoPlanColumn),
            (b"plan\n" + b"A\n" * 5_001, TooManyRows),
        ],
    )
    def test_what_is_no_table_of_plans_is_refused(
        self, content: bytes, refusal: type[Unreadable]
    ) -> None:
        with pytest.raises(refusal):
            read(content)

    def test_a_workbook_gives_the_values_of_its_formulas(self) -> None:
        book = Workbook()
        book.active.append(["plan", "monthly_rate", "incoming_items", "visible_signup"])
        book.active.append(["Bronze", 9.99, 30.0, True])
        book.active.append(["Silver", "=B2*2", None, False])
        out = io.BytesIO()
        book.save(out)
        first, second = read(out.getvalue()).lines
        assert list(first.cells.values()) == ["Bronze", "9.99", "30", "yes"]
        # Saved by a program that did not work it out: refused later rather than lost.
        assert second.cells["monthly_rate"] == "=B2*2"
        assert read(out.getvalue(), locale="de_DE").lines[0].cells["monthly_rate"] == "9,99"


class TestSentences:
    @pytest.mark.parametrize(
        ("cells", "exact"),
        [
            (
                {"recipients": "1-4 (+10.00/recipient/month)"},
                {
                    "recipients_limit": "4",
                    "recipients_extra_count": "1",
                    "recipients_extra_fee": "10.00",
                },
            ),
            ({"recipients": "up to 6"}, {"recipients_limit": "6"}),
            ({"forwarding": "0 handling + postage"}, {"forward_limit": "unlimited"}),
            (
                {"overage_notes": "no monthly term; 6 months 220.00, 12 months 320.00"},
                {"rate_6_months": "220.00", "rate_12_months": "320.00"},
            ),
            (
                {
                    "storage_days_letter": "30",
                    "overage_notes": "storage 0.10/item/day capped 3.00/item/month",
                },
                {
                    "storage_letter_fee": "0.10",
                    "storage_letter_per": "day",
                    "storage_letter_cap": "3.00",
                },
            ),
        ],
    )
    def test_one_meaning_is_read(self, cells: dict[str, str], exact: dict[str, str]) -> None:
        assert understand(cells, is_amount=lambda _: True).exact == exact

    @pytest.mark.parametrize(
        "cells",
        [
            {"recipients": "+20.00/user"},
            {"forwarding": "0.75 US / 1.25 international"},
            {"forwarding": "2.00"},
            {"shredding": "2.25 up to 10 pages"},
            {"page_scans": "5", "overage_notes": "scan +1.00"},
            {"overage_notes": "incoming +0.35/item"},
            {"overage_notes": "storage 0.05/item/day"},
        ],
    )
    def test_more_than_one_meaning_is_given_back(self, cells: dict[str, str]) -> None:
        said = understand(cells, is_amount=lambda _: True)
        assert (said.exact, len(said.left)) == ({}, 1)
