"""Leaving: today, ahead, taken back, moved, on the edges of a term and in a stub.

Gold is 31.00 a month, so a day of January costs 1.00 and one of February 2024 31/29 of it.
"""

import pytest

from postroom.domain.subscriptions.closing import ClosesTooEarly, reopen
from postroom.domain.subscriptions.models import Subscription, Term
from tests.rooms.billing_worlds import Shop, day, lines, lines_on, totals


@pytest.fixture
def ana(shop: Shop) -> Subscription:
    """Joined on 1 January, billed that day."""
    ana = shop.join(shop.plan(), "24-01-01")
    shop.run("24-01-01")
    return ana


def stay(shop: Shop, subscription: Subscription, on: str) -> None:
    reopen(subscription, by=shop.by, at=shop.at(on), on=day(on))


def is_over(subscription: Subscription) -> bool:
    """Will tell whether nothing will ever be billed again, and the last term is cut."""
    now = Subscription.objects.get(pk=subscription.pk)
    last = Term.objects.filter(subscription=now).latest("seq")
    return now.next_bill_on is None and (last.ends_on - now.closes_on).days == 1


def test_today(shop: Shop, ana: Subscription) -> None:
    shop.close(ana, "24-01-10")
    shop.run("24-01-10")
    assert len(totals(ana)) == 1, "the day itself counts"
    shop.run("24-03-01")
    assert lines(ana)[1:] == ["24-01-11 credit 24-01-11/24-02-01 -2100"]
    assert is_over(ana)


def test_ahead_it_is_billed_to_that_day(shop: Shop, ana: Subscription) -> None:
    shop.close(ana, "24-02-10", on="24-01-15")
    shop.use(ana, 3, "24-01-20")
    shop.run("24-02-05")
    shop.use(ana, 4, "24-02-05")
    shop.run("24-03-01")
    # Ten of 29 days: 10.6897.
    assert lines(ana)[1:] == [
        "24-02-01 rate 24-02-01/24-02-11 1069",
        "24-02-01 extra:shred 24-01-01/24-02-01 100",
        "24-02-11 extra:shred 24-02-01/24-02-11 200",
    ]
    assert is_over(ana)


def test_taken_back_the_term_goes_on(shop: Shop, ana: Subscription) -> None:
    shop.close(ana, "24-02-10", on="24-01-15")
    shop.run("24-02-01")
    shop.use(ana, 4, "24-02-04")
    stay(shop, ana, "24-02-10")
    shop.use(ana, 1, "24-02-20")
    shop.run("24-03-05")
    # 19 of 29 days: 20.3103; both parts are the 31.00 of the month. One month of shreds: 3 over.
    assert lines(ana)[1:] == [
        "24-02-01 rate 24-02-01/24-02-11 1069",
        "24-02-11 rate 24-02-11/24-03-01 2031",
        "24-03-01 rate 24-03-01/24-04-01 3100",
        "24-03-01 extra:shred 24-02-01/24-03-01 300",
    ]


def test_taken_back_before_anything_was_cut(shop: Shop, ana: Subscription) -> None:
    shop.close(ana, "24-01-20", on="24-01-05")
    stay(shop, ana, "24-01-20")
    shop.run("24-02-01")
    assert totals(ana) == [("24-01-01", 3100), ("24-02-01", 3100)]


def test_moved_earlier(shop: Shop, ana: Subscription) -> None:
    shop.close(ana, "24-02-20", on="24-01-15")
    shop.run("24-02-01")
    shop.close(ana, "24-02-10", on="24-02-05")
    shop.run("24-03-01")
    # 20 of 29 days are 21.3793, ten of them 10.6897.
    assert lines(ana)[1:] == [
        "24-02-01 rate 24-02-01/24-02-21 2138",
        "24-02-11 credit 24-02-11/24-02-21 -1069",
    ]
    assert is_over(ana)


def test_moved_later_twice(shop: Shop, ana: Subscription) -> None:
    shop.close(ana, "24-02-10", on="24-01-15")
    shop.run("24-02-01")
    shop.close(ana, "24-02-20", on="24-02-05")
    shop.run("24-02-11")
    shop.close(ana, "24-03-02", on="24-02-20")
    shop.run("24-04-01")
    # 21 to 29 February are nine of 29 days: 9.6207; 1 and 2 March two of 31.
    assert lines(ana)[1:] == [
        "24-02-01 rate 24-02-01/24-02-11 1069",
        "24-02-11 rate 24-02-11/24-02-21 1069",
        "24-02-21 rate 24-02-21/24-03-01 962",
        "24-03-01 rate 24-03-01/24-03-03 200",
    ]
    assert is_over(ana)


