"""The article, answered YES: click by click, with what visitor, customer and neighbour see."""

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.subscriptions.models import Subscription, Term
from tests.stories.steps import My, change, open_plan, today_of

pytestmark = pytest.mark.browser


def test_yes_reaches_existing_customers_only_when_told(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    change(page, "Monthly rate", "12.99")
    page.get_by_role("button", name="Update").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Do you want this change to apply to existing customers as well?"
    )
    expect(page.get_by_role("row", name="Monthly rate")).to_contain_text("$12.99")
    my.axe(page)
    my.snap(page, "question")
    assert "12.99" not in my.visitor(house), "asking the question changes nothing"

    today = today_of(house)
    page.get_by_label("For existing customers from").fill((today + timedelta(days=10)).isoformat())
    page.get_by_role("button", name="Work it out again").click()
    my.axe(page)
    page.get_by_role("button", name="Yes, publish").click()
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text("Version 2 of Bronze is published.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bronze, version 2")

    assert "12.99" in my.visitor(house)
    assert "9.99 a month" in my.customer(house, "ana"), "Ana has what she was promised"
    assert my.neighbour(house, f"/desk/{house.operator.slug}/customers/plans/") == 404
    with as_operator(house.operator.pk):
        version = PlanVersion.objects.get(plan=house.bronze, number=2)
        assert version.sold_from == today
        assert version.existing_from == today + timedelta(days=10)
        assert not Subscription.objects.filter(version=version).exists()


def test_every_customer_is_behind_the_figures(house: House, phone: Page, my: My) -> None:
    my.sign_in(phone, house)
    phone.goto(f"/desk/{house.operator.slug}/customers/plans/{house.bronze.pk}/")
    change(phone, "Monthly rate", "12.99")
    phone.get_by_role("button", name="Update").click()
    phone.get_by_label("A chosen group").check()
    expect(phone.get_by_label("Find a customer to pick")).to_be_visible()
    my.axe(phone)
    my.snap(phone, "question-on-a-phone")
    phone.get_by_role("link", name="All 4 customers").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("What it does for each customer")
    expect(phone.get_by_role("row")).to_have_count(5)
    my.axe(phone)
    widths = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], "nothing sticks out at the side"


def test_terms_of_a_plan_that_nobody_is_on_are_new_at_once(
    house: House, page: Page, my: My
) -> None:
    with as_operator(house.operator.pk):
        joined = Term.objects.count()
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    page.get_by_role("button", name="Copy").click()
    change(page, "Monthly rate", "14.99")
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_role("status")).to_contain_text("version 2 is sold today")
    with as_operator(house.operator.pk):
        copy = Plan.objects.get(name="Copy of Bronze")
        assert PlanVersion.objects.filter(plan=copy).count() == 2
        assert Term.objects.count() == joined


def test_the_answer_can_wait(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    change(page, "Annual rate", "120.00")
    page.get_by_role("button", name="Update").click()
    page.get_by_role("link", name="Go on editing").click()
    expect(page.get_by_label("Annual rate")).to_have_value("120.00")
    page.get_by_role("link", name="Answer the question").click()
    page.get_by_role("button", name="Throw this change away").click()
    page.get_by_role("dialog").get_by_role("button", name="Throw").click()
    expect(page.get_by_label("Annual rate")).to_have_value("109.99")
    assert Client().get(f"/join/{house.operator.slug}/").status_code == 200
