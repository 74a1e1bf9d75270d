"""The articles on reports, walked as they are written."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from postroom.base.periods import billing_date
from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.customers.actions import Details, add_customer
from postroom.domain.customers.models import Kind, Mailbox
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.subscriptions.actions import assign
from tests.stories.steps import today_of
from tests.stories.walks.test_billing import billed
from tests.stories.walks.walking import Walk

pytestmark = pytest.mark.browser
#: Who joins Silver, and how many months ago.
LATER = {"Eli Eriksen": -3, "Fay Fontaine": -2, "Gus Gardner": -1}


def silver_sold(house: House) -> None:
    """Will let three customers join Silver, one a month."""
    own = {"by": house.owner, "at": datetime.now(UTC)}
    on = today_of(house)
    with as_operator(house.operator.pk):
        plan = create_plan(
            house.operator,
            words=Words(name="Silver", signup=True),
            terms=replace(BRONZE, rates={1: 1999}),
            on=billing_date(on, -24, 1),
            **own,
        )
        boxes = Mailbox.objects.filter(location=house.locations[0], number__gte="120")
        for box, (name, ago) in zip(boxes.order_by("number"), LATER.items(), strict=False):
            details = Details(Kind.PERSON, name, "", "")
            joins = {"mailbox": box, "months": 1, "starts_on": billing_date(on, ago, 1)}
            customer = add_customer(house.operator, details=details, **own)
            assign(customer, plan=plan, **joins, **own)


def opens_reports(walk: Walk, tab: str = "") -> None:
    """From the Dashboard to Customers, there to Reports, and perhaps to a tab."""
    walk.opens("dashboard")
    walk.clicks("Customers")
    walk.clicks("Reports")
    if tab:
        walk.clicks(tab)
    walk.page.get_by_label("Months", exact=True).select_option("6 months")
    walk.page.wait_for_url("**months=6**")
    walk.look()


def test_reports(walk: Walk) -> None:
    silver_sold(walk.house)
    billed(walk.house)
    with walk.article("recurring-revenue"):
        opens_reports(walk)
        walk.picture("recurring-revenue-moved", of="section.card:has(h2:text('What moved it'))")
        walk.picture("recurring-revenue-figures", of="section.card:has(table)", mark="+$38.31")
        walk.clicks("+$38.31")
        walk.reads("What moved the monthly recurring revenue")
    with walk.article("revenue-by-plan"):
        opens_reports(walk, "Revenue by plan")
        walk.picture("revenue-by-plan-page")
        walk.clicks("Revenue by service")
        walk.reads("Rates")
    with walk.article("extras-customers-pay"):
        opens_reports(walk, "Extras")
        walk.picture("extras-customers-pay-page", mark="Ana Alvarez")
        walk.clicks("Ana Alvarez")
        walk.reads("Balance")
