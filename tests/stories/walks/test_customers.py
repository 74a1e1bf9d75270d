"""The articles on customers, walked as they are written."""

from datetime import UTC, datetime, timedelta

import pytest

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE
from postroom.domain.billing.running import bill_operator
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.plans.terms import Terms
from tests.stories.steps import today_of
from tests.stories.walks.walking import Walk

pytestmark = pytest.mark.browser


@pytest.fixture
def billed(walk: Walk) -> Walk:
    """The walk in a house where Gold is sold, and everybody is billed up to today."""
    house, at = walk.house, datetime.now(UTC)
    with as_operator(house.operator.pk):
        create_plan(
            house.operator,
            words=Words(name="Gold", signup=True),
            terms=Terms({1: 1999, 12: 19900}, 0, 0, BRONZE.allowances, BRONZE.storage),
            by=house.owner,
            at=at,
            on=today_of(house) - timedelta(days=400),
        )
    bill_operator(house.operator, at=at)
    return walk


def goes_to(walk: Walk, name: str) -> None:
    """From your Dashboard go to Customers, and click the customer's name."""
    walk.opens("dashboard")
    walk.clicks("Customers")
    walk.clicks(name)
    walk.reads("What happened")


def test_find_a_customer(billed: Walk) -> None:
    walk = billed
    with walk.article("find-a-customer"):
        walk.opens("dashboard")
        walk.clicks("Customers")
        walk.picture("find-a-customer-list")
        walk.fills("Search", "#100")
        walk.page.wait_for_url("**q=%23100**")
        walk.clicks("Name")
        walk.clicks("Clear")
        walk.chooses("Renting", "Without e-mail")
        walk.reads("no e-mail")
        walk.opens("customers")
        walk.clicks("Ana Alvarez")
        walk.picture("find-a-customer-page", of="main .row-cards")


def test_add_a_customer_and_change_them(walk: Walk) -> None:
    with walk.article("add-a-customer"):
        walk.opens("dashboard")
        walk.clicks("Customers")
        walk.clicks("Add customer")
        walk.fills("Name", "Iris Novak")
        walk.chooses("Person or company", "Person")
        walk.fills("E-mail", "iris@customers.example")
        walk.fills("Phone", "+1 212 555 0160")
        walk.fills("City", "Brooklyn")
        walk.fills("State", "NY")
        walk.fills("Notes", "Rings before a pickup.")
        walk.picture("add-a-customer-form", mark="Add customer", of="form.card")
        walk.clicks("Add customer")
        walk.reads("Iris Novak is added. Next: assign a mailbox.")
    with walk.article("change-a-customer"):
        goes_to(walk, "Iris Novak")
        walk.clicks("Edit")
        walk.fills("E-mail", "iris.novak@customers.example")
        walk.picture("change-a-customer-form", mark="Save", of="form.card")
        walk.clicks("Save")
        walk.reads("iris.novak@customers.example")


def test_switch_a_customers_plan(billed: Walk) -> None:
    walk = billed
    with walk.article("switch-a-customers-plan"):
        goes_to(walk, "Bo Berg Imports LLC")
        walk.clicks("Switch plan of mailbox #101")
        walk.chooses("Plan and billing cycle", "Gold, $19.99 a month")
        walk.checks("At the next renewal")
        walk.clicks("Continue")
        walk.clicks("Choose again")
        walk.clicks("Continue")
        walk.follows(walk.page.get_by_role("button", name="Switch on"))
        walk.reads("Switches to Gold")
        walk.clicks("Take back the switch to Gold")
        walk.clicks("Switch plan of mailbox #101")
        walk.chooses("Plan and billing cycle", "Gold, $199.00 a year")
        walk.checks("Now, prorated: the rest of this term is credited")
        walk.clicks("Continue")
        walk.picture("switch-a-customers-plan-confirm", mark="Switch now")
        walk.clicks("Switch now")
        walk.reads("Switched to Gold.")


def test_close_a_subscription(billed: Walk) -> None:
    walk = billed
    leaves = today_of(walk.house) + timedelta(days=9)
    with walk.article("close-a-subscription"):
        goes_to(walk, "Cy Castellanos")
        walk.clicks("Close mailbox #102")
        walk.fills("Last day used", leaves.isoformat())
        walk.clicks("Continue")
        walk.picture("close-a-subscription-confirm")
        walk.clicks("Another day")
        walk.clicks("Continue")
        walk.follows(walk.page.get_by_role("button", name="Close on"))
        walk.reads("is the last day.")
        walk.clicks("Stays after all")
        walk.reads("Cy Castellanos stays")


def test_charge_by_hand(billed: Walk) -> None:
    walk = billed
    with walk.article("charge-by-hand"):
        goes_to(walk, "Ana Alvarez")
        walk.clicks("Charge by hand for mailbox #100")
        walk.fills("What for", "A second key")
        walk.fills("Amount", "7.50")
        walk.unchecks("Taxable")
        walk.picture("charge-by-hand-form", mark="Charge")
        walk.clicks("Charge")
        walk.reads("waits for the next invoice")
        walk.clicks("Take back A second key")
        walk.reads("Taken back: A second key.")


def test_record_usage(billed: Walk) -> None:
    walk = billed
    with walk.article("record-usage"):
        goes_to(walk, "Ana Alvarez")
        walk.clicks("Usage of mailbox #100")
        for service, counted in (("Open & scan", "7"), ("Scanned pages", "3")):
            chosen = walk.page.locator("form[method=post] select[name=service]")
            chosen.select_option(label=service)
            walk.fills("Count", counted)
            walk.clicks("Count")
            walk.reads(f"Counted {counted} for {service}")
        walk.opens("usage", subscription_id=walk.house.subscriptions["ana"].pk)
        walk.picture("record-usage-month")
        walk.follows(walk.page.get_by_role("link", name="Correct Open & scan").first)
        walk.reads("It counts 7 now.")
        walk.fills("It should count", "6")
        walk.fills("Why", "One was the neighbor's.")
        walk.clicks("Correct")
        walk.reads("Corrected. The entry counts 6 now.")


def test_protect_one_customer(billed: Walk) -> None:
    walk = billed
    with walk.article("protect-one-customer"):
        goes_to(walk, "Ana Alvarez")
        walk.clicks("Keep their terms for mailbox #100")
        walk.checks("Price lock: no worse terms for terms that start before a day")
        until = today_of(walk.house) + timedelta(days=300)
        walk.fills("Price lock until", until.isoformat())
        walk.fills("Why", "Promised on the phone")
        walk.picture("protect-one-customer-form", mark="Keep their terms")
        walk.clicks("Keep their terms")
        walk.reads("Promised on the phone")
        walk.clicks("End what keeps their terms")
        walk.fills("Why", "Moves to another office")
        walk.clicks("End it")
        walk.reads("The next term opens like everybody else's.")


def test_send_my_plan_link(billed: Walk) -> None:
    walk = billed
    with walk.article("send-my-plan-link"):
        goes_to(walk, "Ana Alvarez")
        send = "Send the link of mailbox #100"
        walk.picture("send-my-plan-link-card", mark=send, of="section.card")
        walk.clicks(send)
        walk.reads("The link is on its way to ana@customers.example.")
