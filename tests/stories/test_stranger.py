"""A stranger finds a location, signs up, is approved, and gets a mailbox and a first bill."""

import re

import pytest
from playwright.sync_api import Page, expect

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.customers.models import Customer, Mailbox
from postroom.domain.plans.models import Rate
from postroom.domain.signups.models import Consent, Signup, SignupState
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.models import UsageEntry
from postroom.jobs import mail_signup
from tests.asked import do_last
from tests.mail_server import MailServer, serving, text_of
from tests.signing_up import reserve_some
from tests.stories.steps import My, change, today_of

pytestmark = pytest.mark.browser
LINK = re.compile(r"https?://[^/\s]+(/\S+)")


def mail(house: House, server: MailServer) -> str:
    """Will do the newest mailing job, and return the path of the link in what arrived."""
    do_last(house, mail_signup)
    found = LINK.search(text_of(server.mails[-1]))
    return found[1] if found else ""


def say_who(page: Page, name: str, email: str) -> None:
    change(page, "Full name", name)
    change(page, "E-mail", email)
    change(page, "Your own street address", "1 Elm St")
    change(page, "City", "Albany")
    change(page, "State", "NY")
    change(page, "Postal code", "12207")
    change(page, "Who else gets mail there? (optional)", "Max Newcomer\nEva Newcomer")
    page.get_by_role("button", name="Go on").click()


def agree(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Check and agree")
    page.get_by_label("I have read these terms").check()
    page.get_by_role("button", name="Send my signup").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your address")


def confirm(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Yes, this is my address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your signup")


def choose_number(page: Page, my: My) -> str:
    """Will keep the second number that is shown, and return it."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your mailbox number")
    expect(page.get_by_text("Checked: you may send it")).to_be_visible()
    my.axe(page)
    number = page.get_by_role("radio").nth(1)
    number.check()
    chosen = str(number.get_attribute("value"))
    page.get_by_role("button", name="Keep this number for me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who are you?")
    return chosen


def test_from_the_directory_to_a_first_bill(house: House, page: Page, my: My) -> None:
    reserve_some(house)
    here = house.locations[0]
    page.goto(f"/locations/{house.operator.slug}/{here.slug}/")
    page.get_by_role("link", name=re.compile("Get this plan.*Bronze")).click()
    page.get_by_role("link", name=re.compile(r"\$9\.99 a month")).click()
    number = choose_number(page, my)
    say_who(page, "Nora Newcomer", "nora@visitors.example")
    my.axe(page)
    agree(page)
    with serving() as (server, _):
        confirm(page, mail(house, server))
        my.snap(page, "signup_sent")
        my.sign_in(page, house)
        approve(page, house, my, "Nora Newcomer", "$9.99")
        mail(house, server)
        assert f"PMB {number}" in text_of(server.mails[-1])
    the_bill_is_right(house, number, months=1)


def approve(page: Page, house: House, my: My, name: str, bill: str) -> None:
    """The owner sees who waits, looks at the first bill, and says yes."""
    page.goto(f"/desk/{house.operator.slug}/")
    page.get_by_role("link", name=re.compile("Signups that wait")).click()
    page.get_by_role("link", name=name).click()
    expect(page.locator("tfoot")).to_contain_text(bill)
    my.axe(page)
    my.snap(page, "signup_to_decide")
    page.get_by_role("button", name="Approve and bill").click()
    expect(page.get_by_role("status")).to_contain_text(f"{name} is approved")


def the_bill_is_right(house: House, number: str, *, months: int) -> None:
    with as_operator(house.operator.pk):
        signup = Signup.objects.get()
        rented = Subscription.objects.get(pk=signup.subscription_id)
        assert (signup.source, signup.state) == ("lead_gen", SignupState.APPROVED)
        assert (rented.mailbox.number, rented.mailbox.state) == (number, "assigned")
        assert rented.starts_on == today_of(house)
        assert Customer.objects.get(pk=signup.customer_id).standing == "active"
        consent = Consent.objects.get(customer=signup.customer_id)
        assert consent.version_id == rented.version_id and f"mailbox #{number}" in consent.words
        assert UsageEntry.objects.get(subscription=rented).quantity == 3
        rate = Rate.objects.get(version=rented.version_id, months=months).amount_minor
        assert Invoice.objects.get(subscription=rented).total_minor == rate


def test_on_a_phone_with_a_question(house: House, phone: Page, page: Page, my: My) -> None:
    number = fill_in_on(phone, house, my)
    with serving() as (server, _):
        confirm(phone, mail(house, server))
        ask(page, house, my)
        phone.goto(mail(house, server))
        change(phone, "Your answer", "The fourth floor")
        my.snap(phone, "signup_answer")
        phone.get_by_role("button", name="Send").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("We have your signup")
        the_answer_is_kept(house, number)
        approve(page, house, my, "Olaf Newcomer", "$109.99")
    phone.reload()
    it_is_ready(phone, number)
    the_bill_is_right(house, number, months=12)


def fill_in_on(phone: Page, house: House, my: My) -> str:
    """Will sign up from the directory by the year, and return the number."""
    reserve_some(house)
    phone.goto(f"/locations/{house.operator.slug}/{house.locations[0].slug}/")
    phone.get_by_role("link", name=re.compile("Get this plan.*Bronze")).click()
    my.axe(phone)
    phone.get_by_role("link", name=re.compile(r"\$109\.99 a year")).click()
    choose_number(phone, my)
    # Back, and another number: the one before is free again.
    phone.go_back()
    expect(phone.get_by_text("Checked: you may send it")).to_be_visible()
    number = choose_number(phone, my)
    say_who(phone, "Olaf Newcomer", "olaf@visitors.example")
    my.axe(phone)
    phone.reload()
    agree(phone)
    return number


def it_is_ready(phone: Page, number: str) -> None:
    """The page behind the link says so, and leads on to the plan."""
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your mailbox is ready")
    expect(phone.locator("address")).to_contain_text(f"PMB {number}")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.get_by_role("link", name="My plan").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("My plan and other plans")


def the_answer_is_kept(house: House, number: str) -> None:
    with as_operator(house.operator.pk):
        signup = Signup.objects.get()
        assert (signup.state, signup.answered) == (SignupState.WAITING, "The fourth floor")
        assert signup.mailbox is not None and signup.mailbox.number == number
        assert Mailbox.objects.filter(state="pending").count() == 1


def ask(page: Page, house: House, my: My) -> None:
    my.sign_in(page, house)
    page.goto(f"/desk/{house.operator.slug}/customers/signups/?state=waiting")
    page.get_by_role("link", name="Olaf Newcomer").click()
    page.get_by_role("link", name="Ask for more").click()
    change(page, "What they are told", "Which floor?")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status")).to_contain_text("is told by mail")
