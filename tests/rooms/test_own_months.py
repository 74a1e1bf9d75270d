"""A customer's own months, rated again: under their own terms, what the run billed for them."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import InvoiceLine
from postroom.domain.plan_changes.own_months import Month, Rated, compare, last_months
from postroom.domain.plans.models import Plan
from postroom.domain.plans.queries import latest_version
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance
from postroom.domain.subscriptions.models import Subscription, Term
from tests.rooms.billing_worlds import GOLD, Shop, day
from tests.rooms.preview_worlds import World


def billed_extras(subscription: Subscription, month: Rated) -> int:
    """Will return what the run billed for the extras of a month, corrections included."""
    lines = InvoiceLine.objects.filter(
        invoice__subscription=subscription,
        kind="extra",
        starts_on__gte=month.starts_on,
        starts_on__lt=month.ends_on,
    )
    return lines.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def held_throughout(subscription: Subscription, month: Rated) -> bool:
    """Will tell whether the whole month was under the version that is held now."""
    terms = Term.objects.filter(
        subscription=subscription, starts_on__lt=month.ends_on, ends_on__gt=month.starts_on
    )
    return {it.version_id for it in terms} == {subscription.version_id}


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_under_my_own_terms_it_is_what_the_run_billed(db: None, seed: int) -> None:
    world = World(seed)
    looked_at = 0
    with as_operator(world.shop.operator.pk):
        world.live()
        for subscription in Subscription.objects.all():
            version = subscription.version_id
            for month in last_months(subscription, [version])[version]:
                if held_throughout(subscription, month):
                    said = (seed, subscription.pk, month.starts_on)
                    assert month.extras_minor == billed_extras(subscription, month), said
                    looked_at += month.extras_minor > 0
    assert looked_at > 10


def test_what_came_late_counts_as_it_was_billed_later(shop: Shop, gold: Plan) -> None:
    ana = shop.join(gold, "24-01-31")
    shop.use(ana, 5, "24-02-10")
    shop.run("24-03-31")
    shop.use(ana, 4, "24-02-11", entered="24-04-02")
    shop.run("24-04-30")
    ana.refresh_from_db()
    [february, *_] = last_months(ana, [ana.version_id])[ana.version_id]
    assert (february.starts_on, february.ends_on) == (day("24-01-31"), day("24-02-29"))
    assert february.extras_minor == billed_extras(ana, february) == 700


def other(shop: Shop, allowance: Allowance, name: str = "Other") -> int:
    """Will put a plan on sale that shreds on other terms. Returns its version."""
    terms = replace(GOLD, allowances=GOLD.allowances | {Service.SHRED: allowance})
    return latest_version(shop.plan(terms, name=name)).pk


def test_the_same_months_under_other_terms(shop: Shop, gold: Plan) -> None:
    ana = shop.join(gold, "24-01-01")
    unlimited = other(shop, Allowance(Offer.UNLIMITED))
    without = other(shop, Allowance(Offer.NOT_OFFERED), "Without")
    dear = other(shop, Allowance(Offer.RESTRICTED, 0, 3, 500), "Dear")
    shop.use(ana, 4, "24-01-10")
    shop.run("24-03-01")
    ana.refresh_from_db()
    found = last_months(ana, [ana.version_id, unlimited, without, dear])
    extras = {version: [it.extras_minor for it in its] for version, its in found.items()}
    assert extras == {ana.version_id: [200, 0], unlimited: [0, 0], without: [0, 0], dear: [1000, 0]}
    assert [it.not_offered for it in found[without]] == [(Service.SHRED,), ()]


def test_only_whole_months_that_have_ended_up_to_twelve(shop: Shop, gold: Plan) -> None:
    ana = shop.join(gold, "24-01-15", billing_day=1)
    shop.run("24-01-31")
    assert last_months(ana, [ana.version_id]) == {ana.version_id: []}
    shop.run("24-02-29")
    ana.refresh_from_db()
    assert last_months(ana, [ana.version_id]) == {ana.version_id: []}, "the stub is no month"
    shop.run("25-06-01")
    ana.refresh_from_db()
    months = last_months(ana, [ana.version_id])[ana.version_id]
    assert [it.starts_on for it in (months[0], months[-1])] == [day("24-06-01"), day("25-05-01")]
    assert len(months) == 12


def test_a_fixed_number_of_statements_for_any_number_of_plans(shop: Shop, gold: Plan) -> None:
    ana = shop.join(gold, "24-01-01")
    shop.run("24-06-01")
    ana.refresh_from_db()
    versions = [other(shop, Allowance(Offer.UNLIMITED), f"Plan {n}") for n in range(9)]
    counts = []
    for some in (versions[:1], versions):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(last_months(ana, some)) == len(some)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 7


def test_a_month_bears_its_share_of_the_rate() -> None:
    first = date(2026, 1, 1)
    mine = [Rated(first, first, 100), Rated(first, first, 0)]
    theirs = [Rated(first, first, 0), Rated(first, first, 0, (Service.SHRED,))]
    found = compare(mine, theirs, my_rate=(999, 1), their_rate=(10999, 12))
    assert found is not None
    assert list(found.months) == [Month(first, 1099, 917), Month(first, 999, 917)]
    assert (found.average_minor, found.not_offered) == (-132, [Service.SHRED])
    assert compare([], [], my_rate=(999, 1), their_rate=(999, 1)) is None
