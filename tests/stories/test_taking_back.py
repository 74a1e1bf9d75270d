"""A change that took effect is taken back: asked about, billed by parts, credited where due."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.models import InvoiceLine
from postroom.domain.events.queries import events_of
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plans.actions import keep_draft
from postroom.domain.plans.models import PlanVersion
from postroom.domain.subscriptions.models import Basis, Term
from tests.mail_server import serving
from tests.stories.days import bill, bill_on, first_day_of, noon, settle, tell
from tests.stories.steps import My, today_of
from tests.yes import say_yes

pytestmark = pytest.mark.browser

DEARER = replace(BRONZE, rates={1: 1299, 12: 13999})


def made_dearer_two_months_ago(house: House, who: str) -> PlanChange:
    """Bronze got dearer for everybody thirty days after that; somebody was told in time."""
    on = today_of(house) - timedelta(days=60)
    settle(house, on=on)
    with as_operator(house.operator.pk):
        own = {"by": house.owner, "at": noon(on)}
        waiting = keep_draft(house.bronze, terms=DEARER, changed_from=1, reason="Rent", **own)
        since = on + timedelta(days=30)
        change = say_yes(waiting, sold_from=on, existing_from=since, on=on, **own)
    first_day, _ = first_day_of(house, who)
    with serving():
        tell(house, first_day - timedelta(days=21))
    bill(house, today_of(house))
    return change


def in_the_middle_of_a_month(house: House) -> str:
    """Ana renews on the first of a month, Bo on the seventh."""
    return "bo" if today_of(house).day == 1 else "ana"


def running_term(house: House, who: str, on: date) -> Term:
    """Will return the term that a day lies in."""
    with as_operator(house.operator.pk):
        terms = Term.objects.filter(subscription=house.subscriptions[who])
        return terms.select_related("version").get(starts_on__lte=on, ends_on__gt=on)


def amounts_of(house: House, who: str, on: date) -> list[int]:
    """Will return the lines of a day's bill."""
    with as_operator(house.operator.pk):
        found = InvoiceLine.objects.filter(
            invoice__subscription=house.subscriptions[who], invoice__billed_on=on
        )
        return list(found.order_by("pk").values_list("amount_minor", flat=True))


def take_back(page: Page, house: House, change: PlanChange, my: My) -> None:
    """On the change's page, then on the question that it leads to."""
    page.goto(f"/desk/{house.operator.slug}/customers/plans/changes/{change.pk}/")
    expect(page.get_by_role("main")).to_contain_text("In force")
    page.get_by_role("link", name="Take it back").click()
    my.axe(page)
    page.get_by_role("button", name="See what taking it back does").click()
    expect(page.get_by_role("main")).to_contain_text("This takes version 2 back.")
    expect(page.get_by_label("On the date, prorated")).to_be_checked()
    my.axe(page)
    my.snap(page, "taking-back")
    page.get_by_role("button", name="Yes, publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bronze, version 3")


def test_taken_back_from_today_with_a_credit(house: House, page: Page, my: My) -> None:
    who, today = in_the_middle_of_a_month(house), today_of(house)
    change = made_dearer_two_months_ago(house, who)
    assert running_term(house, who, today).version == change.version
    my.sign_in(page, house)
    take_back(page, house, change, my)
    with as_operator(house.operator.pk):
        back = PlanVersion.objects.get(plan=house.bronze, number=3)
        assert PlanChange.objects.get(version=back).reverses == change.version

    bill(house, today)
    cheap = running_term(house, who, today)
    assert (cheap.version, cheap.basis, cheap.starts_on) == (back, Basis.ON_DATE, today)
    credited, charged = sorted(amounts_of(house, who, today))
    assert credited < 0 < charged < -credited, "the rest of the month, at both rates"
    with as_operator(house.operator.pk):
        assert events_of(house.subscriptions[who]).filter(act="subscription.terms_changed").exists()
    bill(house, cheap.ends_on)
    assert bill_on(house, who, cheap.ends_on) == 999, "the old rate again"
