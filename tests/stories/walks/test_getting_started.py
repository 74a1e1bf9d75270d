"""The articles for the first days, walked as they are written."""

import pytest

from tests.stories.walks.walking import Walk

pytestmark = pytest.mark.browser


def test_the_desk_and_its_account(walk: Walk) -> None:
    with walk.article("find-your-way"):
        walk.opens("dashboard")
        walk.picture("find-your-way-dashboard")
        walk.clicks("Customers")
    with walk.article("sign-in"):
        walk.follows(walk.page.locator(".topbar-end details summary"))
        walk.clicks("Two-factor sign-in")
        walk.page.context.clear_cookies()
        walk.page.goto("/accounts/login/")
        walk.look()


def test_the_business_and_its_locations(walk: Walk) -> None:
    with walk.article("set-up-your-business"):
        walk.opens("dashboard")
        walk.clicks("Settings")
        walk.picture("set-up-your-business-operator")
        walk.clicks("Save")
    with walk.article("add-a-location"):
        walk.clicks("Settings")
        walk.clicks("Locations")
        walk.clicks("Add location")
        walk.fills("Name", "Portland - Main St")
        walk.picture("add-a-location-form")
        walk.clicks("Locations")
        walk.clicks("Leave")
        walk.clicks("Brooklyn - Henry St")
    with walk.article("charge-sales-tax"):
        walk.clicks("Settings")
        walk.clicks("Locations")
        walk.clicks("Brooklyn - Henry St")
        walk.clicks("Change tax")
        walk.fills("Percent", "8.875")
        walk.fills("What it is called", "NY sales tax")
        walk.picture("charge-sales-tax-form", mark="Save")
        walk.clicks("Save")
        walk.reads("NY sales tax")


def test_the_staff(walk: Walk) -> None:
    with walk.article("invite-your-staff"):
        walk.opens("dashboard")
        walk.clicks("Settings")
        walk.clicks("Staff")
        walk.clicks("Add somebody")
        walk.fills("E-mail", "maya@harbor.example")
        walk.picture("invite-your-staff-new")


def test_files_are_brought_and_everything_is_taken(walk: Walk) -> None:
    with walk.article("bring-your-customers"):
        walk.opens("dashboard")
        walk.clicks("Customers")
        walk.clicks("Moving in")
        walk.picture("bring-your-customers-start", mark="See what it would do")
    with walk.article("take-everything-along"):
        walk.clicks("Customers")
        walk.clicks("Moving in")
        walk.picture("take-everything-along-button", mark="Take everything along")
    with walk.article("bring-your-plans"):
        walk.clicks("Service Plans")
        walk.clicks("Import")
        walk.picture("bring-your-plans-import", mark="See what it would do")
        bring_a_plan(walk)


def bring_a_plan(walk: Walk) -> None:
    """Will bring a table of one plan."""
    table = {"name": "plans.csv", "mimeType": "text/csv", "buffer": b"plan,monthly\nTin,4.99\n"}
    walk.page.locator("input[type=file]").set_input_files(table)  # type: ignore[arg-type]
    walk.clicks("See what it would do")
    walk.clicks("Import")
    walk.reads("plans.csv")
