"""A manager tries the billing out, bills, and reads what became of it."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from postroom import jobs
from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.dry_run import plan_dry_run
from postroom.domain.billing.models import BillingRun, Invoice
from tests.asked import do_last
from tests.stories.steps import My, today_of

pytestmark = pytest.mark.browser
#: The page looks again by itself every few seconds.
SOON = 15_000


def open_billing(page: Page) -> None:
    """Customers, and there on the left Billing."""
    page.get_by_role("navigation", name="Top").get_by_role("link", name="Customers").click()
    page.get_by_role("navigation", name="Section").get_by_role("link", name="Billing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Billing")


def dry_run_done(house: House) -> None:
    """Will do a dry run of today."""
    with as_operator(house.operator.pk):
        run = plan_dry_run(house.operator, on=today_of(house), by=house.owner, at=datetime.now(UTC))
    jobs.dry_run_billing(house.operator.pk, run.pk)


def billed(house: House) -> None:
    """Will bill what is due, as the timetable does."""
    jobs.run_billing(house.operator.pk, today_of(house).isoformat(), house.owner.pk)


def test_tried_out(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    open_billing(page)
    expect(page.get_by_text("4 subscriptions due today")).to_be_visible()
    my.axe(page)
    my.snap(page, "billing")
    # By keyboard: the day is today already.
    page.get_by_label("Up to and including").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("It waits for a worker.")).to_be_visible()
    do_last(house, jobs.dry_run_billing)
    expect(page.get_by_text("It would come to")).to_be_visible(timeout=SOON)
    expect(page.locator(".status-badge")).to_have_text("Finished", timeout=SOON)
    my.axe(page)
    my.snap(page, "billing-dry-run")


def test_billed_as_the_dry_run_said(house: House, page: Page, my: My) -> None:
    dry_run_done(house)
    my.sign_in(page, house)
    open_billing(page)
    page.get_by_role("link", name="Bill now").click()
    with as_operator(house.operator.pk):
        dry_run = BillingRun.objects.get(dry=True)
    total = house.operator.show(dry_run.total_minor)
    expect(page.get_by_text(total)).to_be_visible()
    my.axe(page)
    my.snap(page, "billing-now")
    page.get_by_role("button", name="Bill now").dblclick()
    expect(page.get_by_text("waits for a worker.")).to_be_visible()
    do_last(house, jobs.run_billing)
    expect(page.get_by_text("Nothing is due today")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("row").filter(has_text=total)).to_have_count(2)


def test_an_invoice_is_found_and_read(house: House, page: Page, my: My) -> None:
    billed(house)
    my.sign_in(page, house)
    open_billing(page)
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.get_by_role("link", name="Its invoices").click()
    page.get_by_label("Search", exact=True).fill("ana")
    expect(page.locator("#rows tbody")).not_to_contain_text("Bo Berg", timeout=SOON)
    my.axe(page)
    my.snap(page, "invoices")
    page.locator("#rows tbody").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Invoice \d+"))
    expect(page.get_by_text("Bronze, 1 month: ")).to_be_visible()
    my.axe(page)
    my.snap(page, "invoice")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Invoices")).not_to_be_visible()
    my.snap(page, "invoice-on-paper")


def test_invoices_in_the_hand(house: House, phone: Page, my: My) -> None:
    billed(house)
    my.sign_in(phone, house)
    with as_operator(house.operator.pk):
        number = Invoice.objects.latest("number").number
    for place in ("", "now/", "invoices/", f"invoices/{number}/"):
        phone.goto(f"/desk/{house.operator.slug}/billing/{place}")
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert phone.evaluate(width) <= 0, place
        my.axe(phone)
        my.snap(phone, f"billing-{place.partition('/')[0]}-in-the-hand")


def test_without_javascript(house: House, browser: Browser, server: LiveServer, my: My) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    my.sign_in(page, house)
    page.goto(f"/desk/{house.operator.slug}/billing/")
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_text("It waits for a worker.")).to_be_visible()
    do_last(house, jobs.dry_run_billing)
    page.get_by_role("link", name="Look again").click()
    expect(page.locator(".status-badge")).to_have_text("Finished")
    context.close()
