"""The articles on service plans, walked as they are written."""

import pytest

from tests.stories.walks.walking import Walk

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
