"""Signing in and out, the way a person does."""

import pytest
from playwright.sync_api import Page, expect

from postroom.demo.cast import House
from tests.stories.conftest import fill_in
from tests.stories.steps import My

pytestmark = pytest.mark.browser


def test_the_owner_signs_in_and_out(house: House, page: Page, my: My) -> None:
    page.goto("/desk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    my.axe(page)
    my.snap(page, "signing-in")

    my.sign_in(page, house)
    my.axe(page)
    page.locator("summary", has_text="Harbor Mail Owner").click()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/desk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_is_refused(house: House, page: Page) -> None:
    email = f"owner@{house.operator.slug}.example"
    fill_in(page, email, "not-the-password")
    expect(page.get_by_text("not correct")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value(email)
    page.goto("/desk/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_it_fits_in_the_hand(phone: Page, my: My) -> None:
    phone.goto("/accounts/login/")
    my.axe(phone)
    my.snap(phone, "signing-in")
    widths = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], "nothing sticks out at the side"
