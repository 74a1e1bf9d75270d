"""Importing plans: what is read, what is refused where, and what comes of each row."""

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from postroom.base.sheets import Sheet
from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.demo.tables import DATA
from postroom.domain.plan_changes.importing.apply import (
    KEPT,
    apply_import,
    apply_sheet,
    keep_import,
)
from postroom.domain.plan_changes.importing.columns import template
from postroom.domain.plan_changes.importing.judging import Outcome, Result, judge, notes_of
from postroom.domain.plan_changes.importing.reading import read
from postroom.domain.plan_changes.models import PlanImport
from postroom.domain.plans.actions import words_of
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.plans.services import MailType, Offer, Per, Service
from postroom.domain.plans.terms import Allowance, StorageRule, Terms
from tests.conftest import AT, ON

PLANS = DATA / "plans.csv"


def table(*rows: str, columns: str = "plan,monthly_rate") -> bytes:
    return "\n".join([columns, *rows]).encode()


def apply(house: House, content: bytes | Sheet, **more: Any) -> list[Result]:
    sheet = content if isinstance(content, Sheet) else read(content)
    facts = {"file_name": "plans.csv", "by": house.owner, "at": AT, "on": ON} | more
    return apply_sheet(house.operator, sheet, **facts)


def outcomes(results: list[Result]) -> list[Outcome]:
    return [it.outcome for it in results]


def terms(name: str) -> Terms:
    version = latest_version(Plan.objects.get(name=name))
    return terms_of([version])[version.pk]


class TestTheRealTable:
    def test_its_first_row_becomes_bronze(self, in_harbor: House) -> None:
        apply(in_harbor, PLANS.read_bytes())
        each = {"extra_count": 1}
        assert terms("Bronze (typical US location)") == Terms(
            rates={1: 999, 12: 10999},
            allowances={
                Service.INCOMING_MAIL: Allowance(Offer.RESTRICTED, 30, extra_fee_minor=35, **each),
                Service.SCANNED_PAGES: Allowance(Offer.RESTRICTED, 5, extra_fee_minor=50, **each),
                Service.FORWARD: Allowance(Offer.RESTRICTED, 0, extra_fee_minor=500, **each),
                Service.SHRED: Allowance(Offer.RESTRICTED, 0, extra_fee_minor=15, **each),
                Service.RECIPIENTS: Allowance(Offer.RESTRICTED, 4, extra_fee_minor=1000, **each),
                Service.STORAGE: Allowance(Offer.RESTRICTED),
            },
            storage={it: StorageRule(30, 5, Per.DAY) for it in MailType},
        )

    def test_a_bad_row_loses_no_good_one_and_again_nothing_changes(self, in_harbor: House) -> None:
        first = outcomes(apply(in_harbor, PLANS.read_bytes()))
        assert first == [Outcome.NEW] * 37 + [Outcome.ERROR]
        again = outcomes(apply(in_harbor, PLANS.read_bytes()))
        assert again == [Outcome.UNCHANGED] * 37 + [Outcome.ERROR]
        assert Plan.objects.count() == 1 + 37

    def test_nothing_that_was_not_understood_is_lost(self, in_harbor: House) -> None:
        results = apply(in_harbor, PLANS.read_bytes())
        grow = next(it for it in results if it.name == "Grow")
        assert "Not imported: recipients “+20.00/user”." in grow.notes
        assert any(it.startswith("Not found, so not offered: Open & scan") for it in grow.notes)
        assert terms("Grow").allowance(Service.OPEN_AND_SCAN).offer == Offer.NOT_OFFERED

    def test_none_included_at_no_known_fee_is_not_given_away(self, in_harbor: House) -> None:
        apply(in_harbor, PLANS.read_bytes())
        allowances = terms("Virtual Business Address Green").allowances
        assert Service.SCANNED_PAGES not in allowances


