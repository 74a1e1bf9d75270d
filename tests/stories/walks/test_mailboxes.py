"""The articles on mailboxes, walked as they are written."""

from datetime import UTC, datetime

import pytest

from postroom.base.tenancy import as_operator
from postroom.domain.customers.numbers import reserve_more
from postroom.domain.subscriptions.numbering import change_number
from tests.stories.steps import today_of
from tests.stories.walks.walking import Walk

pytestmark = pytest.mark.browser

HENRY_ST = "Brooklyn - Henry St"


def goes_to_mailboxes(walk: Walk) -> None:
    """From your Dashboard go to Customers, and on the left menu click Mailboxes."""
    walk.opens("dashboard")
    walk.clicks("Customers")
    walk.clicks("Mailboxes")


def test_add_mailboxes(walk: Walk) -> None:
    with walk.article("add-mailboxes"):
        goes_to_mailboxes(walk)
        walk.clicks("Make mailboxes")
        walk.chooses("Location", HENRY_ST)
        walk.fills("First number", "200")
        walk.fills("Last number", "249")
        walk.checks("Available: staff assign them")
        walk.picture("add-mailboxes-form", mark="Make mailboxes")
        walk.clicks("Make mailboxes")
        walk.reads("50 mailboxes are made at Brooklyn - Henry St.")


def test_assign_a_mailbox(walk: Walk) -> None:
    with walk.article("assign-a-mailbox"):
        walk.opens("dashboard")
        walk.clicks("Customers")
        walk.clicks("Ana Alvarez")
        walk.clicks("Assign mailbox")
        walk.page.get_by_label("Location").select_option(label=HENRY_ST)
        walk.page.wait_for_url("**location=**")
        walk.fills("Mailbox number", "112")
        walk.chooses("Plan and billing cycle", "Bronze, $9.99 a month")
        its = "main form[method=post]"
        walk.picture("assign-a-mailbox-form", mark="Assign mailbox", of=its)
        walk.clicks("Assign mailbox")
        walk.reads("The first bill is of")


def test_keep_and_release_mailboxes(walk: Walk) -> None:
    house, at, on = walk.house, datetime.now(UTC), today_of(walk.house)
    with as_operator(house.operator.pk):
        reserve_more(house.locations[0], count=4, by=house.owner, at=at)
        change_number(house.subscriptions["bo"], number="120", by=house.owner, at=at, on=on)
    with walk.article("keep-and-release-mailboxes"):
        goes_to_mailboxes(walk)
        walk.chooses("Location", HENRY_ST)
        walk.page.wait_for_url("**location=**")
        walk.fills("Search", "10")
        walk.page.wait_for_url("**q=10**")
        walk.page.get_by_role("checkbox", name="Choose #108").check()
        walk.page.get_by_role("checkbox", name="Choose #109").check()
        walk.picture("keep-and-release-mailboxes-list", mark="Reserve", of="main .card")
        walk.clicks("Reserve")
        walk.reads("2 mailboxes are reserved now.")
        walk.clicks("#101")


def test_change_a_mailbox_number(walk: Walk) -> None:
    with walk.article("change-a-mailbox-number"):
        walk.opens("dashboard")
        walk.clicks("Customers")
        walk.clicks("Ana Alvarez")
        walk.clicks("Change number of mailbox #100")
        walk.fills("New mailbox number", "118")
        walk.checks("I have told them that it needs a new Form 1583")
        walk.picture("change-a-mailbox-number-form", mark="Change number")
        walk.clicks("Change number")
        walk.reads("Ana Alvarez has mailbox #118 now.")
