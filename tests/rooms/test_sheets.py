"""A sheet: each way in which a change ends for somebody, and sums that agree with the lines."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from postroom.base.tenancy import as_operator, as_platform
from postroom.domain.customers.models import Customer
from postroom.domain.notices.models import NoticeRule
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.groups import Group
from postroom.domain.plan_changes.models import Outcome, Sheet, SheetRow
from postroom.domain.plan_changes.previews import FRESH, KEPT, preview
from postroom.domain.plan_changes.reading import Wanted, each_line, find_rows, named
from postroom.domain.plan_changes.sums import Sums, unpack
from postroom.domain.plans.actions import keep_draft
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.protecting import lock, pin
from tests.rooms.billing_worlds import GOLD, NEXT_TERM, Shop
from tests.rooms.preview_worlds import World

TODAY, SAID = date(2026, 2, 17), "26-02-17"
DEARER = replace(GOLD, rates={1: 3900, 12: 40000})
LATER = Asked(TODAY, date(2026, 3, 25))


class Small:
    """One customer, Ana, on Gold: by the month, or by the year."""

    def __init__(self, shop: Shop, plan: Plan, months: int) -> None:
        """Will let Ana move in and be billed up to today."""
        self.shop, self.plan = shop, plan
        self.other = shop.plan(name="Silver")
        self.ana = shop.join(plan, "26-01-20", months=months)
        Customer.objects.filter(pk=self.ana.customer_id).update(email="ana@x.example")
        shop.run(SAID)
        self.ana = Subscription.objects.get(pk=self.ana.pk)
        self.own = {"reason": "Promised", "by": shop.by, "at": shop.at(SAID)}

    def draft(self, terms: Terms = DEARER) -> Draft:
        return keep_draft(self.plan, terms=terms, changed_from=1, **self.own)

    def look(self, asked: Asked = LATER, terms: Terms = DEARER, **facts: Any) -> Sheet:
        own = {"by": self.shop.by, "at": self.shop.at(SAID), "on": TODAY}
        return preview(self.draft(terms), asked, **own | facts)


def nothing(it: Small) -> Mapping[str, Any] | None:
    return None


def leaves(it: Small) -> None:
    it.shop.close(it.ana, "26-03-10", on=SAID)


def moves(it: Small) -> None:
    it.shop.switch(it.ana, it.other, SAID, timing=NEXT_TERM)


def is_locked(it: Small) -> None:
    lock(it.ana, until=date(2026, 6, 1), **it.own)


def is_pinned(it: Small) -> None:
    pin(it.ana, **it.own)


def has_no_email(it: Small) -> None:
    Customer.objects.filter(pk=it.ana.customer_id).update(email="")


def others_are_chosen(it: Small) -> Mapping[str, Any]:
    return {"asked": replace(LATER, group=Group(months=3))}


def no_month_is_sold(it: Small) -> Mapping[str, Any]:
    return {"terms": replace(DEARER, rates={12: 40000})}


def is_soon(it: Small) -> Mapping[str, Any]:
    return {"asked": replace(LATER, existing_from=TODAY)}


def rules_contradict(it: Small) -> None:
    """New York lets nobody be told sooner than thirty days before."""
    with as_platform():
        own = {"applies_to": "all", "what": "change", "source": "A law", "certainty": "read"}
        NoticeRule.objects.create(jurisdiction="US", least_days=60, **own)


@pytest.mark.parametrize(
    ("happens", "months", "outcome", "first_day"),
    [
        (nothing, 1, Outcome.CHANGED, date(2026, 4, 20)),
        (nothing, 12, Outcome.PAID_TERM, date(2027, 1, 20)),
        (leaves, 1, Outcome.LEAVING, None),
        (moves, 1, Outcome.MOVED, None),
        (others_are_chosen, 1, Outcome.NOT_CHOSEN, None),
        (is_pinned, 1, Outcome.PINNED, None),
        (is_locked, 1, Outcome.LOCKED, date(2026, 6, 20)),
        (no_month_is_sold, 1, Outcome.NO_RATE, None),
        (rules_contradict, 1, Outcome.NO_LAWFUL_DAY, None),
        (is_soon, 1, Outcome.DEFERRED, date(2026, 3, 20)),
        (has_no_email, 1, Outcome.UNDELIVERABLE, date(2026, 4, 20)),
    ],
)
def test_each_way_in_which_it_ends(
    shop: Shop,
    gold: Plan,
    happens: Callable[..., Any],
    months: int,
    outcome: Outcome,
    first_day: date | None,
) -> None:
    small = Small(shop, gold, months)
    facts = happens(small) or {}
    with as_operator(shop.operator.pk):
        sheet = small.look(**facts)
        row = SheetRow.objects.get(sheet=sheet)
        assert (row.outcome, row.first_day) == (outcome, first_day)
        sums = unpack(sheet.sums)
        assert (sums.customers, sums.ending(outcome)) == (1, 1)
        assert sums.reached == (first_day is not None)


@pytest.mark.parametrize("seed", range(2))
def test_sums_and_bars_agree_with_the_lines(db: None, seed: int) -> None:
    world = World(seed + 100)
    with as_operator(world.shop.operator.pk):
        world.live()
        sheet = world.look(*world.ask())
        sums, rows = unpack(sheet.sums), list(SheetRow.objects.filter(sheet=sheet))
        reached = [it for it in rows if it.first_day]
        changes = sorted(it.month_change_minor for it in reached)
        assert (sums.customers, sums.reached) == (len(rows), len(reached))
        for outcome in Outcome:
            assert sums.ending(outcome) == len([it for it in rows if it.outcome == outcome])
        assert sums.worse == len([it for it in reached if it.worse])
        assert sums.dearer == len([it for it in changes if it > 0])
        assert sums.cheaper == len([it for it in changes if it < 0])
        assert sums.above == len([it for it in reached if it.above])
        assert_spread(sums, changes)
        for place in sums.places:
            there = find_rows(sheet, Wanted(place=place.number))
            assert (there.count(), min(it.first_day for it in there)) == (
                place.customers,
                place.first_day,
            )


def assert_spread(sums: Sums, changes: list[int]) -> None:
    """Every customer stands in just one bar, and the middle one in the middle."""
    assert sums.spread
    assert (sums.spread.least_minor, sums.spread.most_minor) == (changes[0], changes[-1])
    assert sums.spread.median_minor == changes[(len(changes) - 1) // 2]
    assert sums.spread.total_minor == sum(changes)
    assert sum(it.customers for it in sums.bars) == len(changes)
    for bar in sums.bars:
        inside = [it for it in changes if bar.least_minor <= it <= bar.most_minor]
        assert len(inside) == bar.customers


def test_a_preview_serves_again_while_it_is_fresh(shop: Shop, gold: Plan) -> None:
    small = Small(shop, gold, 1)
    first, now = small.look(), shop.at(SAID)
    assert small.look(at=now + FRESH / 2) == first
    stale = small.look(at=now + FRESH)
    assert stale != first
    anew = small.look(at=now + FRESH, anew=True)
    assert list(Sheet.objects.all()) == [anew], "one to each person and plan"
    other = small.look(replace(LATER, existing_from=LATER.existing_from + timedelta(days=1)))
    assert list(Sheet.objects.all()) == [other]
    assert set(SheetRow.objects.values_list("sheet", flat=True)) == {other.pk}


def test_what_is_older_than_a_day_is_thrown_away(shop: Shop, gold: Plan) -> None:
    small = Small(shop, gold, 1)
    Sheet.objects.create(
        operator=shop.operator, plan=small.other, asked={}, on=TODAY, at=shop.at(SAID) - KEPT * 2
    )
    kept = small.look()
    assert list(Sheet.objects.all()) == [kept]


def test_lines_are_found_by_whom_they_are_about(shop: Shop, gold: Plan) -> None:
    small = Small(shop, gold, 1)
    shop.join(gold, "26-02-01", who="Bo")
    sheet = small.look()
    [line] = named(list(find_rows(sheet, Wanted(words="ana"))))
    assert (line.customer, line.location) == ("Ana", "P0")
    assert find_rows(sheet, Wanted(words=line.mailbox)).get() == line.row
    assert not find_rows(sheet, Wanted(words="Nobody")).exists()
    assert find_rows(sheet, Wanted(dearer=True)).count() == 2
    assert not find_rows(sheet, Wanted(cheaper=True)).exists()
    assert not find_rows(sheet, Wanted(above=True)).exists()
    everybody = find_rows(sheet, Wanted()).order_by("pk")
    assert [it.row for it in each_line(sheet, Wanted())] == list(everybody)
