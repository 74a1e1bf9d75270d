"""An owner reads the reports and follows a figure to the invoices behind it."""

import re

import pytest
from playwright.sync_api import Page, expect

from postroom import jobs
from postroom.demo.cast import House
from tests.stories.steps import My, today_of
from tests.stories.test_timetable import closed_after_each_job

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures(closed_after_each_job.__name__)]


@pytest.fixture
def billed(house: House) -> House:
    """Harbor Mail with the bills of today."""
    jobs.run_billing(house.operator.pk, today_of(house).isoformat(), house.owner.pk)
    return house


def open_reports(page: Page) -> None:
    """Customers, and there on the left Reports."""
    page.get_by_role("navigation", name="Top").get_by_role("link", name="Customers").click()
    page.get_by_role("navigation", name="Section").get_by_role("link", name="Reports").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")


def test_a_figure_leads_to_its_invoices(billed: House, page: Page, my: My) -> None:
    my.sign_in(page, billed)
    open_reports(page)
    expect(page.get_by_role("img", name=re.compile("Monthly recurring revenue"))).to_be_visible()
    my.axe(page)
    my.snap(page, "reports")
    page.get_by_role("link", name="Revenue by service").click()
    together = page.get_by_role("row", name=re.compile("^Together"))
    figure = together.get_by_role("link").nth(1)
    amount = figure.inner_text()
    my.axe(page)
    my.snap(page, "reports-services")
    figure.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoices")
    expect(page.get_by_text(f"Rates on them: {amount}")).to_be_visible()
    page.locator("tbody a.row-link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Invoice \d+"))


def test_what_moved_in_the_hand(billed: House, phone: Page, my: My) -> None:
    my.sign_in(phone, billed)
    phone.goto(f"/desk/{billed.operator.slug}/reports/")
    phone.get_by_label("Months").select_option("25 months")
    expect(phone).to_have_url(re.compile("months=25"))
    expect(phone.get_by_role("img", name="What moved it, by month")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    my.axe(phone)
    my.snap(phone, "reports")
    phone.get_by_role("table").get_by_role("link", name=re.compile(r"^\+\$")).first.click()
    expect(phone.get_by_text(re.compile("together .* a month"))).to_be_visible()
    expect(phone.get_by_role("link", name="Reports").first).to_be_visible()
    my.axe(phone)
