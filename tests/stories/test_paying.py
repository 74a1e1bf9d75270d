"""Customers pay: a check over two invoices, a check that bounces, an invoice put right."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice, InvoiceLine, LineKind, OpenItem, Payment
from postroom.domain.billing.receivables import receivables
from postroom.domain.billing.running import bill_operator
from tests.stories.steps import My, today_of

pytestmark = pytest.mark.browser
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def billed(house: House) -> House:
    """The house with everybody billed up to today: Ana and Bo by the month."""
    bill_operator(house.operator, at=datetime.now(UTC))
    return house


def desk(house: House, rest: str = "") -> str:
    return f"/desk/{house.operator.slug}/{rest}"


def left(house: House, who: str = "ana") -> list[int]:
    """Will return what is left of a customer's invoices, the oldest first."""
    with as_operator(house.operator.pk):
        items = OpenItem.objects.filter(customer=house.customers[who], invoice__isnull=False)
        return list(items.order_by("invoice__number").values_list("left_minor", flat=True))


def owed(house: House) -> int:
    with as_operator(house.operator.pk):
        return receivables(on=today_of(house)).owed


def find_ana(page: Page, house: House) -> None:
    """From Billing to the payments, and there to whoever paid."""
    page.goto(desk(house, "billing/payments/"))
    page.get_by_role("main").get_by_role("link", name="Record a payment").first.click()
    page.get_by_label("Who paid?").fill("alvarez")
    page.get_by_role("table").get_by_role("link", name="Ana Alvarez").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Record a payment from Ana Alvarez")


def test_a_check_over_two_invoices(billed: House, page: Page, my: My) -> None:
    before, first = owed(billed), left(billed)
    my.sign_in(page, billed)
    find_ana(page, billed)
    page.get_by_role("textbox", name="Amount").fill("15.50")
    page.get_by_label("Reference").fill("1044")
    page.get_by_label("The amounts below").check()
    amounts = page.get_by_role("table").get_by_role("textbox")
    amounts.nth(0).fill("9.99")
    amounts.nth(1).fill("6")
    expect(page.locator("[data-rest]")).to_have_text("-$0.49")
    amounts.nth(1).fill("5")
    expect(page.locator("[data-rest]")).to_have_text("$0.51")
    my.axe(page)
    my.snap(page, "payment-new")
    page.get_by_role("button", name="Record payment").dblclick()
    expect(page.get_by_role("status")).to_contain_text("Recorded: $15.50 from Ana Alvarez")
    my.axe(page)
    my.snap(page, "payment")
    assert left(billed)[:2] == [0, first[1] - 500]
    assert owed(billed) == before - 1499
    page.goto(desk(billed, "billing/receivables/"))
    expect(page.locator(".ages")).to_contain_text(billed.operator.show(before - 1499))
    my.axe(page)
    my.snap(page, "receivables")


def pay(page: Page, house: House, amount: str) -> None:
    """Will record a check of Ana's, for the oldest invoices first."""
    find_ana(page, house)
    page.get_by_role("textbox", name="Amount").fill(amount)
    page.get_by_role("button", name="Record payment").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded:")


def test_it_bounces(billed: House, page: Page, my: My) -> None:
    before = left(billed)
    my.sign_in(page, billed)
    pay(page, billed, "15.00")
    page.get_by_role("link", name="Take it back").click()
    expect(page.get_by_role("main")).to_contain_text("These are open again:")
    my.axe(page)
    my.snap(page, "payment-take-back")
    page.get_by_role("button", name="Take back $15.00").click()
    expect(page.get_by_role("main")).to_contain_text("Say why.")
    page.get_by_label("Why").fill("The check bounced")
    page.get_by_role("button", name="Take back $15.00").click()
    expect(page.get_by_role("status")).to_contain_text("Taken back: $15.00")
    my.axe(page)
    my.snap(page, "payment-taken-back")
    assert left(billed) == before
    with as_operator(billed.operator.pk):
        taken = Payment.objects.get(takes_back__isnull=False)
        assert (taken.amount_minor, taken.reason) == (-1500, "The check bounced")


