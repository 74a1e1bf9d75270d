"""An owner sets a letterhead, switches mailing on, and a customer opens what comes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from postroom import jobs
from postroom.demo.cast import House
from postroom.domain.billing.running import bill_operator
from tests.mail_server import MailServer, pdf_of, serving, text_of
from tests.pictures import look, png, title_of
from tests.stories.steps import My

pytestmark = pytest.mark.browser


@pytest.fixture
def letterbox(settings: object) -> Iterator[MailServer]:
    settings.MAILS_A_MINUTE = 60_000  # type: ignore[attr-defined]
    with serving() as (letterbox, _):
        yield letterbox


def by_a_worker(house: House, act: str) -> None:
    """Will do what the timetable does, away from the browser's event loop."""

    def do() -> None:
        try:
            if act == "bill":
                bill_operator(house.operator, at=datetime.now(UTC))
            else:
                jobs.mail_invoices_of(house.operator.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as aside:
        aside.submit(do).result()


def set_letterhead(page: Page, house: House) -> None:
    page.goto(f"/desk/{house.operator.slug}/settings/")
    page.get_by_role("link", name="Letterhead").click()
    page.get_by_label("Address", exact=True).fill("495 Henry St\nBrooklyn, NY 11231")
    page.get_by_label("E-mail").fill("billing@harbor.example")
    page.get_by_label("How to pay").fill("By check to Harbor Mail")
    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": png(40, 20)}
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_alt_text("The logo now")).to_be_visible()
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_role("status")).to_contain_text("are mailed")


def test_it_comes(page: Page, house: House, my: My, letterbox: MailServer, tmp_path: Path) -> None:
    my.sign_in(page, house)
    set_letterhead(page, house)
    my.axe(page)
    by_a_worker(house, "bill")
    by_a_worker(house, "mail")
    mail = next(it for it in letterbox.mails if it["To"] == "ana@customers.example")
    assert mail["From"] == "Harbor Mail <postroom@localhost>"
    assert "By check to Harbor Mail" in text_of(mail)
    pdf = pdf_of(mail)
    assert title_of(pdf) == str(mail["Subject"]).removesuffix(" from Harbor Mail")
    drawn = look(pdf, tmp_path)
    assert len(drawn) > 5_000, "a page with something on it"
    page.goto(f"/desk/{house.operator.slug}/billing/mails/")
    expect(page.get_by_role("table")).to_contain_text("Sent")
    my.axe(page)


def test_it_is_mailed_again_by_hand(
    page: Page, house: House, my: My, letterbox: MailServer
) -> None:
    by_a_worker(house, "bill")
    my.sign_in(page, house)
    page.goto(f"/desk/{house.operator.slug}/billing/invoices/?q=Ana")
    page.locator(".row-link").first.click()
    page.get_by_role("link", name="Mail it").click()
    expect(page.get_by_role("main")).to_contain_text("ana@customers.example")
    my.axe(page)
    page.get_by_role("button", name="Mail it").click()
    expect(page.get_by_role("status")).to_contain_text("in a moment")
    by_a_worker(house, "mail")
    assert letterbox.recipients() == ["ana@customers.example"]
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("Accepted, ana@customers.example")
    expect(page.get_by_role("link", name="Mail again")).to_be_visible()
    my.axe(page)
