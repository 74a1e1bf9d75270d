"""A customer switches, is charged, leaves and stays: what the desk says is what is billed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.models import Charge, Invoice
from postroom.domain.billing.running import bill_operator
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.models import Subscription, Switch, SwitchState, Term
from tests.stories.steps import My, today_of

pytestmark = pytest.mark.browser


@pytest.fixture
def billed(house: House) -> House:
    """The house with Gold on sale, and everybody billed up to today."""
    at = datetime.now(UTC)
    with as_operator(house.operator.pk):
        create_plan(
            house.operator,
            words=Words(name="Gold"),
            terms=Terms({1: 1999, 12: 19900}, 0, 0, BRONZE.allowances, BRONZE.storage),
            by=house.owner,
            at=at,
            on=today_of(house) - timedelta(days=400),
        )
    bill_operator(house.operator, at=at)
    return house


def customer(house: House, who: str) -> str:
    return f"/desk/{house.operator.slug}/customers/{house.customers[who].pk}/"


def rents(house: House, who: str) -> Subscription:
    return Subscription.objects.select_related("plan").get(pk=house.subscriptions[who].pk)


def total(page: Page) -> str:
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Total"))
    return row.get_by_role("cell").inner_text()


def choose(page: Page, plan: str, when: str) -> None:
    """Will choose a plan and a time on the customer's page, and look at what would happen."""
    page.get_by_role("link", name="Switch plan").click()
    page.get_by_label("Plan and billing cycle").select_option(label=plan)
    page.get_by_label(when).check()
    page.get_by_role("button", name="Continue").click()


def test_switching_now_bills_what_the_page_says(billed: House, page: Page, my: My) -> None:
    my.sign_in(page, billed)
    page.goto(customer(billed, "ana"))
    choose(page, "Gold, $199.00 a year", "Now, prorated")
    shown = total(page)
    my.snap(page, "switch-now")
    my.axe(page)
    page.get_by_role("button", name="Switch now").click()
    expect(page.get_by_role("status")).to_contain_text("Switched to Gold. Invoice")
    expect(page.get_by_role("status")).to_contain_text(shown)
    my.snap(page, "customer-switched")
    my.axe(page)
    page.get_by_role("status").get_by_role("link").click()
    assert total(page) == shown
    with as_operator(billed.operator.pk):
        terms = list(Term.objects.filter(subscription=billed.subscriptions["ana"]).order_by("seq"))
        assert [it.ends_on for it in terms[:-1]] == [it.starts_on for it in terms[1:]]
        assert (terms[-1].months, terms[-1].starts_on) == (12, today_of(billed))
        invoice = Invoice.objects.get(switch__subscription=billed.subscriptions["ana"])
        assert billed.operator.show(invoice.total_minor) == shown
        assert rents(billed, "ana").billing_day == today_of(billed).day


def test_a_switch_waits_and_is_taken_back(billed: House, phone: Page, my: My) -> None:
    my.sign_in(phone, billed)
    phone.goto(customer(billed, "bo"))
    choose(phone, "Gold, $19.99 a month", "At the next renewal")
    expect(phone.locator("main")).to_contain_text("Nothing is billed for it now.")
    my.snap(phone, "switch-later")
    my.axe(phone)
    phone.get_by_role("button", name=re.compile("^Switch on ")).click()
    expect(phone.locator("main")).to_contain_text("Switches to Gold, $19.99 a month")
    my.snap(phone, "customer-waits")
    my.axe(phone)
    phone.get_by_role("button", name="Take back the switch to Gold").click()
    expect(phone.get_by_role("status")).to_contain_text("The switch to Gold is taken back.")
    with as_operator(billed.operator.pk):
        assert Switch.objects.get(subscription=rents(billed, "bo")).state == SwitchState.REPLACED
        assert rents(billed, "bo").plan.name == "Bronze"


def test_leaving_and_staying_after_all(billed: House, phone: Page, my: My) -> None:
    my.sign_in(phone, billed)
    phone.goto(customer(billed, "cy"))
    phone.get_by_role("link", name="Close mailbox #102").click()
    my.snap(phone, "close")
    my.axe(phone)
    phone.get_by_role("button", name="Continue").click()
    expect(phone.locator("main")).to_contain_text("Then number 102 is quarantined")
    expect(phone.locator("main")).to_contain_text("Bronze, not used:")
    my.snap(phone, "close-confirm")
    my.axe(phone)
    phone.get_by_role("button", name=re.compile("^Close on ")).click()
    expect(phone.get_by_role("status")).to_contain_text("is the last day.")
    with as_operator(billed.operator.pk):
        assert rents(billed, "cy").closes_on == today_of(billed)
    my.snap(phone, "customer-leaves")
    my.axe(phone)
    phone.get_by_role("button", name="Stays after all").click()
    expect(phone.get_by_role("status")).to_contain_text("Cy Castellanos stays")
    with as_operator(billed.operator.pk):
        assert rents(billed, "cy").closes_on is None


def test_charging_by_the_keyboard_alone(billed: House, page: Page, my: My) -> None:
    my.sign_in(page, billed)
    page.goto(customer(billed, "ana"))
    page.get_by_role("link", name="Charge by hand").focus()
    page.keyboard.press("Enter")
    page.get_by_label("What for").focus()
    page.keyboard.type("A second key")
    page.keyboard.press("Tab")
    page.keyboard.type("7.50")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    my.snap(page, "charge")
    my.axe(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Charged: A second key, $7.50.")
    with as_operator(billed.operator.pk):
        charge = Charge.objects.get(subscription=billed.subscriptions["ana"])
        assert (charge.amount_minor, charge.taxable) == (750, False)


def test_without_javascript(billed: House, page: Page, my: My) -> None:
    my.sign_in(page, billed)
    browser = page.context.browser
    assert browser is not None
    with browser.new_context(
        base_url=re.sub(r"/desk/.*", "", page.url),
        storage_state=page.context.storage_state(),
        java_script_enabled=False,
    ) as context:
        plain = context.new_page()
        plain.goto(customer(billed, "ana"))
        choose(plain, "Gold, $19.99 a month", "Now, prorated")
        plain.get_by_role("button", name="Switch now").click()
        expect(plain.get_by_role("status")).to_contain_text("Switched to Gold.")
    with as_operator(billed.operator.pk):
        assert rents(billed, "ana").plan.name == "Gold"