class TestOutcomes:
    @pytest.mark.parametrize(
        ("column", "typed", "says"),
        [
            ("monthly_rate", '"9,99"', "not an amount"),
            ("monthly_rate", "-1", "below zero"),
            ("monthly_rate", "1e9", "not an amount"),
            ("monthly_rate", "999999999", "check the zeros"),
            ("annual_rate", "ten", "not an amount"),
            ("incoming_items", "ten", "not an allowance"),
            ("page_scans", "-1", "not an allowance"),
            ("description", "a\0b", "cannot be stored"),
            ("currency", "EUR", "in USD"),
            ("locations", "Atlantis", "no location named"),
            ("visible_signup", "perhaps", "neither yes nor no"),
            ("rate_0_months", "1.00", "from 1 to 120"),
        ],
    )
    def test_an_error_names_its_column(
        self, in_harbor: House, column: str, typed: str, says: str
    ) -> None:
        columns = "plan,monthly_rate" if column == "monthly_rate" else f"plan,monthly_rate,{column}"
        row = f"Teal,{typed}" if column == "monthly_rate" else f"Teal,1.00,{typed}"
        bad, good = apply(in_harbor, table(row, "Olive,2.00", columns=columns))
        assert [(it.column, says in it.sentence) for it in bad.problems] == [(column, True)]
        assert good.outcome is Outcome.NEW
        assert not Plan.objects.filter(name="Teal").exists()

    @pytest.mark.parametrize(
        "row", [",9.99", '"\0",9.99', "Teal,", f"{'x' * 81},1.00", "Teal,9,99"]
    )
    def test_a_row_without_a_name_or_rate_or_with_too_much_is_an_error(
        self, in_harbor: House, row: str
    ) -> None:
        assert outcomes(apply(in_harbor, table(row))) == [Outcome.ERROR]

    def test_a_name_that_is_in_the_file_twice_is_an_error_in_other_case_too(
        self, in_harbor: House
    ) -> None:
        first, second = apply(in_harbor, table("Teal,1.00", "TEAL,2.00"))
        assert (first.outcome, second.outcome) == (Outcome.NEW, Outcome.ERROR)
        assert second.problems[0].sentence.startswith("“TEAL” stands in row 2 already")

    def test_terms_of_a_plan_with_customers_wait_for_the_answer(self, in_harbor: House) -> None:
        content = table("bronze,10.99,New words", columns="plan,monthly_rate,description")
        (result,) = apply(in_harbor, content)
        assert (result.outcome, result.plan_id) == (Outcome.QUESTION, in_harbor.bronze.pk)
        assert result.changes == ["Description changed", "Monthly rate: $9.99 → $10.99"]
        assert PlanVersion.objects.filter(plan=in_harbor.bronze).count() == 1
        assert words_of(Plan.objects.get()) == words_of(in_harbor.bronze)

    def test_words_of_a_plan_with_customers_are_saved(self, in_harbor: House) -> None:
        (result,) = apply(in_harbor, table("bronze,no", columns="plan,visible_signup"))
        assert result.outcome is Outcome.WORDS
        plan = Plan.objects.get()
        assert (plan.name, plan.signup, plan.lead_gen) == ("Bronze", False, True)

    def test_terms_of_a_plan_that_nobody_is_on_make_a_version(self, in_harbor: House) -> None:
        apply(in_harbor, table("Teal,1.00"))
        content = table("Teal,2.00,none", columns="plan,monthly_rate,annual_rate")
        assert outcomes(apply(in_harbor, content)) == [Outcome.VERSION]
        assert latest_version(Plan.objects.get(name="Teal")).reason == "Imported from plans.csv"

    def test_an_empty_cell_keeps_what_a_plan_has(self, in_harbor: House) -> None:
        assert outcomes(apply(in_harbor, table("Bronze,9.99"))) == [Outcome.UNCHANGED]

    def test_a_location_of_ours_is_ticked(self, in_harbor: House) -> None:
        place = in_harbor.locations[1]
        row = f"Teal,1.00,{place.name.upper()}"
        apply(in_harbor, table(row, columns="plan,monthly_rate,locations"))
        assert words_of(Plan.objects.get(name="Teal")).locations == {place.pk}

    def test_the_dry_run_says_the_same_and_writes_nothing(self, in_harbor: House) -> None:
        sheet = read(PLANS.read_bytes())
        dry = [it.result for it in judge(in_harbor.operator, sheet, on=ON)]
        assert Plan.objects.count() == 1
        wet = apply(in_harbor, sheet)
        assert [replace(it, plan_id=None) for it in wet] == dry

    def test_a_larger_table_takes_no_more_queries(
        self, in_harbor: House, django_assert_num_queries: Any
    ) -> None:
        apply(in_harbor, PLANS.read_bytes())
        sheet = read(table(*(f"Plan {count},1.00" for count in range(200))))
        with django_assert_num_queries(7):
            judge(in_harbor.operator, sheet, on=ON)

    def test_the_template_imports_as_it_is(self, in_harbor: House) -> None:
        for locale in ("en_US", "de_DE"):
            in_harbor.operator.locale = locale
            sheet = read(template("USD", locale).encode(), locale=locale)
            assert notes_of(sheet) == []
            (result,) = (it.result for it in judge(in_harbor.operator, sheet, on=ON))
            assert result.outcome is Outcome.NEW

    def test_unknown_columns_are_said(self) -> None:
        assert "“colour”" in notes_of(read(b"plan,colour\nTeal,teal"))[0]


