"""The articles on signing up and the website, walked as they are written."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.subscriptions.models import Lead, LeadSource
from tests.signing_up import confirmed, reserve_some
from tests.stories.walks.walking import Walk
from tests.stories.walks.ways import open_bronze

pytestmark = pytest.mark.browser


def test_where_strangers_find_plans(walk: Walk) -> None:
    with walk.article("your-signup-address"):
        open_bronze(walk)
        walk.picture("your-signup-address-link", of="#details fieldset")
    with walk.article("plans-on-your-own-site"):
        walk.clicks("Settings")
        walk.clicks("Plans on your site")
        walk.clicks("Show")
        walk.picture("plans-on-your-own-site-lines")
    with walk.article("what-a-location-shows"):
        walk.clicks("Settings")
        walk.clicks("Locations")
        walk.clicks("Brooklyn - Henry St")
        walk.clicks("Change page")
        walk.fills("Description", "On a quiet street, two minutes from the subway.")
        walk.picture("what-a-location-shows-form")
        walk.clicks("Save")


def test_leads_are_taken_care_of(walk: Walk) -> None:
    somebody_asked(walk.house)
    with walk.article("handle-leads"):
        walk.opens("dashboard")
        walk.clicks("Leads")
        walk.picture("handle-leads-list")
        walk.clicks("Mark as taken care of: Vera Vogel")
        walk.reads("is taken care of")


def test_a_signup_is_asked_and_approved(walk: Walk) -> None:
    reserve_some(walk.house)
    confirmed(walk.house)
    with walk.article("ask-or-refuse-a-signup"):
        walk.opens("dashboard")
        walk.clicks("Customers")
        walk.clicks("Signups")
        walk.clicks("Nora Newcomer")
        walk.clicks("Refuse")
        walk.clicks("Cancel")
        walk.clicks("Ask for more")
        walk.fills("What they are told", "Which name stands on your door?")
        walk.picture("ask-or-refuse-a-signup-ask", mark="Ask")
        walk.clicks("Ask")
    with walk.article("approve-a-signup"):
        walk.clicks("Signups")
        walk.clicks("Nora Newcomer")
        walk.clicks("Work the first bill out")
        walk.picture("approve-a-signup-page")
        walk.clicks("Approve and bill")
        walk.reads("Nora Newcomer")


def somebody_asked(house: House) -> None:
    """Will let a visitor of the website ask for Bronze."""
    with as_operator(house.operator.pk):
        Lead.objects.create(
            operator=house.operator,
            plan=house.bronze,
            version=house.subscriptions["ana"].version,
            location=house.locations[0],
            source=LeadSource.LEAD_GEN,
            name="Vera Vogel",
            email="vera@visitors.example",
            message="Can I come by on Saturdays?",
            sent_by_form=uuid4(),
            at=datetime.now(UTC),
        )
