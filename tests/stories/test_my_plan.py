"""A customer compares, and switches with the exact amount; another takes it back again."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.run import bill_due
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.subscriptions.models import Subscription, Switch, SwitchState
from postroom.domain.subscriptions.signed_links import my_plan_url
from tests.stories.steps import My, today_of
from tests.web.renting import GOLD

pytestmark = pytest.mark.browser


@pytest.fixture
def billed(house: House) -> House:
    """The house with Gold on its signup page, and everybody billed up to today."""
    at, on = datetime.now(UTC), today_of(house)
    with as_operator(house.operator.pk):
        create_plan(
            house.operator,
            words=Words(name="Gold", signup=True),
            terms=GOLD,
            by=house.owner,
            at=at,
            on=on - timedelta(days=900),
        )
        bill_due(house.operator, on=on, at=at)
    return house


def open_link(page: Page, house: House, who: str) -> None:
    url = my_plan_url(house.subscriptions[who], datetime.now(UTC))
    page.goto("/my-plan/" + url.split("/my-plan/")[1])
    expect(page.get_by_role("heading", level=1)).to_have_text("My plan and other plans")


def look_closely(page: Page, my: My, name: str) -> None:
    """Nothing sticks out of the screen, and axe finds nothing."""
    page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")
    my.snap(page, name)
    my.axe(page)


def invoices(house: House, who: str) -> list[Invoice]:
    with as_operator(house.operator.pk):
        its = Invoice.objects.filter(subscription=house.subscriptions[who])
        return list(its.order_by("number"))


def test_compare_and_switch_now_on_a_phone(billed: House, phone: Page, my: My) -> None:
    before = len(invoices(billed, "ana"))
    open_link(phone, billed, "ana")
    expect(phone.locator("main")).to_contain_text("you would have paid $10.00 a month more.")
    phone.get_by_text("Month by month").click()
    look_closely(phone, my, "my-plan")
    phone.get_by_role("link", name="Choose Gold").click()
    phone.get_by_label("$199.00 a year").check()
    phone.get_by_label("From today").check()
    look_closely(phone, my, "my-switch")
    phone.get_by_role("button", name="Continue").click()
    today = phone.get_by_role("table", name=re.compile("^Billed on")).first
    shown = today.get_by_role("row", name="Together").get_by_role("cell").inner_text()
    look_closely(phone, my, "my-switch-confirm")
    phone.get_by_role("button", name="Switch now").click()
    expect(phone.get_by_role("heading", name="Gold", exact=True).first).to_be_visible()
    with as_operator(billed.operator.pk):
        bill_due(billed.operator, on=today_of(billed), at=datetime.now(UTC))
    [written] = invoices(billed, "ana")[before:]
    assert billed.operator.show(written.total_minor) == shown
    assert written.switch_id is not None


def test_at_the_renewal_and_back_without_javascript(
    billed: House, browser: Browser, server: LiveServer
) -> None:
    context = browser.new_context(
        base_url=server.url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    open_link(page, billed, "bo")
    page.get_by_role("link", name="Choose Gold").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("Nothing is billed for it today.")
    page.get_by_role("button", name=re.compile("^Switch on ")).click()
    expect(page.locator("#mine")).to_have_text("Bronze")
    page.get_by_role("button", name="Take back the switch to Gold").click()
    expect(page.get_by_role("button", name=re.compile("Take back"))).to_have_count(0)
    context.close()
    with as_operator(billed.operator.pk):
        its = Switch.objects.get(subscription=billed.subscriptions["bo"])
        assert its.state == SwitchState.REPLACED
        assert Subscription.objects.get(pk=its.subscription_id).plan.name == "Bronze"
