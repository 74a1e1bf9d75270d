"""Moving in: the first bill from here comes the day after what was paid, at the same price."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from postroom.demo.cast import House
from postroom.domain.billing.models import InvoiceLine
from postroom.domain.billing.running import bill_operator
from postroom.domain.moving_in.keeping import make_plans, prices_missing
from postroom.domain.proof.acts import prove
from postroom.domain.proof.models import Difference
from postroom.domain.subscriptions.models import Subscription
from tests.conftest import AT, ON
from tests.rooms.moving_worlds import ADA, bring, taken_in

DAY = timedelta(days=1)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo("America/New_York"))


def billed(house: House, rented: Subscription, up_to: date) -> list[tuple[date, int]]:
    """Will bill up to a day, and return from when its lines are and what they come to."""
    bill_operator(house.operator, at=noon(up_to))
    lines = InvoiceLine.objects.filter(invoice__subscription=rented).order_by("starts_on", "id")
    return list(lines.values_list("starts_on", "amount_minor"))


@pytest.mark.parametrize(
    ("more", "first", "price"),
    [
        ({}, date(2026, 7, 15), 999),
        ({"paid_through": "2026-06-30", "starts_on": "2024-03-01"}, date(2026, 7, 1), 999),
        # The 31st is kept over a shorter month.
        ({"paid_through": "2026-06-29", "starts_on": "2024-03-31"}, date(2026, 6, 30), 999),
        ({"cycle": "annual", "price": "109.99"}, date(2026, 7, 15), 10999),
        ({"price": "9.49"}, date(2026, 7, 15), 949),
    ],
)
def test_nothing_is_billed_up_to_the_last_day_paid(
    in_harbor: House, more: dict[str, str], first: date, price: int
) -> None:
    kept = bring(in_harbor, ADA | more)
    keys = [it.key for it in prices_missing(kept)]
    make_plans(kept, keys=keys, by=in_harbor.owner, at=AT, on=ON)
    assert taken_in(in_harbor, ADA | more)[0].problems == []
    ada = Subscription.objects.get(customer__external_id="C-1")
    assert billed(in_harbor, ada, first - DAY) == []
    assert billed(in_harbor, ada, first) == [(first, price)]


def test_the_31st_comes_back_after_june(in_harbor: House) -> None:
    taken_in(in_harbor, ADA | {"paid_through": "2026-06-29", "starts_on": "2024-03-31"})
    ada = Subscription.objects.get(customer__external_id="C-1")
    starts = [day for day, _ in billed(in_harbor, ada, date(2026, 8, 31))]
    assert starts == [date(2026, 6, 30), date(2026, 7, 31), date(2026, 8, 31)]


def test_who_is_behind_is_billed_from_then_on_and_the_books_are_right(in_harbor: House) -> None:
    (row,) = taken_in(in_harbor, ADA | {"paid_through": "2026-05-14"})
    assert "What they paid for is over" in row.notes[0]
    ada = Subscription.objects.get(customer__external_id="C-1")
    assert billed(in_harbor, ada, ON) == [(date(2026, 5, 15), 999), (date(2026, 6, 15), 999)]
    proof = prove(in_harbor.operator, at=noon(ON))
    found = Difference.objects.filter(proof=proof, subscription_id=ada.pk)
    assert list(found.values_list("kind", flat=True)) == []