def credit(page: Page, my: My) -> None:
    """From the invoice: by how much and why, what would be issued, and the document."""
    page.get_by_role("link", name="Adjust").click()
    page.get_by_label("Amount before tax").fill("2.50")
    page.get_by_label("Why").fill("The scanner was down")
    my.axe(page)
    my.snap(page, "adjust")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("main")).to_contain_text("$2.50 stays in the customer’s favour")
    my.axe(page)
    my.snap(page, "adjust-confirm")
    page.get_by_role("button", name="Issue").click()
    expect(page.get_by_role("main")).to_contain_text("Adjusts invoice 1")


def test_an_invoice_is_adjusted_and_the_credit_paid_back(billed: House, page: Page, my: My) -> None:
    my.sign_in(page, billed)
    pay(page, billed, billed.operator.show(sum(left(billed))).lstrip("$"))
    page.get_by_role("link", name="Invoice 1", exact=True).click()
    credit(page, my)
    my.axe(page)
    my.snap(page, "invoice-adjusting")
    page.get_by_role("link", name="Pay back").click()
    page.get_by_label("Why").fill("Asked for it")
    my.axe(page)
    my.snap(page, "pay-back")
    page.get_by_role("button", name="Record refund").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Refund of $2.50")
    with as_operator(billed.operator.pk):
        note = Invoice.objects.get(adjusts__number=1)
        line = InvoiceLine.objects.get(invoice=note, kind=LineKind.ADJUSTMENT)
        assert (note.total_minor, line.text) == (-250, "The scanner was down")
        assert OpenItem.objects.get(invoice=note).left_minor == 0
        assert Payment.objects.get(amount_minor=-250).reason == "Asked for it"


def test_what_it_pays_is_changed_by_keyboard(billed: House, phone: Page, my: My) -> None:
    my.sign_in(phone, billed)
    pay(phone, billed, "9.99")
    phone.get_by_role("link", name="Change what it pays").click()
    amounts = phone.get_by_role("table").get_by_role("textbox")
    amounts.first.fill("")
    amounts.last.fill("9.99")
    expect(phone.locator("[data-rest]")).to_have_text("$0.00")
    my.axe(phone)
    my.snap(phone, "payment-pays")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("Changed. All of it is used.")
    found = left(billed)
    assert (found[0], found[-1]) == (999, 0)


def test_the_pages_in_the_hand(billed: House, phone: Page, my: My) -> None:
    my.sign_in(phone, billed)
    pay(phone, billed, "100.00")
    customer = f"customers/{billed.customers['ana'].pk}"
    for place, name in [
        ("billing/payments/", "payments"),
        ("billing/receivables/", "receivables"),
        ("billing/invoices/", "invoices"),
        ("billing/invoices/1/", "invoice"),
        ("billing/invoices/1/adjust/", "adjust"),
        (f"{customer}/payments/new/?invoice=2", "payment-new"),
        (f"{customer}/statement/", "statement"),
        (f"{customer}/pay-back/", "pay-back"),
        (f"{customer}/", "customer-owes"),
    ]:
        phone.goto(desk(billed, place))
        assert phone.evaluate(OVERFLOW) <= 0, place
        my.axe(phone)
        my.snap(phone, f"{name}-in-the-hand")


def test_without_javascript(billed: House, browser: Browser, server: LiveServer, my: My) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    my.sign_in(page, billed)
    page.goto(desk(billed, f"customers/{billed.customers['ana'].pk}/payments/new/"))
    page.get_by_role("textbox", name="Amount").fill("5.00")
    page.get_by_label("The amounts below").check()
    page.get_by_role("table").get_by_role("textbox").nth(1).fill("5")
    page.get_by_role("button", name="Record payment").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded: $5.00")
    assert left(billed)[:2] == [999, 499]
    context.close()
