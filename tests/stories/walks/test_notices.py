"""The articles on notices, walked as they are written."""

from datetime import date, timedelta

import pytest

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.customers.models import Customer, Mailbox
from postroom.domain.plans.actions import keep_draft
from postroom.domain.subscriptions.actions import assign
from tests.stories.days import noon, settle, tell
from tests.stories.steps import today_of
from tests.stories.test_taking_back import (
    DEARER,
    in_the_middle_of_a_month,
    made_dearer_two_months_ago,
)
from tests.stories.walks.walking import Walk
from tests.stories.walks.ways import open_change
from tests.yes import Anything, say_yes

pytestmark = pytest.mark.browser


@pytest.fixture
def told(walk: Walk) -> Walk:
    """Bronze got dearer, somebody was told by mail, and Di gets a letter."""
    made_dearer_two_months_ago(walk.house, in_the_middle_of_a_month(walk.house))
    return walk


def test_notices_are_looked_at_and_mended(told: Walk) -> None:
    with told.article("how-notices-work"):
        open_change(told)
        told.clicks("Every notice")
        told.picture("how-notices-work-list")
        open_accepted(told)
    with told.article("mend-a-notice-that-came-back"):
        open_change(told)
        told.clicks("Every notice")
        open_accepted(told)
        told.clicks("It came back")
        told.clicks("Cancel")
        told.clicks("Fix the address, send again")
        told.picture("mend-a-notice-that-came-back-again", mark="Send again")
        told.clicks("Send again")
        told.reads("It would come too late")


def test_letters_are_printed_and_posted(walk: Walk) -> None:
    nobody_has_email(walk.house)
    with walk.article("print-and-post-letters"):
        open_change(walk)
        walk.clicks("Record letters as posted")
        walk.picture("print-and-post-letters-record")
        walk.follows(walk.page.get_by_role("button", name="as posted"))
        walk.reads("recorded as posted.")
        walk.follows(walk.page.locator("#rows tbody a").first)
        walk.reads("Deliveries")


def test_customers_are_told_otherwise(told: Walk) -> None:
    with told.article("record-who-was-told"):
        open_change(told)
        told.clicks("Every notice")
        open_accepted(told)
        told.clicks("Told by phone or in person")
        told.fills("How you know", "Called, they said they understood.")
        told.picture("record-who-was-told-form", mark="Record")
        told.clicks("Record")
        told.reads("Recorded as told.")
        told.opens("customer", customer_id=told.house.customers["di"].pk)
        told.clicks("Record that they were told")
        told.reads("Told today")
        told.opens(
            "customer", customer_id=told.house.customers[in_the_middle_of_a_month(told.house)].pk
        )


def test_what_customers_answer_and_the_evidence(told: Walk) -> None:
    with told.article("read-the-answers"):
        open_change(told)
        told.clicks("Every notice")
        open_accepted(told)
        told.clicks("Record an answer")
        told.fills("What they said, and how", "They rang: could the scans stay as they are?")
        told.clicks("Record")
        open_change(told)
        told.clicks("Answers")
        told.picture("read-the-answers-list")
    with told.article("keep-the-evidence"):
        open_change(told)
        told.picture("keep-the-evidence-told", mark="Evidence as PDF")


def nobody_has_email(house: House) -> None:
    """Bronze gets dearer from today; the first notices of it are written, and all are letters."""
    on = today_of(house)
    own = {"by": house.owner, "at": noon(on)}
    with as_operator(house.operator.pk):
        renews_soon(house, on)
    settle(house)
    with as_operator(house.operator.pk):
        Customer.objects.update(email="")
        waiting = keep_draft(house.bronze, terms=DEARER, changed_from=1, reason="Rent", **own)
        say_yes(waiting, sold_from=on, existing_from=on, on=on, sure=Anything(), **own)
    tell(house, on)


def renews_soon(house: House, on: date) -> None:
    """Di has a second mailbox since twenty days: there is always somebody to be told today."""
    assign(
        house.customers["di"],
        mailbox=Mailbox.objects.get(location=house.locations[0], number="110"),
        plan=house.bronze,
        months=1,
        starts_on=on - timedelta(days=20),
        by=house.owner,
        at=noon(on - timedelta(days=20)),
    )


def open_accepted(walk: Walk) -> None:
    """Will open the notice of somebody whose mail was taken."""
    row = walk.page.locator("#rows tr").filter(has_text="Accepted").first
    walk.follows(row.get_by_role("link").first)
    walk.reads("Deliveries")
