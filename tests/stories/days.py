"""Days that pass in a story: what is due is billed, written and mailed, and mails are opened."""

import re
from datetime import UTC, date, datetime, time, timedelta

from playwright.sync_api import Browser, Page

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.running import bill_operator
from postroom.domain.customers.models import Customer
from postroom.domain.notices.delivering import deliver_operator
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plan_changes.announcing import announce_operator
from postroom.domain.plan_changes.models import SheetRow
from tests.mail_server import MailServer, text_of
from tests.rooms.mailing import Clock
from tests.stories.steps import today_of


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


def settle(house: House, *, on: date | None = None) -> None:
    """Will bill what is due by a day, let the house be in Texas, and give it a service address."""
    bill(house, on or today_of(house))
    with as_operator(house.operator.pk):
        Location.objects.update(state="TX")
        Customer.objects.update(state="TX")
        Operator.objects.update(service_email="service@harbor.example")


def link_in(server: MailServer, who: str, words: str) -> str:
    """Will find the link in the one mail that somebody got, with a copy to the service address."""
    mails = [it for it in server.mails if f"{who}@" in str(it["To"])]
    assert {str(it["Cc"]) for it in mails} == {"service@harbor.example"}
    assert words in text_of(mails[0])
    found = re.search(r"/notice/\S+", text_of(mails[0]))
    assert found
    return found.group()


def open_on_a_phone(browser: Browser, page: Page, link: str) -> Page:
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    phone.goto(page.url.split("/desk/")[0] + link)
    return phone
