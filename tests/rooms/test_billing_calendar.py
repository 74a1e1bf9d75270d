"""Month ends, leap days, nights without an hour and days without a night, stubs and years.

Gold is 31.00 a month and 365.00 a year; two shreds a month are free, another costs 1.00.
"""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from postroom.base.tenancy import as_operator
from postroom.domain.billing.running import bill_operator
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from tests.rooms.billing_worlds import GOLD, Shop, lines, lines_on, open_shop, totals


@pytest.mark.parametrize(
    ("starts_on", "months", "billed"),
    [
        ("24-01-31", 1, ["24-01-31", "24-02-29", "24-03-31", "24-04-30", "24-05-31"]),
        ("23-01-31", 1, ["23-01-31", "23-02-28", "23-03-31"]),
        ("23-01-29", 1, ["23-01-29", "23-02-28", "23-03-29"]),
        ("24-02-29", 1, ["24-02-29", "24-03-29", "24-04-29"]),
        ("24-02-29", 12, ["24-02-29", "25-02-28", "26-02-28", "27-02-28", "28-02-29"]),
        ("23-02-28", 12, ["23-02-28", "24-02-28", "25-02-28"]),
        ("23-08-31", 12, ["23-08-31", "24-08-31"]),
    ],
)
def test_month_ends(shop: Shop, starts_on: str, months: int, billed: list[str]) -> None:
    it = shop.join(shop.plan(), starts_on, months=months)
    shop.run(billed[-1])
    assert totals(it) == [(on, {1: 3100, 12: 36500}[months]) for on in billed]


def test_shreds_of_month_ends(shop: Shop) -> None:
    """Each month is from one billing day up to the next, also within a year."""
    gold = shop.plan()
    monthly, yearly = (
        shop.join(gold, "24-01-31", months=months, who=str(months)) for months in (1, 12)
    )
    shop.run("24-01-31")
    for it in (monthly, yearly):
        for on in ("24-02-28", "24-02-29", "24-03-30", "24-03-31", "24-04-30"):
            shop.use(it, 3, on)
    shop.run("24-05-31")
    extras = [
        "24-02-29 extra:shred 24-01-31/24-02-29 100",
        "24-03-31 extra:shred 24-02-29/24-03-31 400",
        "24-04-30 extra:shred 24-03-31/24-04-30 100",
        "24-05-31 extra:shred 24-04-30/24-05-31 100",
    ]
    assert lines(yearly) == ["24-01-31 rate 24-01-31/25-01-31 36500", *extras]
    assert [it for it in lines(monthly) if "extra" in it] == extras


@pytest.mark.parametrize(
    ("starts_on", "months", "billing_day", "expected"),
    [
        # 21 of the 31 days from 31 December.
        ("24-01-10", 1, 31, ["24-01-10/24-01-31 2100", "24-01-31/24-02-29 3100"]),
        # One of the 29 of February: 1.0690.
        ("24-02-29", 1, 1, ["24-02-29/24-03-01 107", "24-03-01/24-04-01 3100"]),
        # 22 of the 92 days from 1 November: 21.7609 of 91.00.
        ("24-01-10", 3, 1, ["24-01-10/24-02-01 2176", "24-02-01/24-05-01 9100"]),
        # 17 of the 366 days up to 1 March 2024: 16.9536.
        ("24-02-13", 12, 1, ["24-02-13/24-03-01 1695", "24-03-01/25-03-01 36500"]),
    ],
)
def test_stubs(
    shop: Shop, starts_on: str, months: int, billing_day: int, expected: list[str]
) -> None:
    gold = shop.plan(replace(GOLD, rates=GOLD.rates | {3: 9100}))
    it = shop.join(gold, starts_on, months=months, billing_day=billing_day)
    shop.run(expected[1][:8])
    assert [line.split(maxsplit=2)[2] for line in lines(it)] == expected


def test_a_stub_month_has_the_whole_allowance(shop: Shop) -> None:
    it = shop.join(shop.plan(), "24-01-30", billing_day=1)
    shop.use(it, 2, "24-01-31")
    shop.run("24-02-01")
    assert lines_on(it, "24-02-01") == ["rate 24-02-01/24-03-01 3100"]


