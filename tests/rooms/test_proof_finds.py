"""A fault of each kind is planted in sound books, and is found, named, and alone."""

from dataclasses import dataclass

import pytest

from postroom.domain.billing.models import Invoice, InvoiceLine, LineKind
from postroom.domain.proof.models import Check, Kind
from postroom.domain.subscriptions.models import Subscription
from tests.rooms.billing_worlds import Shop
from tests.rooms.proof_worlds import LATER, keep_books, moved, plant, proved


@dataclass
class Books:
    """Sound books, and what is looked for in them."""

    shop: Shop
    who: dict[str, Subscription]

    def line(self, who: str, kind: LineKind, place: int = 0) -> InvoiceLine:
        found = InvoiceLine.objects.filter(invoice__subscription=self.who[who], kind=kind)
        return found.select_related("invoice").order_by("pk")[place]

    def found(self) -> list[tuple[str, str]]:
        """Will prove the books and return in which checks what differs, without repeating."""
        _, differences = proved(self.shop.operator, self.shop.at(LATER))
        self.said = [f"{it.sentence} {it.stored} / {it.right}" for it in differences]
        self.about = [(it.invoice_id, it.subscription_id) for it in differences]
        return sorted({(it.check_name, it.kind) for it in differences})


@pytest.fixture
def books(bare_shop: Shop) -> Books:
    return Books(bare_shop, keep_books(bare_shop))


def test_sound_books_agree(books: Books) -> None:
    proof, differences = proved(books.shop.operator, books.shop.at(LATER))
    assert differences == []
    assert (proof.invoices, proof.lines) == (Invoice.objects.count(), InvoiceLine.objects.count())
    assert proof.documents == proof.invoices + 1
    assert set(proof.looked_at) == set(Check.values)
    assert 0 not in proof.looked_at.values()


def test_a_wrong_amount(books: Books) -> None:
    line = books.line("ana", LineKind.RATE)
    change = "UPDATE billing_invoiceline SET amount_minor = 3101 WHERE id = "
    plant(f"{change}{line.pk}", *moved(line.invoice, 1))
    assert books.found() == [(Check.LINES, Kind.AMOUNT)]
    assert books.about == [(line.invoice_id, books.who["ana"].pk)]
    assert books.said == [
        "Rate, Jan 1, 2024 to Jan 31, 2024, on number 1 comes to something else."
        " amount $31.01 / amount $31.00"
    ]


@pytest.mark.parametrize(
    ("who", "kind", "place", "column", "value", "said"),
    [
        ("ana", LineKind.RATE, 0, "rate_minor", "9900", "rate $99.00 / rate $31.00"),
        ("ana", LineKind.RATE, 1, "days", "28", "days 28 / days 29"),
        ("ana", LineKind.EXTRA, 0, "used", "6", "used 6 / used 5"),
        ("ana", LineKind.EXTRA, 0, '"limit"', "1", "limit 1 / limit 2"),
        ("cy", LineKind.CREDIT, 0, "days", "18", "days 18 / days 19"),
        ("cy", LineKind.CREDIT, 0, "tax_included", "true", "tax included True / tax"),
    ],
)
def test_a_wrong_figure(
    books: Books, who: str, kind: LineKind, place: int, column: str, value: str, said: str
) -> None:
    line = books.line(who, kind, place)
    plant(f"UPDATE billing_invoiceline SET {column} = {value} WHERE id = {line.pk}")
    assert (Check.LINES, Kind.FIGURE) in books.found()
    assert said in books.said[0]
    assert books.about[0] == (line.invoice_id, books.who[who].pk)
    others = set(books.found()) - {(Check.LINES, Kind.FIGURE)}
    assert others == ({(Check.TAXES, Kind.TAX)} if column == "tax_included" else set())


def test_usage_changed_without_a_correction(books: Books) -> None:
    plant("UPDATE usage_usageentry SET quantity = 6")
    assert books.found() == [(Check.LINES, Kind.AMOUNT)]
    assert "used 5, over 3, amount $3.00 / used 6, over 4, amount $4.00" in books.said[0]


def test_a_missing_line(books: Books) -> None:
    line = books.line("ana", LineKind.EXTRA)
    plant(f"DELETE FROM billing_invoiceline WHERE id = {line.pk}", *moved(line.invoice, -300))
    assert books.found() == [(Check.LINES, Kind.MISSING)]
    assert books.said[0].startswith("Extra for Shred, Jan 1, 2024 to Jan 31, 2024, is owed")


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("ana", LineKind.RATE),
        ("cy", LineKind.CREDIT),
        ("ana", LineKind.SETUP),
        ("ana", LineKind.DEPOSIT),
        ("di", LineKind.DEPOSIT_RETURN),
    ],
)
def test_a_missing_line_of_each_kind(books: Books, who: str, kind: LineKind) -> None:
    line = books.line(who, kind)
    plant(f"DELETE FROM billing_invoiceline WHERE id = {line.pk}")
    found = books.found()
    assert (Check.LINES, Kind.MISSING) in found
    assert books.said[0].startswith(kind.label)
    assert {check for check, _ in found} <= {"lines", "totals", "taxes", "postings"}


def test_a_line_that_is_not_owed(books: Books) -> None:
    line = books.line("ana", LineKind.EXTRA)
    plant(
        "INSERT INTO billing_invoiceline (operator_id, invoice_id, kind, term_id, service,"
        " starts_on, ends_on, revision, amount_minor, plan_name, billed_before_minor,"
        " tax_included, text) SELECT operator_id, invoice_id, kind, term_id, 'forward', starts_on,"
        f" ends_on, 0, 50, '', 0, false, '' FROM billing_invoiceline WHERE id = {line.pk}",
        *moved(line.invoice, 50),
    )
    assert books.found() == [(Check.LINES, Kind.NOT_OWED)]
    assert "Extra for Forward" in books.said[0]


def test_a_rate_billed_twice(books: Books) -> None:
    line = books.line("ana", LineKind.EXTRA)
    plant(
        "UPDATE billing_invoiceline SET kind = 'rate', service = '', revision = 1"
        f" WHERE id = {line.pk}"
    )
    assert books.found() == [(Check.LINES, Kind.MISSING), (Check.LINES, Kind.NOT_OWED)]


def test_a_wrong_total(books: Books) -> None:
    line = books.line("ana", LineKind.RATE)
    plant(*moved(line.invoice, 100))
    assert books.found() == [(Check.TOTALS, Kind.TOTAL)]
    assert "before tax $57.00, total $57.00 / before tax $56.00, total $56.00" in books.said[0]


def test_credit_that_was_not_used(books: Books) -> None:
    line = books.line("ana", LineKind.RATE)
    plant(f"UPDATE billing_invoice SET credited_minor = 5 WHERE id = {line.invoice_id}")
    assert books.found() == [(Check.TOTALS, Kind.TOTAL)]


def test_a_wrong_tax(books: Books) -> None:
    line = books.line("cy", LineKind.TAX)
    change = f"UPDATE billing_invoiceline SET amount_minor = amount_minor + 1 WHERE id = {line.pk}"
    plant(change, *moved(line.invoice, 1, account="tax"))
    assert books.found() == [(Check.TAXES, Kind.TAX)]
    assert "$3.61 at 10 % / $3.60 at 10 %" in books.said[0]


def test_included_tax_that_is_not_contained(books: Books) -> None:
    line = books.line("ana", LineKind.RATE)
    plant(f"UPDATE billing_invoice SET included_tax_minor = 9 WHERE id = {line.invoice_id}")
    assert books.found() == [(Check.POSTINGS, Kind.POSTING), (Check.TAXES, Kind.TAX)]
