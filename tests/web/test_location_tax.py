"""The tax of a location: typed in the operator's format, kept exactly, billed from then on."""

from decimal import Decimal
from typing import Any

import pytest

from postroom.base import percent
from postroom.demo.cast import House
from postroom.domain.billing.models import InvoiceLine, LineKind
from postroom.domain.billing.run import bill_due
from postroom.domain.events.models import Event
from postroom.domain.operators.models import Location, Operator, Role
from postroom.domain.operators.taxing import set_tax
from tests.conftest import AT, ON
from tests.web.desk_pages import Desk, page

TAX = {"percent": "8.875", "included": "no", "name": "Sales tax"}


def send(desk: Desk, **changes: str) -> Any:
    return desk.post("location_tax", desk.house.locations[0].pk, **TAX | changes)


def here(house: House) -> Location:
    return Location.objects.get(pk=house.locations[0].pk)


def test_it_is_set_and_billed(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    assert "No tax is set." in desk.text("location_edit", here(in_harbor).pk)
    assert send(desk).status_code == 302
    assert here(in_harbor).tax_percent == Decimal("8.875")
    text = desk.text("location_edit", here(in_harbor).pk)
    assert "Sales tax of 8.875% is added to the amounts of what is billed from now on." in text
    assert "8.875%" in desk.text("settings_locations")
    bill_due(in_harbor.operator, on=ON, at=AT)
    taxes = InvoiceLine.objects.filter(kind=LineKind.TAX, invoice__subtotal_minor=999)
    assert set(taxes.values_list("amount_minor", flat=True)) == {89}


def test_other_locations_keep_theirs(in_harbor: House) -> None:
    send(Desk(in_harbor))
    assert Location.objects.get(pk=in_harbor.locations[1].pk).tax_percent is None


def test_included_adds_nothing(in_harbor: House) -> None:
    assert send(Desk(in_harbor), included="yes", percent="20", name="VAT").status_code == 302
    assert "VAT, 20%, included" in " ".join(
        Desk(in_harbor).text("location_edit", here(in_harbor).pk).replace("\n", " ").split()
    )
    bill_due(in_harbor.operator, on=ON, at=AT)
    assert not InvoiceLine.objects.filter(kind=LineKind.TAX).exists()


def test_the_event_says_what_it_was(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    for typed in ({}, {"percent": "9"}, {"percent": "", "name": "VAT"}, {"name": "VAT"}):
        send(desk, **typed)
    facts = [it.facts["tax_percent"] for it in Event.objects.filter(act="location.tax_set")]
    assert facts == [[None, "8.875"], ["9", None], ["8.875", "9"], [None, "8.875"]]
    text = desk.text("dashboard")
    assert "set the tax to 9%, which was 8.875%." in text
    assert "took the tax of 9% away." in text
    assert "set the tax" not in Desk(in_harbor, Role.CLERK).text("dashboard")


def test_saved_twice_it_is_one_act(in_harbor: House) -> None:
    desk = Desk(in_harbor)
    for _ in range(2):
        send(desk)
    assert Event.objects.filter(act="location.tax_set").count() == 1
    assert "Nothing was changed." in desk.text("settings_locations")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", None),
        ("0", Decimal(0)),
        ("100", Decimal(100)),
        (" 8.875 % ", Decimal("8.875")),
        ("0.0001", Decimal("0.0001")),
        ("8.50000", Decimal("8.5")),
    ],
)
def test_what_may_be_typed(in_harbor: House, typed: str, kept: Decimal | None) -> None:
    Location.objects.update(tax_percent=5)
    assert send(Desk(in_harbor), percent=typed).status_code == 302
    assert here(in_harbor).tax_percent == kept


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"percent": "100.01"}, "percent", "lies between 0 and 100 percent"),
        ({"percent": "-1"}, "percent", "lies between 0 and 100 percent"),
        ({"percent": "99999999999999999999"}, "percent", "lies between 0 and 100 percent"),
        ({"percent": "8.87555"}, "percent", "at most 4 decimal places"),
        ({"percent": "8,875"}, "percent", "is not a percentage. Write it like 8.875."),
        ({"percent": "8.8.7"}, "percent", "is not a percentage"),
        ({"percent": "NaN"}, "percent", "is not a percentage"),
        ({"percent": "１０"}, "percent", "is not a percentage"),
        ({"percent": "."}, "percent", "is not a percentage"),
        ({"name": ""}, "name", "Say what the tax is called on an invoice."),
        ({"name": "x" * 41}, "name", "at most 40 characters"),
        ({"included": "perhaps"}, "included", "Select a valid choice"),
    ],
)
def test_a_refusal_is_at_its_field(
    in_harbor: House, typed: dict[str, str], field: str, said: str
) -> None:
    answer = send(Desk(in_harbor), **typed)
    page(answer, 422)
    form = answer.context["form"]
    assert said in str(form.errors[field])
    assert {name: form[name].value() for name in TAX} == TAX | typed
    assert here(in_harbor).tax_percent is None


def test_it_is_typed_in_the_operators_format(in_harbor: House) -> None:
    Operator.objects.update(locale="de_DE")
    desk = Desk(in_harbor)
    said = str(send(desk, percent="8.875").context["form"].errors["percent"])
    assert "Write it like 8,875." in said
    assert send(desk, percent="8,875").status_code == 302
    assert 'value="8,875"' in desk.text("location_tax", here(in_harbor).pk)


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "fr_CH", "sv_SE", "ja_JP"])
def test_what_is_shown_is_read_again(locale: str) -> None:
    for number in ("0", "8.875", "19", "0.0001", "100"):
        exact = Decimal(number)
        assert percent.parse(percent.plain(exact, locale), locale) == exact
        assert percent.parse(percent.show(exact, locale), locale) == exact


def test_what_was_billed_keeps_its_tax(in_harbor: House) -> None:
    location, owner = here(in_harbor), in_harbor.owner
    facts: dict[str, Any] = {"included": False, "name": "Sales tax", "by": owner, "at": AT}
    set_tax(location, percent=Decimal(10), **facts)
    bill_due(in_harbor.operator, on=ON, at=AT)
    set_tax(location, percent=Decimal(20), **facts)
    percents = InvoiceLine.objects.filter(kind=LineKind.TAX).values_list("tax_percent", flat=True)
    assert set(percents) == {Decimal(10)}


def test_who_may_set_it(in_harbor: House) -> None:
    for role in (Role.MANAGER, Role.CLERK, Role.VIEWER):
        assert send(Desk(in_harbor, role)).status_code == 403
    assert here(in_harbor).tax_percent is None


def test_a_neighbours_location_is_not_there(in_harbor: House, make_house: Any) -> None:
    theirs = make_house("Neighbor Post").locations[0].pk
    assert Desk(in_harbor).get("location_tax", theirs).status_code == 404