#: When the clocks of New York go forward, at two in the night, and back.
SPRING, AUTUMN = "24-03-10", "24-11-03"


@pytest.mark.parametrize(
    ("zone", "starts_on", "still_before", "its_day"),
    [
        ("America/New_York", SPRING, "2024-03-10T04:59", "2024-03-10T05:00"),
        ("America/New_York", "24-03-11", "2024-03-11T03:59", "2024-03-11T04:00"),
        ("America/New_York", AUTUMN, "2024-11-03T03:59", "2024-11-03T04:00"),
        ("America/New_York", "24-11-04", "2024-11-04T04:59", "2024-11-04T05:00"),
        # Their midnight does not exist, or comes twice.
        ("Africa/Cairo", "24-04-26", "2024-04-25T21:59", "2024-04-25T22:00"),
        ("America/Havana", "24-11-03", "2024-11-03T03:59", "2024-11-03T04:00"),
        # There was no 30 December: it is billed as of that day with the next one.
        ("Pacific/Apia", "11-12-30", "2011-12-30T09:59", "2011-12-30T10:00"),
    ],
)
def test_a_day_begins_where_the_mailbox_is(
    db: None, zone: str, starts_on: str, still_before: str, its_day: str
) -> None:
    shop = open_shop(zones=(zone,))
    with as_operator(shop.operator.pk):
        it = shop.join(shop.plan(on="10-01-01"), starts_on)
        for said, bills in [(still_before, 0), (its_day, 1)]:
            at = datetime.fromisoformat(said).replace(tzinfo=UTC)
            assert sum(run.invoices for run in bill_operator(shop.operator, at=at)) == bills
        assert totals(it) == [(starts_on, 3100)]


def test_hours_that_are_not_and_hours_that_are_twice(shop: Shop) -> None:
    """What happened at half past two that night, or at half past one both times, was that day."""
    gold = shop.plan()
    spring, autumn = shop.join(gold, SPRING, billing_day=11), shop.join(gold, AUTUMN, billing_day=4)
    when = {
        spring.pk: ["2024-03-10T02:30:00", "2024-03-10T05:00:00Z", "2024-03-11T03:59:59Z"],
        autumn.pk: ["2024-11-03T01:30:00", "2024-11-03T05:30:00Z", "2024-11-03T06:30:00Z"],
    }
    when[autumn.pk].append("2024-11-04T04:59:59Z")
    when[spring.pk].append("2024-03-11T04:00:00Z")
    sent = [
        Given(f"{pk} {said}", pk, "shred", 1, datetime.fromisoformat(said))
        for pk, instants in when.items()
        for said in instants
    ]
    take_in(shop.operator, sent, by=None, at=shop.at("24-11-05"))
    shop.run("24-11-05")
    # A day of the 29 up to 11 March, and of the 31 up to 4 November. The 4th shred is of the 11th.
    assert lines_on(spring, "24-03-11")[-1] == "extra:shred 24-03-10/24-03-11 100"
    assert lines_on(autumn, "24-11-04")[-1] == "extra:shred 24-11-03/24-11-04 200"
    assert totals(spring)[0] == (SPRING, 107)
    assert totals(autumn)[0] == (AUTUMN, 100)


def test_a_month_with_a_night_of_23_hours_is_no_shorter(shop: Shop) -> None:
    it = shop.join(shop.plan(), "24-03-01")
    shop.run("24-03-01")
    shop.close(it, SPRING)
    shop.run("24-03-11")
    assert totals(it)[-1] == ("24-03-11", -2100), "21 of 31 days"


def test_the_last_days_of_the_calendar(shop: Shop) -> None:
    """Nothing that may be entered makes a day that the calendar does not have."""
    it = shop.join(shop.plan(), "24-01-01", months=12)
    shop.run("24-01-01")
    shop.close(it, "99-12-31", on="24-01-02")
    shop.run("24-02-01")
    assert totals(it) == [("24-01-01", 36500)]
