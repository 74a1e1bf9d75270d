"""The plan's page by keyboard, on a phone, without JavaScript, and with mistakes on purpose."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from postroom.demo.cast import House
from tests.stories.steps import My, change, open_plan

pytestmark = pytest.mark.browser

#: Somebody types into the name of a plan before the page's script has come.
TYPES_AT_ONCE = """new MutationObserver(() => {
  const field = document.querySelector("form[data-guard] [name=name]");
  if (field && field.value === "Bronze") field.value += " in a hurry";
}).observe(document, { childList: true, subtree: true });"""


def test_every_tab_looks_right(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    for tab in ("Details", "Allowances", "History"):
        page.get_by_role("tab", name=tab).click()
        my.axe(page)
        my.snap(page, f"plan-{tab.lower()}")


def test_it_is_run_by_keyboard(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    page.get_by_role("tab", name="Details").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Allowances")).to_be_focused()
    expect(page.get_by_label("Shred, extra fee")).to_be_visible()
    page.get_by_label("Shred, extra fee").fill("0.10")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("existing customers as well?")


def test_it_is_usable_in_the_hand(house: House, phone: Page, my: My) -> None:
    my.sign_in(phone, house)
    phone.goto(f"/desk/{house.operator.slug}/customers/plans/{house.bronze.pk}/")
    for tab in ("Details", "Allowances", "History"):
        phone.get_by_role("tab", name=tab).click()
        my.axe(phone)
        my.snap(phone, f"plan-{tab.lower()}")
        widths = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert widths[0] <= widths[1], "nothing sticks out at the side"


def test_the_tab_that_holds_the_error_opens(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    page.get_by_role("tab", name="Allowances").click()
    change(page, "Open & scan, allowance", "ten")
    page.get_by_role("tab", name="Details").click()
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a whole number in digits")
    expect(page.get_by_label("Open & scan, allowance", exact=True)).to_be_visible()
    expect(page.get_by_label("Open & scan, allowance", exact=True)).to_have_value("ten")
    my.axe(page)


def test_leaving_with_unsaved_changes_is_asked_about(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    change(page, "Monthly rate", "11.11")
    page.wait_for_load_state()  # Without its script a page can ask nothing.
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Service Plans").first.click()
    if page.get_by_role("dialog").count():
        asked.append("dialog")
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert asked
    expect(page.get_by_label("Monthly rate")).to_have_value("11.11")


def test_what_was_typed_before_the_script_came_is_asked_about_too(
    house: House, page: Page, my: My
) -> None:
    my.sign_in(page, house)
    page.add_init_script(TYPES_AT_ONCE)
    page.goto(f"/desk/{house.operator.slug}/customers/plans/{house.bronze.pk}/")
    expect(page.locator("form[data-guard] [name=name]")).to_have_value("Bronze in a hurry")
    page.get_by_role("link", name="Service Plans").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("changes that are not saved")


def test_it_works_without_javascript(
    house: House, browser: Browser, server: LiveServer, my: My
) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    change(page, "Monthly rate", "12.99")
    change(page, "Open & scan, allowance", "10")
    page.get_by_role("button", name="Update").click()
    page.get_by_role("button", name="Yes, publish").click()
    expect(page.get_by_role("status")).to_contain_text("Version 2 of Bronze is published.")
    my.snap(page, "plan-without-javascript")
    context.close()


def test_a_stale_token_loses_nothing(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    change(page, "Description", "Typed before the token went stale.")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Update").click()
    my.axe(page)
    my.snap(page, "stale-form")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_label("Description")).to_have_value("Typed before the token went stale.")
    expect(page.get_by_role("status")).to_contain_text("Saved.")
