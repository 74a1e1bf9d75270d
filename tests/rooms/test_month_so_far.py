"""What a month comes to so far is what the run then bills for it."""

from dataclasses import replace

import pytest

from postroom.base.periods import Period
from postroom.domain.billing.models import InvoiceLine, LineKind
from postroom.domain.billing.month_so_far import MonthSoFar, month_so_far
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance
from postroom.domain.subscriptions.models import Subscription
from tests.rooms.billing_worlds import GOLD, Shop, day

JANUARY = Period(day("24-01-01"), day("24-02-01"))
#: Five shreds are included, and three more cost 2.00 or a fraction of them.
ROOMY = replace(GOLD, allowances={Service.SHRED: Allowance(Offer.RESTRICTED, 5, 3, 200)})


def january(subscription: Subscription, *, on: str = "24-01-31") -> MonthSoFar:
    subscription.refresh_from_db()
    return month_so_far(subscription, JANUARY, on=day(on))


def billed() -> int:
    extras = InvoiceLine.objects.filter(kind=LineKind.EXTRA).values_list("amount_minor", flat=True)
    return sum(extras)


@pytest.mark.parametrize(
    ("before", "after", "minor"),
    [(4, 0, 200), (4, 2, 400), (1, 5, 200), (4, 4, 400), (4, 5, 600)],
)
def test_a_switch_within_the_month(
    shop: Shop, gold: Plan, before: int, after: int, minor: int
) -> None:
    ana = shop.join(gold, "24-01-01")
    shop.run("24-01-01")
    shop.use(ana, before, "24-01-05")
    assert january(ana, on="24-01-05").parts == {}
    shop.switch(ana, shop.plan(ROOMY, name="Roomy"), "24-01-11")
    if after:
        shop.use(ana, after, "24-01-20")
    so_far = january(ana)
    assert set(so_far.parts) == {Service.SHRED}
    shop.run("24-02-01")
    assert so_far.extras_minor == billed() == minor


def test_a_month_under_one_plan(shop: Shop, gold: Plan) -> None:
    ana = shop.join(gold, "24-01-01")
    shop.run("24-01-01")
    shop.use(ana, 5, "24-01-05")
    shop.use(ana, 6, "24-01-05", service=Service.RECIPIENTS)
    so_far = january(ana)
    shop.run("24-02-01")
    assert so_far.parts == {}
    assert so_far.extras_minor == billed() == 300 + 2000
