"""The hard stop: whatever opens a term, worse terms on the same plan need a clearance."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from postroom.demo.cast import BRONZE, House
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.models import PlanVersion
from postroom.domain.subscriptions.actions import clear_by_hand, void_clearance
from postroom.domain.subscriptions.models import Basis, Clearance, Means
from tests.conftest import AT
from tests.schema.test_terms import follow
from tests.tables import breaking

#: When Ana's next term starts.
RENEWAL = date(2026, 2, 1)

Publish = Callable[[int], PlanVersion]


@pytest.fixture
def publish(in_harbor: House) -> Publish:
    """Will publish a version of Bronze at a monthly rate."""

    def at_rate(minor: int) -> PlanVersion:
        return publish_version(
            in_harbor.bronze,
            terms=replace(BRONZE, rates={1: minor}),
            sold_from=RENEWAL,
            existing_from=RENEWAL,
            by=None,
            at=AT,
        )

    return at_rate


def tell(house: House, version: PlanVersion, *, days_before: int = 10) -> Clearance:
    """Will record that Ana was told of a version so many days before her renewal."""
    told_on = RENEWAL - timedelta(days=days_before)
    return clear_by_hand(
        house.subscriptions["ana"],
        version=version,
        told_on=told_on,
        means=Means.LETTER,
        told_by="Olga",
        reason="Letter sent",
        by=house.owner,
        at=AT,
        on=told_on,
    )


def refused(house: House, version: PlanVersion) -> None:
    """Will assert that Ana's next term does not open under a version."""
    with breaking("worse_terms_need_a_clearance"):
        follow(house.subscriptions["ana"], version_id=version.pk)


def test_worse_terms_are_refused_and_better_ones_are_not(
    in_harbor: House, publish: Publish
) -> None:
    refused(in_harbor, publish(1000))
    assert follow(in_harbor.subscriptions["ana"], version_id=publish(998).pk).seq == 2


def test_telling_clears_them(in_harbor: House, publish: Publish) -> None:
    version = publish(1299)
    tell(in_harbor, version)
    assert follow(in_harbor.subscriptions["ana"], version_id=version.pk).seq == 2


def test_telling_of_worse_clears_what_is_not_worse_than_that(
    in_harbor: House, publish: Publish
) -> None:
    told, milder, harsher = publish(1299), publish(1199), publish(1399)
    tell(in_harbor, told)
    refused(in_harbor, harsher)
    assert follow(in_harbor.subscriptions["ana"], version_id=milder.pk).seq == 2


def test_a_void_clearance_clears_nothing(in_harbor: House, publish: Publish) -> None:
    version = publish(1299)
    void_clearance(tell(in_harbor, version), reason="Came back", by=in_harbor.owner, at=AT)
    refused(in_harbor, version)


def test_a_day_too_late_clears_nothing(in_harbor: House, publish: Publish) -> None:
    version = publish(1299)
    tell(in_harbor, version, days_before=9)
    refused(in_harbor, version)


@pytest.mark.parametrize(("last_day", "clears"), [(RENEWAL, True), (date(2026, 1, 31), False)])
def test_the_last_day_of_a_clearance(
    in_harbor: House, publish: Publish, last_day: date, clears: bool
) -> None:
    version = publish(1299)
    kept = tell(in_harbor, version, days_before=20)
    void_clearance(kept, reason="Dated", by=in_harbor.owner, at=AT)
    kept.pk, kept.last_day = None, last_day
    kept.save(force_insert=True)
    if clears:
        assert follow(in_harbor.subscriptions["ana"], version_id=version.pk).seq == 2
    else:
        refused(in_harbor, version)


def test_another_customer_was_told(in_harbor: House, publish: Publish) -> None:
    version = publish(1299)
    kept = tell(in_harbor, version)
    kept.pk, kept.subscription = None, in_harbor.subscriptions["bo"]
    kept.save(force_insert=True)
    void_clearance(Clearance.objects.earliest("id"), reason="Slip", by=in_harbor.owner, at=AT)
    refused(in_harbor, version)


def test_his_own_act_needs_no_telling(in_harbor: House, publish: Publish) -> None:
    ana, version = in_harbor.subscriptions["ana"], publish(1299)
    assert follow(ana, version_id=version.pk, basis=Basis.OWN_ACT).seq == 2


def test_a_version_without_a_comparison_counts_as_worse(in_harbor: House, publish: Publish) -> None:
    no_rate_for_half_a_year = publish(900)
    ana = in_harbor.subscriptions["ana"]
    with breaking("worse_terms_need_a_clearance"):
        follow(ana, version_id=no_rate_for_half_a_year.pk, months=6)
