"""Letterheads: changed by the next one; an invoice keeps what it was issued under."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from postroom.base.refusals import Refused
from postroom.base.text import ControlCharacters
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.run import bill_due
from postroom.domain.documents.invoices import invoice_pdf
from postroom.domain.events.models import Event
from postroom.domain.events.sentences import sentence
from postroom.domain.operators.colors import ColorTooLight, ColorUnknown
from postroom.domain.operators.letterheads import (
    DaysToPayOutOfRange,
    Heading,
    LetterheadAddressTooLong,
    LetterheadEmailUnknown,
    LetterheadNameMissing,
    change_letterhead,
    heading_of,
    letterhead_at,
    newest_letterhead,
)
from postroom.domain.operators.models import Letterhead
from tests.conftest import AT, ON
from tests.pictures import SHAPES, png, title_of

HEADING = Heading(name="Harbor Mail", address="495 Henry St\nBrooklyn, NY 11231")
LATER = AT + timedelta(days=1)


def save(house: House, heading: Heading = HEADING, **facts: Any) -> dict[str, Any]:
    known = {"form": uuid4(), "by": house.owner, "at": AT}
    return change_letterhead(house.operator, heading=heading, **known | facts)


@pytest.mark.parametrize(
    ("typed", "kept"), [("#0B4F7A", "#0b4f7a"), (" 0b4f7a ", "#0b4f7a"), ("", ""), ("  ", "")]
)
def test_a_color_is_kept_in_one_way(in_harbor: House, typed: str, kept: str) -> None:
    save(in_harbor, replace(HEADING, color=typed))
    assert heading_of(in_harbor.operator, newest_letterhead()).color == kept


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("red", ColorUnknown),
        ("#12345", ColorUnknown),
        ("#0b4f7a; }", ColorUnknown),
        ("#ffffff", ColorTooLight),
        # The darkest gray that is too light: 4.48 to 1.
        ("#777777", ColorTooLight),
    ],
)
def test_a_color_carries_white_text(in_harbor: House, typed: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        save(in_harbor, replace(HEADING, color=typed))
    assert newest_letterhead() is None
    save(in_harbor, replace(HEADING, color="#767676"))


def test_without_one_there_is_the_name(in_harbor: House) -> None:
    assert newest_letterhead() is None
    assert letterhead_at(AT) is None
    assert heading_of(in_harbor.operator, None).name == in_harbor.operator.name
    bill_due(in_harbor.operator, on=ON, at=AT)
    assert b"%PDF" in invoice_pdf(Invoice.objects.earliest("number"))


def test_an_invoice_keeps_what_it_was_issued_under(in_harbor: House) -> None:
    save(in_harbor)
    bill_due(in_harbor.operator, on=ON, at=AT + timedelta(hours=1))
    invoice = Invoice.objects.earliest("number")
    before = invoice_pdf(invoice)
    assert title_of(before) == str(invoice)
    save(in_harbor, Heading(name="Harbor & Sons", days_to_pay=0), logo=png(), at=LATER)
    assert invoice_pdf(invoice) == before
    assert letterhead_at(AT).name == "Harbor Mail"
    assert letterhead_at(LATER).name == "Harbor & Sons"
    # One issued before the first letterhead shows that.
    assert letterhead_at(AT - timedelta(days=400)).name == "Harbor Mail"


def test_what_changed_is_recorded(in_harbor: House) -> None:
    save(in_harbor)
    changed = save(in_harbor, Heading(name="Harbor", how_to_pay="By check"), logo=SHAPES, at=LATER)
    assert changed["name"] == ["Harbor Mail", "Harbor"]
    assert changed["logo"] == [False, True]
    event = Event.objects.filter(act="operator.letterhead_changed").latest("at")
    said = sentence(event)
    assert "how to pay" in said
    assert said.endswith("of the letterhead.")


def test_nothing_changed_writes_nothing(in_harbor: House) -> None:
    assert save(in_harbor, logo=png())
    assert save(in_harbor, at=LATER) == {}
    assert save(in_harbor, logo=png(), at=LATER) == {}
    assert Letterhead.objects.count() == 1


def test_the_logo_stays_until_it_is_removed(in_harbor: House) -> None:
    save(in_harbor, logo=png())
    save(in_harbor, Heading(name="Harbor"), at=LATER)
    assert bytes(newest_letterhead().logo) == png()
    assert save(in_harbor, Heading(name="Harbor"), without_logo=True, at=LATER) == {
        "logo": [True, False]
    }
    assert newest_letterhead().logo is None
    assert newest_letterhead().logo_kind == ""


def test_sent_twice_it_is_one(in_harbor: House) -> None:
    form = uuid4()
    assert save(in_harbor, form=form)
    assert save(in_harbor, Heading(name="Other"), form=form) == {}
    assert newest_letterhead().name == "Harbor Mail"


def test_what_is_typed_is_tidied(in_harbor: House) -> None:
    typed = Heading(name="  Harbor   Mail ", address="\n 1 Elm  St \r\nTown\n\n", phone=" 1  2 ")
    save(in_harbor, typed)
    now = newest_letterhead()
    assert (now.name, now.address, now.phone) == ("Harbor Mail", "1 Elm St\nTown", "1 2")


@pytest.mark.parametrize(
    ("heading", "refusal", "field"),
    [
        (Heading(name=" "), LetterheadNameMissing, "name"),
        (Heading(name="A", address="1\n2\n3\n4\n5\n6\n7"), LetterheadAddressTooLong, "address"),
        (Heading(name="A", email="a@b\nBcc: c@d.example"), LetterheadEmailUnknown, "email"),
        (Heading(name="A", days_to_pay=-1), DaysToPayOutOfRange, "days_to_pay"),
        (Heading(name="A", days_to_pay=366), DaysToPayOutOfRange, "days_to_pay"),
        (Heading(name="A\x00"), ControlCharacters, None),
    ],
)
def test_refusals(
    in_harbor: House, heading: Heading, refusal: type[Refused], field: str | None
) -> None:
    with pytest.raises(refusal) as refused:
        save(in_harbor, heading)
    assert refused.value.field == field
    assert not Letterhead.objects.exists()


def test_a_neighbour_has_its_own(in_harbor: House, make_house: Any) -> None:
    save(in_harbor)
    theirs = make_house("Neighbor Post")
    assert Letterhead.objects.filter(operator=theirs.operator).count() == 0
