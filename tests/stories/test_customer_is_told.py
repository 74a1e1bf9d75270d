"""Worse terms reach a customer once staff have recorded that he was told, and never before."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.running import bill_operator
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import Location
from postroom.domain.plan_changes.update import Seen, update
from postroom.domain.plans.actions import words_of
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.models import Subscription, Term
from tests.stories.steps import My, today_of
from tests.yes import say_yes

pytestmark = pytest.mark.browser


def raise_bronze(house: House) -> None:
    """Will answer YES to a dearer Bronze, for existing customers from today."""
    at, on = datetime.now(UTC), today_of(house)
    with as_operator(house.operator.pk):
        version = house.subscriptions["ana"].version
        old = terms_of([version])[version.pk]
        done = update(
            house.bronze,
            words=words_of(house.bronze),
            terms=Terms({1: 1299, 12: 13999}, 0, 0, old.allowances, old.storage),
            seen=Seen(1, 1),
            by=house.owner,
            at=at,
            on=on,
        )
        assert done.question
        say_yes(done.question, sold_from=on, existing_from=on, by=house.owner, at=at, on=on)


def versions_of(house: House, who: str) -> list[int]:
    with as_operator(house.operator.pk):
        terms = Term.objects.filter(subscription=house.subscriptions[who]).order_by("seq")
        return [term.version.number for term in terms.select_related("version")]


def move_to_texas(house: House) -> None:
    """Where no rule says that somebody may be told too early."""
    with as_operator(house.operator.pk):
        Location.objects.update(state="TX")
        Customer.objects.update(state="TX")


def test_told_by_phone(house: House, page: Page, my: My) -> None:
    raise_bronze(house)
    move_to_texas(house)
    bill_operator(house.operator, at=datetime.now(UTC) + timedelta(days=40))
    assert set(versions_of(house, "ana")) == {1}, "nobody told her"

    my.sign_in(page, house)
    page.goto(f"/desk/{house.operator.slug}/customers/{house.customers['ana'].pk}/")
    page.get_by_role("link", name="Record that they were told").click()
    page.get_by_label("Told on").fill((today_of(house)).isoformat())
    page.get_by_label("Phone").check()
    page.get_by_label("Told by").fill("Maya at the counter")
    page.get_by_label("Why by hand").fill("She rang about her scans.")
    my.axe(page)
    my.snap(page, "clearance")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Maya at the counter")).to_be_visible()

    bill_operator(house.operator, at=datetime.now(UTC) + timedelta(days=75))
    assert versions_of(house, "ana")[-1] == 2
    assert set(versions_of(house, "bo")) == {1}, "Bo was not told"


def test_the_desk_leads_to_the_customers_own_page(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    page.goto(f"/desk/{house.operator.slug}/customers/{house.customers['bo'].pk}/")
    link = page.get_by_role("link", name="My plan and other plans").get_attribute("href") or ""
    page.context.clear_cookies()
    page.goto("/my-plan/" + link.split("/my-plan/")[1])
    expect(page.locator("main")).to_contain_text("Bronze")
    my.axe(page)
    my.snap(page, "my-plan")
    with as_operator(house.operator.pk):
        assert Subscription.objects.get(pk=house.subscriptions["bo"].pk).version.number == 1
