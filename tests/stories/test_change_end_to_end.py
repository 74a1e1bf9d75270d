"""Both answers from Update to the bill that follows: staff, mail server, customer and run."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.running import bill_operator
from postroom.domain.customers.models import Customer
from postroom.domain.notices.delivering import deliver_operator
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plan_changes.announcing import announce_operator
from postroom.domain.plan_changes.models import SheetRow
from tests.mail_server import MailServer, serving, text_of
from tests.rooms.mailing import Clock
from tests.stories.steps import My, change, open_plan, today_of

pytestmark = pytest.mark.browser


def noon(on: date) -> datetime:
    return datetime.combine(on, time(17), tzinfo=UTC)


def bill(house: House, on: date) -> None:
    bill_operator(house.operator, at=noon(on))


def tell(house: House, on: date) -> None:
    """Will do what the timetable does on a day: write what is due, and hand it over."""
    announce_operator(house.operator, clock=Clock(noon(on)))
    deliver_operator(house.operator, pace=Clock(noon(on) + timedelta(minutes=5)).pace())


def first_day_of(house: House, who: str) -> tuple[date, int]:
    """Will read in what was shown when somebody starts, and what their bill of that day is."""
    with as_operator(house.operator.pk):
        pk = house.subscriptions[who].pk
        row = SheetRow.objects.filter(subscription_id=pk).latest("id")
        return row.first_day, row.bill_after_minor


def bill_on(house: House, who: str, on: date) -> int:
    with as_operator(house.operator.pk):
        return Invoice.objects.get(subscription=house.subscriptions[who], billed_on=on).total_minor


def settle(house: House) -> None:
    """Will bill what is due, let the house be in Texas, and give it a service address."""
    bill(house, today_of(house))
    with as_operator(house.operator.pk):
        Location.objects.update(state="TX")
        Customer.objects.update(state="TX")
        Operator.objects.update(service_email="service@harbor.example")


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


def link_in(server: MailServer, who: str) -> str:
    """Will find the link in the one mail that somebody got, with a copy to the service address."""
    mails = [it for it in server.mails if f"{who}@" in str(it["To"])]
    assert {str(it["Cc"]) for it in mails} == {"service@harbor.example"}
    assert "Our rent went up." in text_of(mails[0])
    found = re.search(r"/notice/\S+", text_of(mails[0]))
    assert found
    return found.group()


def open_on_a_phone(browser: Browser, page: Page, link: str) -> Page:
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    phone.goto(page.url.split("/desk/")[0] + link)
    return phone


def test_yes_from_update_to_the_bill(house: House, page: Page, browser: Browser, my: My) -> None:
    settle(house)
    my.sign_in(page, house)
    say_yes_to_dearer(page, house)
    my.axe(page)
    my.snap(page, "change")
    first_day, amount = first_day_of(house, "ana")
    with serving() as (server, _):
        tell(house, first_day - timedelta(days=21))
        phone = open_on_a_phone(browser, page, link_in(server, "ana"))
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
