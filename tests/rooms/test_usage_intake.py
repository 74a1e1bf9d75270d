"""Taking in usage: a result for each item, once for each key, a bad one fails no other."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.intake import KeyUsedBefore, Outcome, Status, take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry
from tests.conftest import AT

DAY = date(2026, 6, 2)
EASTERN = timezone(timedelta(hours=-4))


def given(house: House, key: str = "k1", **changes: Any) -> Given:
    facts: dict[str, Any] = {
        "subscription_id": house.subscriptions["ana"].pk,
        "service": "open_and_scan",
        "quantity": 1,
        "when": DAY,
    }
    return Given(key, **facts | changes)


def send(house: House, *entries: Given, at: datetime = AT) -> list[Outcome]:
    return take_in(house.operator, entries, by=None, at=at)


def said(outcomes: Iterable[Outcome]) -> list[str]:
    return [it.refusal.code if it.refusal else it.status.value for it in outcomes]


def test_an_entry_is_counted(in_harbor: House) -> None:
    assert said(send(in_harbor, given(in_harbor, quantity=3))) == ["counted"]
    entry = UsageEntry.objects.get()
    assert (entry.quantity, entry.on, entry.happened_at) == (3, DAY, None)
    assert (entry.recorded_at, entry.recorded_by) == (AT, None)


def test_the_same_key_counts_once(in_harbor: House) -> None:
    one, other = given(in_harbor), given(in_harbor, quantity=2)
    assert said(send(in_harbor, one, one, other)) == [
        "counted",
        "already_counted",
        "key_used_before",
    ]
    assert said(send(in_harbor, one, other)) == ["already_counted", "key_used_before"]
    assert UsageEntry.objects.get().quantity == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": 2},
        {"service": "forward"},
        {"when": DAY - timedelta(days=1)},
        {"when": datetime(2026, 6, 2, 12, 0, tzinfo=UTC)},
        {"subscription_id": None},
    ],
)
def test_any_other_body_under_a_key_is_an_error(in_harbor: House, changes: dict[str, Any]) -> None:
    if "subscription_id" in changes:
        changes = {"subscription_id": in_harbor.subscriptions["bo"].pk}
    outcomes = send(in_harbor, given(in_harbor), given(in_harbor, **changes))
    assert said(outcomes) == ["counted", "key_used_before"]
    assert isinstance(outcomes[1].refusal, KeyUsedBefore)


def test_an_instant_is_the_same_in_any_zone(in_harbor: House) -> None:
    instant = datetime(2026, 6, 2, 14, 0, tzinfo=UTC)
    outcomes = send(
        in_harbor,
        given(in_harbor, when=instant),
        given(in_harbor, when=instant.astimezone(EASTERN)),
    )
    assert said(outcomes) == ["counted", "already_counted"]
    assert UsageEntry.objects.get().happened_at == instant


BAD = [
    ({"quantity": 0}, "not_a_count"),
    ({"quantity": -1}, "not_a_count"),
    ({"quantity": 1_000_001}, "not_a_count"),
    ({"quantity": 10**12}, "not_a_count"),
    ({"quantity": 10**30}, "not_a_count"),
    ({"quantity": True}, "not_a_count"),
    ({"quantity": 1.5}, "not_a_count"),
    ({"service": "ironing"}, "service_not_metered"),
    ({"service": "storage"}, "service_not_metered"),
    ({"service": "for\0ward"}, "service_not_metered"),
    ({"service": "\ud800"}, "service_not_metered"),
    ({"service": None}, "service_not_metered"),
    ({"subscription_id": 0}, "subscription_unknown"),
    ({"subscription_id": 10**30}, "subscription_unknown"),
    ({"subscription_id": "1"}, "subscription_unknown"),
    ({"when": date(2026, 6, 16)}, "in_the_future"),
    ({"when": date.max}, "in_the_future"),
    ({"when": datetime.max.replace(tzinfo=EASTERN)}, "not_a_day"),
    ({"when": datetime.min.replace(tzinfo=UTC)}, "not_a_day"),
    ({"when": "2026-06-02"}, "not_a_day"),
    ({"when": date(2025, 12, 31)}, "not_yet_begun"),
    ({"key": ""}, "key_unusable"),
    ({"key": "k" * 101}, "key_unusable"),
    ({"key": "a\0b"}, "key_unusable"),
    ({"key": "\udfff"}, "key_unusable"),
    ({"key": 7}, "key_unusable"),
]


@pytest.mark.parametrize(("changes", "code"), BAD, ids=[f"{it[0]}"[:40] for it in BAD])
def test_a_bad_item_fails_no_other(in_harbor: House, changes: dict[str, Any], code: str) -> None:
    bad = given(in_harbor, **{"key": "bad"} | changes)
    outcomes = send(in_harbor, given(in_harbor, "one"), bad, given(in_harbor, "two"))
    assert said(outcomes) == ["counted", code, "counted"]
    assert str(outcomes[1].refusal)
    assert set(UsageEntry.objects.values_list("key", flat=True)) == {"one", "two"}


def test_all_bad_items_at_once(in_harbor: House) -> None:
    bad = [given(in_harbor, **{"key": f"bad {n}"} | it) for n, (it, _) in enumerate(BAD)]
    assert said(send(in_harbor, *bad)) == [code for _, code in BAD]
    assert send(in_harbor) == []


def test_a_neighbours_subscription_is_as_good_as_none(
    in_harbor: House, make_house: Callable[..., House]
) -> None:
    theirs = make_house("Neighbor Post").subscriptions["ana"].pk
    outcomes = send(
        in_harbor,
        given(in_harbor, "theirs", subscription_id=theirs),
        given(in_harbor, "nobody's", subscription_id=2**62),
    )
    assert {str(it.refusal) for it in outcomes} == {"There is no such subscription."}
    assert not UsageEntry.objects.exists()


def test_the_same_key_at_two_operators(in_harbor: House, make_house: Callable[..., House]) -> None:
    send(in_harbor, given(in_harbor))
    neighbour = make_house("Neighbor Post")
    with as_operator(neighbour.operator.pk):
        assert said(send(neighbour, given(neighbour, quantity=9))) == ["counted"]


def test_a_closed_subscription_takes_what_was_used_before(in_harbor: House) -> None:
    Subscription.objects.filter(pk=in_harbor.subscriptions["ana"].pk).update(closes_on=DAY)
    outcomes = send(
        in_harbor,
        given(in_harbor, "that day"),
        given(in_harbor, "the day after", when=DAY + timedelta(days=1)),
    )
    assert said(outcomes) == ["counted", "closed_before"]
    assert str(outcomes[1].refusal) == "The subscription closed on 02 June 2026."


def test_what_was_counted_stays_counted_after_closing(in_harbor: House) -> None:
    one = given(in_harbor)
    send(in_harbor, one)
    earlier = DAY - timedelta(days=9)
    Subscription.objects.filter(pk=in_harbor.subscriptions["ana"].pk).update(closes_on=earlier)
    assert said(send(in_harbor, one, given(in_harbor, "k2"))) == [
        "already_counted",
        "closed_before",
    ]


def test_a_refused_key_may_be_sent_again(in_harbor: House) -> None:
    assert said(send(in_harbor, given(in_harbor, quantity=0), given(in_harbor))) == [
        "not_a_count",
        "counted",
    ]


def test_nobody_held_is_a_number_of_recipients(in_harbor: House) -> None:
    none = given(in_harbor, service="recipients", quantity=0)
    assert said(send(in_harbor, none)) == ["counted"]


#: Instants in New York around midnight and both clock changes, with the local day of each.
NIGHTS = [
    (datetime(2026, 3, 8, 4, 59, tzinfo=UTC), date(2026, 3, 7)),
    (datetime(2026, 3, 8, 5, 0, tzinfo=UTC), date(2026, 3, 8)),
    (datetime(2026, 3, 8, 6, 59, tzinfo=UTC), date(2026, 3, 8)),
    (datetime(2026, 3, 8, 7, 0, tzinfo=UTC), date(2026, 3, 8)),
    (datetime(2026, 3, 9, 3, 59, tzinfo=UTC), date(2026, 3, 8)),
    (datetime(2026, 3, 9, 4, 0, tzinfo=UTC), date(2026, 3, 9)),
    (datetime(2026, 11, 1, 3, 59, tzinfo=UTC), date(2026, 10, 31)),
    (datetime(2026, 11, 1, 4, 0, tzinfo=UTC), date(2026, 11, 1)),
    (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), date(2026, 11, 1)),
    (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), date(2026, 11, 1)),
    (datetime(2026, 11, 2, 4, 59, tzinfo=UTC), date(2026, 11, 1)),
    (datetime(2026, 11, 2, 5, 0, tzinfo=UTC), date(2026, 11, 2)),
    (datetime.fromisoformat("2026-06-02T23:30"), date(2026, 6, 2)),
    (datetime.fromisoformat("2026-03-08T02:30"), date(2026, 3, 8)),
    (datetime(2026, 6, 2, 1, 0, tzinfo=timezone(timedelta(hours=9))), date(2026, 6, 1)),
]


def test_the_day_is_that_of_the_location(in_harbor: House) -> None:
    entries = [given(in_harbor, f"{n:02}", when=when) for n, (when, _) in enumerate(NIGHTS)]
    send(in_harbor, *entries, at=datetime(2026, 12, 1, tzinfo=UTC))
    on = list(UsageEntry.objects.order_by("key").values_list("on", flat=True))
    assert on == [day for _, day in NIGHTS]


@pytest.mark.parametrize(("hour", "code"), [(3, "in_the_future"), (4, "counted")])
def test_tomorrow_starts_at_the_locations_midnight(in_harbor: House, hour: int, code: str) -> None:
    at = datetime(2026, 6, 16, hour, 30, tzinfo=UTC)
    assert said(send(in_harbor, given(in_harbor, when=date(2026, 6, 16)), at=at)) == [code]


def test_who_sent_it_is_kept(in_harbor: House) -> None:
    take_in(in_harbor.operator, [given(in_harbor)], by=in_harbor.owner, at=AT)
    assert UsageEntry.objects.get().recorded_by == in_harbor.owner


def test_more_than_a_batch(in_harbor: House) -> None:
    entries = [given(in_harbor, f"k{n}") for n in (3, 1, 2, 5, 4, 1)]
    outcomes = take_in(in_harbor.operator, entries, by=None, at=AT, batch=2)
    assert [it.status for it in outcomes] == [Status.COUNTED] * 5 + [Status.ALREADY_COUNTED]
    assert UsageEntry.objects.count() == 5
