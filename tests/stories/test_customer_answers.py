"""A customer opens the link in a notice on a phone, and answers it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.run import bill_due
from postroom.domain.notices.answering import ask
from postroom.domain.notices.models import Answer, AnswerKind
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.subscriptions.models import Subscription
from tests.noticed import Told, tell
from tests.stories.steps import My, today_of
from tests.web.renting import GOLD


@pytest.fixture
def change(house: House) -> Told:
    """Ana was told today that Bronze gets dearer; Gold is offered beside it."""
    at, on = datetime.now(UTC), today_of(house)
    with as_operator(house.operator.pk):
        create_plan(
            house.operator,
            words=Words(name="Gold", signup=True),
            terms=GOLD,
            by=house.owner,
            at=at,
            on=on - timedelta(days=900),
        )
        bill_due(house.operator, on=on, at=at)
        return tell(house, at=at, on=on, words="Our rent went up.\n\nWe keep the rest as it was.")


def answers(house: House) -> list[str]:
    with as_operator(house.operator.pk):
        return list(Answer.objects.order_by("pk").values_list("kind", flat=True))


def open_link(page: Page, change: Told) -> None:
    page.goto("/notice/" + change.url.split("/notice/")[1])
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plan changes")


def fits(page: Page) -> None:
    """Nothing sticks out of the screen."""
    page.wait_for_function("document.documentElement.scrollWidth <= window.innerWidth")


def test_accept_then_leave_on_a_phone(house: House, change: Told, phone: Page, my: My) -> None:
    open_link(phone, change)
    fits(phone)
    my.snap(phone, "notice")
    my.axe(phone)
    phone.get_by_role("button", name="Accept").click()
    expect(phone.locator(".notice-mailbox")).to_contain_text("you accepted")
    my.snap(phone, "notice-accepted")
    phone.get_by_role("link", name="Leave").click()
    my.snap(phone, "notice-leave")
    my.axe(phone)
    phone.get_by_role("button", name="Continue").click()
    expect(phone.locator("main")).to_contain_text("Nothing of a later day is charged")
    fits(phone)
    my.snap(phone, "notice-leave-confirm")
    my.axe(phone)
    phone.get_by_role("button", name="Leave after").click()
    expect(phone.locator(".notice-mailbox")).to_contain_text("you leave")
    phone.get_by_role("button", name="Stay after all").click()
    expect(phone.locator(".notice-mailbox")).to_contain_text("you stay after all")
    assert answers(house) == [AnswerKind.ACCEPTED, AnswerKind.LEAVES, AnswerKind.STAYS]


def test_another_plan_by_keyboard(house: House, change: Told, page: Page, my: My) -> None:
    open_link(page, change)
    my.snap(page, "notice")
    page.get_by_role("link", name="See other plans").press("Enter")
    my.snap(page, "notice-plans")
    my.axe(page)
    page.get_by_role("button", name="Choose Gold").press("Enter")
    my.snap(page, "notice-plan-confirm")
    my.axe(page)
    page.get_by_role("button", name="Take Gold").press("Enter")
    expect(page.locator("main")).to_contain_text("you change to Gold instead")
    assert answers(house) == [AnswerKind.SWITCHED]


def test_staff_read_the_answer(house: House, change: Told, page: Page, my: My) -> None:
    with as_operator(house.operator.pk):
        ask(change.notice, words="Why?", form=uuid4(), at=datetime.now(UTC))
    my.sign_in(page, house)
    here = f"/desk/{house.operator.slug}/plans/notices/{change.announcement.pk}/"
    for name, address in {"answers": f"{here}answers/", "envelopes": here}.items():
        page.goto(address)
        my.snap(page, name)
        my.axe(page)
    page.get_by_role("table").get_by_role("link", name="Ana Alvarez").click()
    sent = page.frame_locator("iframe[title='The notice as it was sent']")
    expect(sent.get_by_role("heading")).to_have_text("Your plan changes")
    my.snap(page, "envelope")
    my.axe(page)
    page.get_by_role("link", name="Told by phone or in person").click()
    my.snap(page, "envelope-told")
    my.axe(page)
    page.get_by_label("How you know").fill("Called, they understood.")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("main")).to_contain_text("Cleared by telling on")
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)
    my.snap(page, "envelope")


def test_without_javascript(
    house: House, change: Told, browser: Browser, server: LiveServer
) -> None:
    context = browser.new_context(
        base_url=server.url, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    open_link(page, change)
    page.get_by_label("Your question or objection").fill("Why is it dearer?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("Why is it dearer?")
    page.get_by_role("link", name="Leave").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Leave after").click()
    expect(page.locator("main")).to_contain_text("You leave:")
    context.close()
    assert answers(house) == [AnswerKind.ASKED, AnswerKind.LEAVES]
    with as_operator(house.operator.pk):
        its = Subscription.objects.get(pk=change.notice.subscription_id)
        assert its.closes_on == change.envelope.first_day - timedelta(days=1)
