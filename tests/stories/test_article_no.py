"""The article, answered NO: the old ritual step by step, and the one act that replaces it."""

import pytest
from playwright.sync_api import Page, expect

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Subscription
from tests.stories.steps import My, change, open_plan, update

pytestmark = pytest.mark.browser

INTERNAL = "Internal"
SIGNUP = "Signup URL, new and existing customers"
LEAD_GEN = "Lead-gen website"


def test_the_ritual_works_word_for_word(house: House, page: Page, my: My) -> None:
    link = f"/join/{house.operator.slug}/{house.bronze.link}/"
    my.sign_in(page, house)

    # Select the plan you wish to edit from the list. Click Copy on the bottom.
    open_plan(page, house, "Bronze")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Copy of Bronze")
    assert "Copy of Bronze" not in my.visitor(house)
    assert my.visitor(house).count("9.99 a month") == 1

    # Go back, click on the existing plan again, uncheck all boxes except “Internal”, rename.
    open_plan(page, house, "Bronze")
    page.get_by_label(SIGNUP).uncheck()
    page.get_by_label(LEAD_GEN).uncheck()
    change(page, "Name", "Bronze Legacy")
    update(page, "Saved.")
    assert "Bronze" not in my.visitor(house)
    assert "Bronze Legacy" in my.customer(house, "ana")
    assert "Bronze" not in my.directory(house)

    # Go back, click on the “Copy of Bronze”, change its name and put both checkmarks.
    open_plan(page, house, "Copy of Bronze")
    change(page, "Name", "Bronze")
    page.get_by_label(SIGNUP).check()
    page.get_by_label(LEAD_GEN).check()
    # Finally, the necessary changes on the Details and Allowances tab; Update on the bottom.
    change(page, "Monthly rate", "12.99")
    page.get_by_role("tab", name="Allowances").click()
    change(page, "Open & scan, allowance", "10")
    update(page, "version 2 is sold today")

    visitor = my.visitor(house)
    assert visitor.count("12.99 a month") == 1
    assert "Legacy" not in visitor
    assert "Bronze Legacy" in my.customer(house, "ana")
    assert "9.99 a month" in my.customer(house, "ana")
    assert "12.99" in my.directory(house)
    assert "12.99 a month" in my.visitor(house, link), "the old link lands on the new Bronze"
    assert my.neighbour(house, f"/desk/{house.operator.slug}/customers/plans/") == 404
    with as_operator(house.operator.pk):
        legacy = Plan.objects.get(name="Bronze Legacy")
        assert legacy.pk == house.bronze.pk
        assert Plan.objects.get(name="Bronze").copied_from == legacy
        assert Subscription.objects.filter(plan=legacy).count() == len(house.customers)


def test_no_is_one_act(house: House, page: Page, my: My) -> None:
    link = f"/join/{house.operator.slug}/{house.bronze.link}/"
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    change(page, "Monthly rate", "12.99")
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_label("Name of the legacy plan")).to_have_value("Bronze Legacy")
    page.get_by_role("button", name="No, keep theirs").click()
    expect(page.get_by_role("status")).to_contain_text("Its customers stay on Bronze Legacy.")

    assert my.visitor(house).count("12.99 a month") == 1
    assert "12.99 a month" in my.visitor(house, link)
    assert "9.99 a month" in my.customer(house, "ana")
    open_plan(page, house, "Bronze Legacy")
    expect(page.locator("main")).to_contain_text("4 customers on it")
    expect(page.locator("main")).to_contain_text("preceded Bronze")
    expect(page.get_by_label(INTERNAL, exact=True)).to_be_checked()
    expect(page.get_by_label(SIGNUP)).not_to_be_checked()
    with as_operator(house.operator.pk):
        legacy = Plan.objects.get(name="Bronze Legacy")
        new = Plan.objects.get(name="Bronze")
        assert legacy.pk == house.bronze.pk
        assert (legacy.succeeded_by, new.copied_from) == (new, legacy)
        assert new.link == house.bronze.link
        assert set(Subscription.objects.values_list("plan", flat=True)) == {legacy.pk}
