"""Terms open when their day has come where their mailbox is, under the one rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.db.models import F

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.billing.models import SetAside
from postroom.domain.billing.running import bill_everybody, bill_operator
from postroom.domain.customers.models import Mailbox
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.models import PlanVersion
from postroom.domain.subscriptions.actions import assign, clear_by_hand
from postroom.domain.subscriptions.models import Basis, Means, Subscription, Term
from tests.conftest import AT


def starts(house: House, who: str) -> list[str]:
    """Will return the first days of somebody's terms, and the last term's end."""
    terms = list(Term.objects.filter(subscription=house.subscriptions[who]).order_by("seq"))
    return [f"{it.starts_on:%d %b}" for it in terms] + [f"to {terms[-1].ends_on:%d %b %Y}"]


def versions(house: House, who: str = "ana") -> list[int]:
    """Will return the version numbers that somebody's terms were opened under."""
    terms = Term.objects.filter(subscription=house.subscriptions[who])
    return list(terms.order_by("seq").values_list("version__number", flat=True))


def publish(house: House, monthly: int, existing_from: date) -> PlanVersion:
    """Will publish a version of Bronze at a monthly rate for existing customers too."""
    return publish_version(
        house.bronze,
        terms=replace(BRONZE, rates={1: monthly, 12: 10999}),
        sold_from=existing_from,
        existing_from=existing_from,
        by=house.owner,
        at=AT,
    )


def test_missed_days_are_caught_up(in_harbor: House) -> None:
    bill_operator(in_harbor.operator, at=AT)
    assert starts(in_harbor, "ana") == [
        *["01 Jan", "01 Feb", "01 Mar", "01 Apr", "01 May", "01 Jun"],
        "to 01 Jul 2026",
    ]
    assert starts(in_harbor, "bo")[-2:] == ["07 Jun", "to 07 Jul 2026"]
    assert starts(in_harbor, "cy") == ["13 Jan", "to 13 Jan 2027"]
    assert starts(in_harbor, "di") == ["19 Jan", "to 01 Sep 2026"]
    for subscription in Subscription.objects.all():
        last = Term.objects.filter(subscription=subscription).latest("seq")
        assert subscription.next_term_on == last.ends_on


def test_the_second_start_finds_nothing(in_harbor: House) -> None:
    bill_operator(in_harbor.operator, at=AT)
    opened = Term.objects.count()
    assert bill_operator(in_harbor.operator, at=AT) == []
    assert Term.objects.count() == opened


def test_what_is_wrong_with_one_holds_up_nobody_else(
    harbor: House, make_house: Callable[..., House]
) -> None:
    neighbor = make_house("Neighbor Post")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with as_operator(harbor.operator.pk):
        gap = F("next_term_on") + 1
        Subscription.objects.filter(pk=harbor.subscriptions["ana"].pk).update(next_term_on=gap)
    bill_everybody(at=AT)
    with as_operator(harbor.operator.pk):
        aside = SetAside.objects.get()
        assert aside.subscription_id == harbor.subscriptions["ana"].pk
        assert aside.reason == "term does not end before it starts"
        assert starts(harbor, "bo")[-1] == "to 07 Jul 2026"
    with as_operator(neighbor.operator.pk):
        assert starts(neighbor, "ana")[-1] == "to 01 Jul 2026"


def test_the_size_of_a_page_does_not_matter(in_harbor: House) -> None:
    def opened(page: int) -> list[tuple[object, ...]]:
        facts = ("subscription", "seq", "version", "starts_on", "ends_on", "whole_ends_on")
        with transaction.atomic():
            bill_operator(in_harbor.operator, at=AT, page=page)
            rows = list(Term.objects.order_by("subscription", "seq").values_list(*facts))
            transaction.set_rollback(True)
        return rows

    assert opened(1) == opened(5_000)
    assert len(opened(2)) == 14


