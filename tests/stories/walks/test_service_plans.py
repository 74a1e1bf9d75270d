"""The articles on service plans, walked as they are written."""

import pytest

from tests.stories.test_taking_back import in_the_middle_of_a_month, made_dearer_two_months_ago
from tests.stories.walks.walking import Walk
from tests.stories.walks.ways import open_bronze, open_change

pytestmark = pytest.mark.browser


def test_make_changes_to_your_service_plans(walk: Walk) -> None:
    with walk.article("make-changes-to-your-service-plans"):
        walk.opens("dashboard")
        walk.clicks("Customers")
        walk.clicks("Service Plans")
        walk.clicks("Bronze")
        walk.clicks("Details")
        walk.fills("Monthly rate", "11.49")
        walk.picture("make-changes-to-your-service-plans-update", mark="Update")
        walk.clicks("Allowances")
        walk.clicks("Update")
        walk.picture("make-changes-to-your-service-plans-question")
        walk.opens("plan", plan_id=walk.house.bronze.pk)
        walk.clicks("Answer the question")
        walk.picture("make-changes-to-your-service-plans-yes", mark="Yes, publish")
        walk.clicks("Add a paragraph to the notice")
        walk.clicks("Yes, publish")
        walk.clicks("Publish")
        walk.reads("What customers are told")


def test_create_a_plan_and_choose_who_sees_it(walk: Walk) -> None:
    with walk.article("create-a-plan"):
        walk.opens("dashboard")
        walk.clicks("Customers")
        walk.clicks("Service Plans")
        walk.clicks("New plan")
        walk.fills("Name", "Platinum")
        walk.fills("Monthly rate", "29.99")
        walk.checks("Internal")
        walk.picture("create-a-plan-form")
        walk.clicks("Allowances")
        walk.clicks("Create")
        walk.reads("Platinum")
    with walk.article("who-sees-a-plan"):
        walk.opens("dashboard")
        walk.clicks("Customers")
        walk.clicks("Service Plans")
        walk.clicks("Platinum")
        walk.checks("Lead-gen website")
        walk.picture("who-sees-a-plan-visibility", mark="Lead-gen website")
        walk.clicks("Update")
        walk.reads("Saved")


def test_write_to_a_plans_customers_and_protect_them(walk: Walk) -> None:
    with walk.article("write-to-a-plans-customers"):
        open_bronze(walk)
        walk.clicks("Write to its customers")
        walk.fills("What they should know", "From July we are open until seven in the evening.")
        walk.picture("write-to-a-plans-customers-form")
        walk.clicks("Send me a sample")
        walk.reads("sample")
        walk.clicks("Send it")
        walk.clicks("Send it")
        walk.reads("It is being written")
    with walk.article("protect-a-plans-customers"):
        open_bronze(walk)
        walk.clicks("Protect customers")
        walk.fills("Price lock until", "2028-01-01")
        walk.fills("Why", "They have been here since the first day.")
        walk.picture("protect-a-plans-customers-form", mark="Continue")
        walk.clicks("Continue")
        walk.clicks("Lock their price")
        walk.reads("The price is locked for")


def test_a_change_is_followed(walk: Walk) -> None:
    made_dearer_two_months_ago(walk.house, in_the_middle_of_a_month(walk.house))
    with walk.article("follow-a-plan-change"):
        open_change(walk)
        walk.picture("follow-a-plan-change-page")
    with walk.article("read-a-plans-history"):
        open_bronze(walk)
        walk.clicks("History")
        walk.picture("read-a-plans-history-versions")


def test_a_change_is_edited_withdrawn_or_taken_back(walk: Walk) -> None:
    made_dearer_two_months_ago(walk.house, in_the_middle_of_a_month(walk.house))
    with walk.article("edit-or-withdraw-a-change"):
        open_change(walk)
        walk.clicks("Edit")
        walk.clicks("Edit it")
        walk.clicks("Go on editing")
        walk.fills("Monthly rate", "12.25")
        walk.clicks("Update")
        walk.reads("This takes the place of version 2")
        open_change(walk)
        walk.clicks("Withdraw")
        walk.fills("Why", "A slip.")
        walk.picture("edit-or-withdraw-a-change-withdraw", mark="Withdraw the change")
        walk.clicks("Cancel")
    with walk.article("reverse-a-change"):
        open_change(walk)
        walk.clicks("Take it back")
        walk.picture("reverse-a-change-page", mark="See what taking it back does")
        walk.clicks("See what taking it back does")
        walk.reads("This takes version 2 back")


def test_a_legacy_plan_is_taken_back_or_its_customers_moved(walk: Walk) -> None:
    open_bronze(walk)
    walk.fills("Monthly rate", "12.99")
    walk.clicks("Update")
    walk.clicks("No, keep theirs")
    with walk.article("take-back-a-legacy-plan"):
        open_bronze(walk)
        walk.clicks("Take the legacy plan back")
        walk.picture("take-back-a-legacy-plan-page", mark="Take it back")
        walk.clicks("Cancel")
    with walk.article("move-customers-to-another-plan"):
        walk.opens("plans")
        walk.clicks("Bronze Legacy")
        walk.clicks("Move its customers")
        walk.chooses("To", "Bronze")
        walk.picture("move-customers-to-another-plan-form")
        walk.clicks("Continue")
        walk.clicks("Change something")
        walk.clicks("Continue")
        walk.clicks("Move them")
        walk.reads("The move to Bronze is scheduled.")