@pytest.mark.parametrize(
    ("closes_on", "entered", "written"),
    [
        # 28 of 29 days: 29.9310. One: 1.0690.
        ("24-02-01", "24-02-01", ["02-01 rate 3100", "02-02 credit -2993"]),
        ("24-02-01", "24-01-31", ["02-01 rate 107"]),
        ("24-01-31", "24-01-31", []),
        ("24-01-31", "24-01-02", []),
        ("24-01-31", "24-02-01", ["02-01 rate 3100", "02-02 credit -3100"]),
        ("24-02-29", "24-02-29", ["02-01 rate 3100"]),
        ("24-01-01", "24-01-01", ["01-02 credit -3000"]),
        ("24-01-01", "24-01-31", ["02-01 credit -3000"]),
        ("24-02-01", "24-02-20", ["02-01 rate 3100", "02-21 credit -2993"]),
    ],
)
def test_on_the_edges_of_a_term(
    shop: Shop, ana: Subscription, closes_on: str, entered: str, written: list[str]
) -> None:
    shop.run(entered)
    shop.close(ana, closes_on, on=entered)
    shop.run("24-05-01")
    found = [it.split() for it in lines(ana)[1:]]
    assert [f"{it[0][3:]} {it[1]} {it[3]}" for it in found] == written
    assert is_over(ana)


def test_too_early(shop: Shop, ana: Subscription) -> None:
    shop.run("24-02-01")
    with pytest.raises(ClosesTooEarly, match="31 January 2024 is the earliest"):
        shop.close(ana, "24-01-30", on="24-02-01")
    shop.run("24-03-01")
    assert totals(ana)[1:] == [("24-02-01", 3100), ("24-03-01", 3100)]


def test_in_a_stub(shop: Shop) -> None:
    """From the 10th to the 1st: 22 of the 31 days of a month, or of the 365 days to that day."""
    gold = shop.plan()
    monthly, yearly = (
        shop.join(gold, "24-01-10", months=months, billing_day=1, who=str(months))
        for months in (1, 12)
    )
    shop.run("24-01-10")
    for it in (monthly, yearly):
        shop.use(it, 3, "24-01-12")
        shop.close(it, "24-01-15")
    shop.run("24-02-10")
    for it in (monthly, yearly):
        assert lines(it) == [
            "24-01-10 rate 24-01-10/24-02-01 2200",
            "24-01-16 credit 24-01-16/24-02-01 -1600",
            "24-01-16 extra:shred 24-01-10/24-01-16 100",
        ]
        assert is_over(it)


def test_in_a_year(shop: Shop) -> None:
    it = shop.join(shop.plan(), "24-01-10", months=12, billing_day=1)
    shop.run("24-03-01")
    shop.close(it, "24-03-01")
    shop.run("24-03-10")
    # 336 of the 366 days from 1 February are left on 2 March: 335.0820.
    assert [it for it in lines(it) if "extra" not in it] == [
        "24-01-10 rate 24-01-10/24-02-01 2200",
        "24-02-01 rate 24-02-01/25-02-01 36500",
        "24-03-02 credit 24-03-02/25-02-01 -33508",
    ]
    assert is_over(it)


def test_before_the_first_run(shop: Shop) -> None:
    gold = shop.plan()
    one_day, some = shop.join(gold, "24-01-05"), shop.join(gold, "24-01-05", who="Bo")
    shop.close(one_day, "24-01-05")
    shop.close(some, "24-02-07", on="24-01-06")
    shop.run("24-03-01")
    assert lines(one_day) == ["24-01-05 rate 24-01-05/24-01-06 100"]
    # Three of the 29 days from 5 February: 3.2069.
    assert lines(some) == [
        "24-01-05 rate 24-01-05/24-02-05 3100",
        "24-02-05 rate 24-02-05/24-02-08 321",
    ]
    assert is_over(one_day)
    assert is_over(some)


def test_paid_elsewhere_gives_nothing_back(shop: Shop) -> None:
    it = shop.join(shop.plan(), "24-01-10", paid_until="24-03-10")
    shop.use(it, 3, "24-01-20")
    shop.run("24-02-10")
    shop.close(it, "24-02-20")
    shop.run("24-04-01")
    assert lines(it) == ["24-02-10 extra:shred 24-01-10/24-02-10 100"]
    assert lines_on(it, "24-02-21") == []
    assert is_over(it)