def test_month_ends_are_found_from_the_billing_day(in_harbor: House) -> None:
    in_harbor.subscriptions["eve"] = assign(
        in_harbor.customers["ana"],
        mailbox=Mailbox.objects.get(location=in_harbor.locations[0], number="120"),
        plan=in_harbor.bronze,
        months=1,
        starts_on=date(2026, 1, 31),
        by=in_harbor.owner,
        at=AT,
    )
    bill_operator(in_harbor.operator, at=AT)
    assert starts(in_harbor, "eve") == [
        *["31 Jan", "28 Feb", "31 Mar", "30 Apr", "31 May"],
        "to 30 Jun 2026",
    ]


@pytest.mark.parametrize(
    ("closes_on", "last"),
    [(date(2026, 3, 31), "01 Mar"), (date(2026, 4, 1), "01 Apr"), (date(2026, 1, 15), "01 Jan")],
)
def test_no_term_opens_after_the_last_day_used(
    in_harbor: House, closes_on: date, last: str
) -> None:
    ana = in_harbor.subscriptions["ana"]
    Subscription.objects.filter(pk=ana.pk).update(closes_on=closes_on)
    bill_operator(in_harbor.operator, at=AT)
    assert starts(in_harbor, "ana")[-2] == last


def test_a_day_opens_where_the_location_is(in_harbor: House) -> None:
    in_harbor.subscriptions["far"] = assign(
        in_harbor.customers["ana"],
        mailbox=Mailbox.objects.get(location=in_harbor.locations[1], number="100"),
        plan=in_harbor.bronze,
        months=1,
        starts_on=date(2026, 1, 1),
        by=in_harbor.owner,
        at=AT,
    )
    one_in_new_york_ten_in_beverly_hills = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)
    bill_operator(in_harbor.operator, at=one_in_new_york_ten_in_beverly_hills)
    assert starts(in_harbor, "ana")[-2] == "01 Jul"
    assert starts(in_harbor, "far")[-2] == "01 Jun"
    bill_operator(in_harbor.operator, at=datetime(2026, 7, 1, 7, 0, tzinfo=UTC))
    assert starts(in_harbor, "far")[-2] == "01 Jul"


def test_better_terms_open_from_their_day_on(in_harbor: House) -> None:
    publish(in_harbor, 899, date(2026, 4, 1))
    bill_operator(in_harbor.operator, at=AT)
    assert versions(in_harbor) == [1, 1, 1, 2, 2, 2]
    held = Subscription.objects.get(pk=in_harbor.subscriptions["ana"].pk)
    assert held.version.number == 2


def test_worse_terms_wait_for_the_first_renewal_that_a_clearance_covers(in_harbor: House) -> None:
    version = publish(in_harbor, 1299, date(2026, 2, 1))
    clear_by_hand(
        in_harbor.subscriptions["ana"],
        version=version,
        told_on=date(2026, 3, 23),
        means=Means.PHONE,
        told_by="Olga",
        reason="Called",
        by=in_harbor.owner,
        at=AT,
        on=date(2026, 6, 15),
    )
    bill_operator(in_harbor.operator, at=AT)
    assert versions(in_harbor) == [1, 1, 1, 1, 2, 2], "ten days after 23 March is past 1 April"
    assert set(versions(in_harbor, "bo")) == {1}, "nobody told Bo"


def test_a_term_within_a_year_is_not_touched(in_harbor: House) -> None:
    publish(in_harbor, 899, date(2026, 2, 1))
    bill_operator(in_harbor.operator, at=AT)
    assert versions(in_harbor, "cy") == [1]


def test_the_whole_period_and_the_basis_are_kept(in_harbor: House) -> None:
    bill_operator(in_harbor.operator, at=AT)
    renewed = Term.objects.filter(seq__gt=1)
    assert {it.basis for it in renewed} == {Basis.RENEWED}
    assert all(it.starts_on == it.whole_starts_on for it in renewed)
    assert all(it.ends_on == it.whole_ends_on for it in renewed)
