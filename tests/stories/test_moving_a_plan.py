"""NO, and later the customers of the legacy plan move: from the desk to the bill that follows."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.customers.models import Customer
from postroom.domain.notices.models import Envelope, EnvelopeState
from postroom.domain.plan_changes.moving import write_operator
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Basis, Subscription
from postroom.domain.subscriptions.protecting import pin
from tests.mail_server import serving
from tests.stories.days import (
    bill,
    bill_on,
    first_day_of,
    link_in,
    noon,
    open_on_a_phone,
    settle,
    tell,
)
from tests.stories.steps import My, change, open_plan, today_of

pytestmark = pytest.mark.browser

WORDS = "We tidy up our plans."


def say_no_to_dearer(page: Page, house: House) -> None:
    """Bronze is dearer for new customers; the others stay on Bronze Legacy."""
    open_plan(page, house, "Bronze")
    change(page, "Monthly rate", "12.99")
    page.get_by_role("button", name="Update").click()
    page.get_by_role("button", name="No, keep theirs").click()
    expect(page.get_by_role("status")).to_contain_text("Its customers stay on Bronze Legacy.")


def move_them(page: Page, house: House, my: My) -> None:
    """From the legacy plan's page, through what it does for each."""
    open_plan(page, house, "Bronze Legacy")
    page.get_by_role("link", name="Move its customers").click()
    page.get_by_role("combobox", name=re.compile(r"^\s*To\b")).select_option(label="Bronze")
    later = today_of(house) + timedelta(days=30)
    page.get_by_label("At each customer's first renewal from").fill(later.isoformat())
    page.get_by_label("In your own words").fill(WORDS)
    my.axe(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("main")).to_contain_text("move to Bronze")
    my.axe(page)
    my.snap(page, "move-preview")
    page.get_by_role("button", name="Move them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bronze Legacy moves to Bronze")


def now(house: House, who: str) -> Subscription:
    with as_operator(house.operator.pk):
        found = Subscription.objects.select_related("plan", "version")
        return found.get(pk=house.subscriptions[who].pk)


def told_and_accepted(house: House, page: Page, browser: Browser, my: My, on: date) -> None:
    """On a day Ana gets her notice and accepts on a phone; Bo, who is pinned, gets none."""
    with serving() as (server, _):
        tell(house, on)
        phone = open_on_a_phone(browser, page, link_in(server, "ana", WORDS))
        assert not [it for it in server.mails if "bo@" in str(it["To"])]
    expect(phone.get_by_role("main")).to_contain_text("$12.99")
    phone.get_by_role("button", name="Accept").click()
    my.axe(phone)


def test_the_customers_of_a_legacy_plan_move(
    house: House, page: Page, browser: Browser, my: My
) -> None:
    settle(house)
    with as_operator(house.operator.pk):
        pin(house.subscriptions["bo"], reason="Promised", by=house.owner, at=noon(today_of(house)))
    my.sign_in(page, house)
    say_no_to_dearer(page, house)
    move_them(page, house, my)
    assert write_operator(house.operator) == 1
    first_day, amount = first_day_of(house, "ana")
    told_and_accepted(house, page, browser, my, first_day - timedelta(days=21))
    bill(house, first_day + timedelta(days=31))
    assert bill_on(house, "ana", first_day) == amount >= 1299
    ana, bo = now(house, "ana"), now(house, "bo")
    assert (ana.plan.name, bo.plan.name) == ("Bronze", "Bronze Legacy")
    with as_operator(house.operator.pk):
        assert ana.terms.get(starts_on=first_day).basis == Basis.MOVED
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("1 customer accepted")


def test_who_has_no_address_stays_until_a_letter_is_posted(
    house: House, page: Page, my: My
) -> None:
    settle(house)
    with as_operator(house.operator.pk):
        Customer.objects.update(email="")
    my.sign_in(page, house)
    say_no_to_dearer(page, house)
    move_them(page, house, my)
    write_operator(house.operator)
    first_day, _ = first_day_of(house, "ana")
    tell(house, first_day - timedelta(days=21))
    page.reload()
    page.get_by_role("link", name="Record letters as posted").click()
    expect(page.get_by_role("main")).to_contain_text("Ana Alvarez")
    my.axe(page)
    with as_operator(house.operator.pk):
        assert set(Envelope.objects.values_list("state", flat=True)) == {EnvelopeState.TO_PRINT}
    bill(house, first_day)
    assert now(house, "ana").plan == Plan(pk=now(house, "bo").plan_id), "nobody has posted it"
    assert bill_on(house, "ana", first_day) < 1299
