"""The knowledge base, read, searched and answered the way people do it."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from postroom.base.tenancy import as_platform
from postroom.demo.cast import House
from postroom.domain.knowledge_base.models import Feedback
from postroom.domain.users.models import User
from tests.stories.conftest import PASSWORD, fill_in
from tests.stories.steps import My, open_plan

pytestmark = pytest.mark.browser

TITLE = "Make Changes to Your Service Plans"
ARTICLE = "/help/articles/make-changes-to-your-service-plans/"


def last_said() -> Feedback:
    with as_platform():
        return Feedback.objects.select_related("user").latest("pk")


def test_somebody_finds_an_article_and_is_helped(page: Page, my: My) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    page.goto("/help/")
    my.axe(page)
    my.snap(page, "help-home")
    page.get_by_label("Search the articles").fill("existing customers")
    page.get_by_role("button", name="Search").click()
    my.axe(page)
    my.snap(page, "help-search")
    page.get_by_role("main").get_by_role("heading").get_by_role("link", name=TITLE).click()
    crumbs = page.get_by_role("navigation", name="Breadcrumbs")
    expect(crumbs).to_contain_text("Solution home")
    page.get_by_role("navigation", name="In this article").get_by_role("link", name="If NO").click()
    expect(page.get_by_role("heading", name="If NO")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    my.axe(page)
    my.snap(page, "help-article")
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("status")).to_contain_text("good to know that this article helps")
    expect(page.get_by_role("status")).to_be_in_viewport()
    assert asked == {urlsplit(page.url).netloc}, "nobody else is asked for anything"
    assert last_said().helpful


def test_the_way_down_from_the_front_page(page: Page, my: My) -> None:
    page.goto("/help/")
    page.get_by_role("link", name="All articles", exact=True).click()
    my.axe(page)
    page.get_by_role("main").get_by_role("heading").get_by_role(
        "link", name="Service Plans"
    ).click()
    my.axe(page)
    page.locator(".help-main").get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.locator(".help-text a:has(img)").first.click()
    expect(page).to_have_url(re.compile(r"\.png$"))


def test_somebody_is_not_helped_and_says_why(page: Page, my: My) -> None:
    page.goto(ARTICLE)
    page.get_by_role("link", name="No", exact=True).click()
    page.get_by_text("Checked: you may send it").wait_for()
    page.get_by_label("What would have helped you?").fill("A film.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one of the reasons.")
    expect(page.get_by_label("What would have helped you?")).to_have_value("A film.")
    my.axe(page)
    page.get_by_label("It is hard to follow").check()
    page.get_by_label("Pictures or steps are missing").check()
    page.get_by_text("Checked: you may send it").wait_for()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("they will look at it")
    said = last_said()
    assert said.reasons == ["hard_to_follow", "missing_steps"] and said.comment == "A film."
    page.get_by_role("link", name="Change your answer").click()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("You found this article helpful.")).to_be_visible()
    assert last_said().pk == said.pk and last_said().helpful


def test_a_proof_that_never_came_is_told(page: Page) -> None:
    def nothing(route: Route) -> None:
        route.abort()

    page.route("**/altcha*", nothing)
    page.goto(ARTICLE + "not-helpful/")
    page.get_by_label("It is out of date").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Wait until the check above the button")
    expect(page.get_by_label("It is out of date")).to_be_checked()


def test_it_is_read_in_the_hand(phone: Page, my: My) -> None:
    phone.goto("/help/sections/service-plans/")
    phone.get_by_text("Open navigation").click()
    opened = phone.get_by_role("navigation", name="Articles, to open")
    expect(opened.get_by_role("link", name=TITLE)).to_be_visible()
    my.axe(phone)
    opened.get_by_role("link", name=TITLE).click()
    for url in (phone.url, phone.url + "not-helpful/", "/help/", "/help/search/?q=plan"):
        phone.goto(url)
        my.axe(phone)
        my.snap(phone, "help-" + (urlsplit(url).path.strip("/").replace("/", "-") or "home"))
        widths = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert widths[0] <= widths[1], "nothing sticks out at the side"


def test_it_works_without_javascript(
    house: House, browser: Browser, server: LiveServer, my: My
) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/help/")
    page.get_by_label("Search the articles").fill("legacy")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("main").get_by_role("heading").get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you for telling us")
    my.sign_in(page, house)
    page.goto(ARTICLE + "not-helpful/")
    page.get_by_label("It is out of date").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("they will look at it")
    assert last_said().user == house.owner
    context.close()


def test_a_page_of_the_desk_opens_its_article(house: House, page: Page, my: My) -> None:
    my.sign_in(page, house)
    open_plan(page, house, "Bronze")
    with page.expect_popup() as beside:
        page.get_by_role("link", name="Help with this page").click()
    expect(beside.value.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(beside.value.get_by_role("link", name="Your desk")).to_be_visible()


def test_the_platforms_staff_look_at_what_was_said(house: House, page: Page, my: My) -> None:
    name = f"{house.operator.slug}@platform.example"
    User.objects.create_user(name, PASSWORD, is_staff=True)
    fill_in(page, name, PASSWORD)
    page.goto(ARTICLE + "not-helpful/")
    page.get_by_label("It is out of date").check()
    page.get_by_label("What would have helped you?").fill(f"Said by {name}.")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Feedback", exact=True).click()
    my.axe(page)
    my.snap(page, "help-feedback")
    page.get_by_role("link", name="What readers wrote").click()
    said = page.locator(".help-comment").filter(has_text=f"Said by {name}.")
    my.axe(page)
    my.snap(page, "help-comments")
    said.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("status")).to_contain_text("Done.")
    expect(said).to_have_count(0)
    assert last_said().done_by == last_said().user
