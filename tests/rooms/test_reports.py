"""Reports in random towns: held to a plain twin, to the invoices, and to the books."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from django.db.models import Sum

from postroom.base.statistics import count_again
from postroom.base.tenancy import as_operator
from postroom.domain.billing.models import Invoice, Posting
from postroom.domain.billing.portions import WantedLines, come_to
from postroom.domain.billing.queries import Wanted, find_invoices
from postroom.domain.plans.services import Service
from postroom.domain.reports.behind import held_subscriptions, moved_subscriptions
from postroom.domain.reports.extras import extras, extras_minor, most_extras
from postroom.domain.reports.months import View, months_up_to
from postroom.domain.reports.recurring import Movement, customers_now, held_on, moved_in, recurring
from postroom.domain.reports.revenue import revenue
from tests.rooms.billing_worlds import Shop, day, open_shop
from tests.rooms.report_worlds import LAST, Town, Twin, build_town, terms


@pytest.fixture(params=[1, 7])
def town(db: None, request: pytest.FixtureRequest) -> Iterator[Town]:
    """A town on its ninth of July, with a location that adds tax and one whose rates include it."""
    shop = open_shop(zones=("America/New_York", "America/New_York"))
    with as_operator(shop.operator.pk):
        town = build_town(shop, request.param)
        count_again()
        yield town


def views(town: Town, *, count: int = 8) -> list[View]:
    """Every choice of location and plan."""
    places = [None, *(it.pk for it in town.shop.places)]
    plans = [None, *(it.pk for it in town.plans)]
    months = months_up_to(LAST, count)
    return [
        View(town.shop.operator, months, location_id=place, plan_id=plan)
        for place, plan in product(places, plans)
    ]


def test_recurring_revenue_is_its_twin(town: Town) -> None:
    seen = set[Movement]()
    for view in views(town):
        twin = Twin(view)
        for it in recurring(view):
            moved = {name: each.minor for name, each in it.moved.items() if each.minor}
            assert moved == twin.moved(it.month)
            assert it.opening.minor == twin.held(it.month.day_before)
            assert it.closing.minor == twin.held(it.month.last_day)
            assert it.closing == held_on(view, it.month.last_day)
            seen |= moved.keys()
    assert seen >= {Movement.NEW, Movement.GONE, Movement.CHANGE_DOWN} and len(seen) >= 5


def test_what_moved_and_the_opening_come_to_the_closing(town: Town) -> None:
    for view in views(town):
        months = recurring(view)
        for it in months:
            moved = sum((each.minor for each in it.moved.values()), Fraction(0))
            assert it.opening.minor + moved == held_on(view, it.month.last_day).minor
        assert months[0].opening.subscriptions == 0 < months[-1].closing.subscriptions


def test_figures_open_to_subscriptions_that_add_up(town: Town) -> None:
    for view in views(town)[:2]:
        for it in recurring(view):
            for movement, moved in it.moved.items():
                listed = moved_subscriptions(view, it.month, movement)
                assert sum(each.change for each in listed) == moved.minor
                assert len(listed) == moved.subscriptions
                assert moved == moved_in(view, it.month, movement)
            listed = held_subscriptions(view, it.month.last_day)
            assert sum(each.change for each in listed) == it.closing.minor
            assert len(listed) == it.closing.subscriptions


def test_lists_come_in_pages(town: Town) -> None:
    view = views(town)[0]
    whole = held_subscriptions(view, LAST)
    pages = [held_subscriptions(view, LAST, skip=at, most=3) for at in range(0, len(whole), 3)]
    assert [it.subscription.pk for page in pages for it in page] == [
        it.subscription.pk for it in whole
    ]
    assert customers_now(view) == len({it.subscription.customer_id for it in whole})


def test_revenue_tax_and_deposits_are_the_invoices(town: Town) -> None:
    for count in range(1, 8):
        for view in views(town, count=count)[:: len(town.plans) + 1]:
            found = revenue(view)
            billed = find_invoices(
                Wanted(since=view.first_day, until=LAST, location_id=view.location_id)
            ).invoices
            total = billed.aggregate(sum=Sum("total_minor", default=0))["sum"]
            assert found.invoiced_minor == total
            booked = Posting.objects.filter(invoice__in=billed, account="revenue")
            assert found.total_minor == -booked.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    assert Invoice.objects.exclude(included_tax_minor=0).exists()
    assert Invoice.objects.exclude(tax_minor=0).exists()


def test_every_amount_of_revenue_is_that_of_its_invoices(town: Town) -> None:
    for view in (*views(town)[:2], views(town)[-1]):
        found = revenue(view)
        assert found.billed
        for it in found.billed:
            lines = WantedLines(
                it.matter.portion,
                service=it.matter.service,
                plan_id=it.plan_id,
                of_no_plan=it.plan_id is None,
            )
            wanted = Wanted(
                since=it.month.first_day,
                until=it.month.last_day,
                location_id=view.location_id,
                lines=lines,
            )
            assert come_to(find_invoices(wanted).invoices, lines) == it.minor


def test_extras_are_those_of_the_revenue(town: Town) -> None:
    for view in views(town):
        used, found = extras(view), revenue(view)
        assert {Service.SHRED} >= set(used.services)
        assert used.in_all == used.of_service.get(Service.SHRED, used.in_all)
        assert sum(it.over for it in used.of_month.values()) == used.in_all.over
        everybody = most_extras(view, most=100)
        assert sum(it.minor for it in everybody) == extras_minor(found)
        assert len(everybody) == used.in_all.customers


def test_who_joins_and_leaves_within_a_month_moves_nothing(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-03-02")
    shop.run("24-03-02")
    shop.close(ana, "24-03-20")
    shop.run("24-04-30")
    view = View(shop.operator, months_up_to(day("24-04-30"), 3))
    assert [it.moved for it in recurring(view)] == [{}, {}, {}]
    assert {it.month.first_day.month for it in revenue(view).billed} == {3}
    assert revenue(view).total_minor == 1900


def test_a_correction_counts_what_it_changes(shop: Shop) -> None:
    ana = shop.join(shop.plan(), "24-01-01")
    shop.use(ana, 5, "24-01-10")
    shop.run("24-02-01")
    shop.use(ana, 2, "24-01-11", entered="24-02-05")
    shop.run("24-03-01")
    used = extras(View(shop.operator, months_up_to(day("24-03-01"), 3)))
    assert [it.over for it in used.of_month.values()] == [3, 2]
    assert used.in_all.customers == 1


def test_a_term_that_is_not_opened_yet_goes_on(shop: Shop) -> None:
    shop.join(shop.plan(terms(3100)), "24-01-01")
    shop.run("24-01-01")
    view = View(shop.operator, months_up_to(day("24-05-05"), 3))
    assert [it.closing.minor for it in recurring(view)] == [3100] * 3
