"""The articles on payments, walked as they are written."""

import pytest

from tests.stories.walks.test_billing import billed, of_today, opens_billing, paid
from tests.stories.walks.walking import Walk

pytestmark = pytest.mark.browser


def opens_customer(walk: Walk, name: str) -> None:
    """From the Dashboard to Customers, and there to a customer."""
    walk.opens("dashboard")
    walk.clicks("Customers")
    walk.clicks(name)


def put_towards_invoices(walk: Walk) -> None:
    """Will walk the article on what a payment pays."""
    with walk.article("put-money-towards-invoices"):
        opens_billing(walk, "Payments")
        walk.clicks(of_today(walk))
        walk.clicks("Change what it pays")
        amounts = walk.page.get_by_role("table").get_by_role("textbox")
        amounts.nth(0).fill("")
        walk.picture("put-money-towards-invoices-amounts", mark="Save")
        walk.clicks("Save")
        walk.reads("Changed. $9.99 of it is left.")


def test_money_comes(walk: Walk) -> None:
    billed(walk.house)
    paid(walk.house, 2997, "1031")
    with walk.article("record-a-payment"):
        opens_billing(walk, "Payments")
        walk.clicks("Record a payment")
        walk.fills("Who paid?", "alvarez")
        walk.clicks("Ana Alvarez")
        walk.checks("Check")
        walk.fills("Amount", "25.00")
        walk.fills("Reference", "1044")
        walk.picture("record-a-payment-form")
        walk.clicks("Record payment")
        walk.reads("Recorded: $25.00 from Ana Alvarez")
        opens_billing(walk, "Payments")
    put_towards_invoices(walk)
    with walk.article("take-back-a-payment"):
        opens_billing(walk, "Payments")
        walk.fills("Search", "1044")
        walk.clicks(of_today(walk))
        walk.clicks("Take it back")
        walk.fills("Why", "The check bounced")
        walk.picture("take-back-a-payment-why", mark="Take back $25.00")
        walk.clicks("Take back $25.00")
        walk.reads("Taken back: $25.00 from Ana Alvarez")


def test_money_goes_back(walk: Walk) -> None:
    billed(walk.house)
    paid(walk.house, 15000, "1044")
    with walk.article("pay-money-back"):
        opens_customer(walk, "Ana Alvarez")
        walk.clicks("Pay back")
        walk.fills("Reference", "2011")
        walk.fills("Why", "Paid twice")
        walk.picture("pay-money-back-form", mark="Record refund")
        walk.clicks("Record refund")
        walk.reads("paid back to Ana Alvarez")


def test_who_owes_what(walk: Walk) -> None:
    billed(walk.house)
    paid(walk.house, 3000, "1044")
    paid(walk.house, 7000, "887", who="bo")
    with walk.article("send-a-statement"):
        opens_customer(walk, "Ana Alvarez")
        walk.clicks("Statement")
        walk.clicks("The last three months")
        # Early in a year it is called otherwise.
        usual = walk.page.get_by_role("navigation", name="Days").get_by_role("link").first
        usual.evaluate("it => { it.textContent = 'This year'; }")
        walk.picture("send-a-statement-page", of="main")
        walk.clicks("Show")
    with walk.article("see-who-owes"):
        opens_billing(walk, "Receivables")
        walk.picture("see-who-owes-ages")
        walk.chooses("Who", "Owes over 30 days")
        walk.clicks("Ana Alvarez")
        walk.reads("Open now")