class TestKept:
    def test_applied_twice_it_is_applied_once(self, in_harbor: House) -> None:
        kept = keep_import(
            in_harbor.operator,
            file_name="a\0.csv",
            content=table("Teal,1.00", ","),
            by=in_harbor.owner,
            at=AT,
        )
        facts = {"by": in_harbor.owner, "at": AT, "on": ON}
        assert apply_import(kept, **facts) == apply_import(kept, **facts)
        assert Plan.objects.filter(name="Teal").count() == 1
        assert kept.file_name == "a.csv"

    def test_a_file_that_nobody_applied_is_forgotten(self, in_harbor: House) -> None:
        facts = {"file_name": "a.csv", "content": table("Teal,1.00"), "by": in_harbor.owner}
        for at in (AT, AT + KEPT, AT + 3 * KEPT):
            keep_import(in_harbor.operator, at=at, **facts)
        assert [it.at for it in PlanImport.objects.all()] == [AT + 3 * KEPT]

    def test_a_neighbour_does_not_see_it(self, harbor: House, make_house: Any) -> None:
        neighbor = make_house("Neighbor Post")
        with as_operator(harbor.operator.pk):
            keep_import(harbor.operator, file_name="a", content=b"plan\nA", by=harbor.owner, at=AT)
        with as_operator(neighbor.operator.pk):
            assert not PlanImport.objects.exists()


class TestTheCommand:
    def run(self, house: House, file: Path, **options: Any) -> str:
        out = io.StringIO()
        call_command("import_plans", str(file), operator=house.operator.slug, stdout=out, **options)
        return out.getvalue()

    def test_it_imports_and_says_so(self, harbor: House, tmp_path: Path) -> None:
        file = tmp_path / "plans.csv"
        file.write_bytes(table("Teal,1.00"))
        assert "1 new" in self.run(harbor, file, dry_run=True)
        assert "1 new" in self.run(harbor, file)
        assert json.loads(self.run(harbor, file, json=True))["rows"][0]["outcome"] == "unchanged"

    def test_an_error_in_a_row_ends_it_with_1(self, harbor: House) -> None:
        with pytest.raises(SystemExit) as ended:
            self.run(harbor, PLANS)
        assert ended.value.code == 1
        with as_operator(harbor.operator.pk):
            assert Plan.objects.count() == 38

    def test_one_provider_alone(self, harbor: House) -> None:
        assert "6 new." in self.run(harbor, PLANS, provider="anytime mailbox")

    @pytest.mark.parametrize("content", [b"", None])
    def test_a_file_that_cannot_be_read_ends_it_with_2(
        self, harbor: House, tmp_path: Path, content: bytes | None
    ) -> None:
        file = tmp_path / "plans.csv"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(CommandError) as ended:
            self.run(harbor, file)
        assert ended.value.returncode == 2
        assert "\n" not in str(ended.value)


def test_the_tables_constraint_holds(in_harbor: House) -> None:
    kept = keep_import(
        in_harbor.operator, file_name="a", content=b"plan\nA", by=in_harbor.owner, at=AT
    )
    kept.applied_at = AT
    broken = pytest.raises(IntegrityError, match="an_applied_import_has_results")
    with broken, transaction.atomic():
        kept.save(update_fields=["applied_at"])


def test_the_day_of_an_import_is_the_day_of_its_plans(in_harbor: House) -> None:
    apply(in_harbor, table("Teal,1.00"), on=date(2026, 3, 1))
    assert latest_version(Plan.objects.get(name="Teal")).sold_from == date(2026, 3, 1)
