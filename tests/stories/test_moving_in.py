"""An owner moves in: a file with slips, put right, taken in, and the first bill is as promised."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from postroom import jobs
from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from tests.asked import do_last
from tests.rooms.moving_worlds import ADA, table
from tests.stories.days import bill
from tests.stories.steps import My, today_of

pytestmark = pytest.mark.browser
#: The page looks again by itself every few seconds.
SOON = 15_000


def bring(page: Page, *rows: dict[str, str]) -> None:
    """Customers, and there on the left Moving in; then the file."""
    page.get_by_role("navigation", name="Top").get_by_role("link", name="Customers").click()
    page.get_by_role("navigation", name="Section").get_by_role("link", name="Moving in").click()
    file = {"name": "customers.csv", "mimeType": "text/csv", "buffer": table(*rows)}
    page.get_by_label("File").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="See what it would do").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("customers.csv")


def invoices(house: House) -> list[tuple[date, int]]:
    with as_operator(house.operator.pk):
        theirs = Invoice.objects.filter(customer__external_id="C-1").order_by("billed_on")
        return list(theirs.values_list("billed_on", "total_minor"))


def test_moving_in(house: House, page: Page, my: My) -> None:
    paid = today_of(house) + timedelta(days=9)
    row = ADA | {"starts_on": "", "price": "9.49", "paid_through": paid.isoformat()}
    my.sign_in(page, house)
    bring(page, row | {"cycle": "weekly", "email": "ada"})
    expect(page.get_by_text("“weekly” is not a billing cycle.")).to_be_visible()
    expect(page.get_by_text("There is nothing to take in.")).to_be_visible()
    my.axe(page)
    bring(page, row)
    page.get_by_label("make “Bronze ($9.49 a month)”").check()
    page.get_by_role("button", name="Make the ticked plans").click()
    expect(page.get_by_text("Made: 1 plan.")).to_be_visible()
    page.get_by_role("button", name="Take in 1 row").click()
    do_last(house, jobs.take_customers_in)
    expect(page.get_by_text("1 added, 0 changed")).to_be_visible(timeout=SOON)
    my.snap(page, "moving-in")
    bill(house, paid)
    assert invoices(house) == []
    bill(house, paid + timedelta(days=1))
    assert invoices(house) == [(paid + timedelta(days=1), 949)]
