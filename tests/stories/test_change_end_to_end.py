"""Both answers from Update to the bill that follows: staff, mail server, customer and run."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.customers.models import Customer
from tests.mail_server import serving
from tests.stories.days import (
    bill,
    bill_on,
    first_day_of,
    link_in,
    open_on_a_phone,
    settle,
    tell,
)
from tests.stories.steps import My, change, open_plan, today_of

pytestmark = pytest.mark.browser


def say_yes_to_dearer(page: Page, house: House) -> None:
    open_plan(page, house, "Bronze")
    change(page, "Monthly rate", "12.99")
    page.get_by_role("button", name="Update").click()
    later = today_of(house) + timedelta(days=30)
    page.get_by_label("For existing customers from").fill(later.isoformat())
    page.get_by_text("Add a paragraph to the notice").click()
    page.get_by_label("Your own words").fill("Our rent went up.")
    page.get_by_role("button", name="Work it out again").click()
    page.get_by_role("button", name="Yes, publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bronze, version 2")


def test_yes_from_update_to_the_bill(house: House, page: Page, browser: Browser, my: My) -> None:
    settle(house)
    my.sign_in(page, house)
    say_yes_to_dearer(page, house)
    my.axe(page)
    my.snap(page, "change")
    first_day, amount = first_day_of(house, "ana")
    with serving() as (server, _):
        tell(house, first_day - timedelta(days=21))
        phone = open_on_a_phone(browser, page, link_in(server, "ana", "Our rent went up."))
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Your plan Bronze changes on")
    expect(phone.get_by_role("main")).to_contain_text("$12.99")
    phone.get_by_role("button", name="Accept").click()
    my.axe(phone)
    bill(house, first_day)
    assert bill_on(house, "ana", first_day) == amount >= 1299
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("customer accepted")


def test_who_leaves_by_the_link_and_who_gets_a_letter(house: House, page: Page, my: My) -> None:
    settle(house)
    with as_operator(house.operator.pk):
        Customer.objects.filter(pk=house.subscriptions["bo"].customer_id).update(email="")
    my.sign_in(page, house)
    say_yes_to_dearer(page, house)
    first_day, _ = first_day_of(house, "bo")
    with serving():
        tell(house, first_day - timedelta(days=21))
    page.reload()
    page.get_by_role("link", name="Leave them on their old terms").click()
    my.axe(page)
    page.go_back()
    page.get_by_role("link", name="To be printed").click()
    page.get_by_role("link", name="Bo Berg Imports LLC").click()
    my.axe(page)
    bill(house, first_day)
    assert bill_on(house, "bo", first_day) < 1299, "nobody has posted the letter"


def test_withdrawn_by_hand(house: House, page: Page, my: My) -> None:
    settle(house)
    my.sign_in(page, house)
    say_yes_to_dearer(page, house)
    first_day, _ = first_day_of(house, "ana")
    with serving() as (server, _):
        tell(house, first_day - timedelta(days=21))
        page.get_by_role("link", name="Withdraw").click()
        my.axe(page)
        page.get_by_label("Why").fill("The rent stays")
        page.get_by_role("button", name="Withdraw the change").click()
        expect(page.get_by_role("main")).to_contain_text("It reaches nobody any more")
        tell(house, today_of(house) + timedelta(days=1))
    titles = [str(it["Subject"]) for it in server.mails if "ana@" in str(it["To"])]
    assert titles[-1] == "The change of your plan Bronze does not come"
    bill(house, first_day)
    assert bill_on(house, "ana", first_day) < 1299
