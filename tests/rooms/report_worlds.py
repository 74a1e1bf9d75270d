"""A small town for the reports: random acts of half a year, billed day by day; and their twin."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from postroom.base.refusals import Refused
from postroom.domain.plans.models import Plan, Rate
from postroom.domain.plans.services import Offer, Service, Timing
from postroom.domain.plans.terms import Allowance, Terms
from postroom.domain.reports.months import DAY, Month, View
from postroom.domain.reports.recurring import Movement
from postroom.domain.subscriptions.models import Basis, Subscription, Term
from tests.rooms.billing_worlds import NEXT_TERM, NOW, Shop

FIRST, LAST = date(2024, 1, 1), date(2024, 7, 9)
MONTHS = (1, 1, 3, 12)
SHREDS = {Service.SHRED: Allowance(Offer.RESTRICTED, 2, 3, 70)}


def terms(rate: int, **facts: int) -> Terms:
    return Terms(rates={1: rate, 3: 3 * rate - 100, 12: 10 * rate}, allowances=SHREDS, **facts)


@dataclass
class Town:
    """A shop, whose people come, use, switch and leave at random."""

    shop: Shop
    random: Random
    plans: list[Plan]
    subscriptions: list[Subscription]

    def said(self, day: date) -> str:
        return f"{day:%y-%m-%d}"

    def one(self) -> Subscription:
        return Subscription.objects.get(pk=self.random.choice(self.subscriptions).pk)

    def join(self, day: date) -> None:
        plan, months = self.random.choice(self.plans), self.random.choice(MONTHS)
        facts = {"months": months, "billing_day": self.random.choice((1, 15, day.day))}
        who, place = f"C{self.random.randrange(8)}", self.random.randrange(2)
        joined = self.shop.join(plan, self.said(day), who=who, place=place, **facts)
        self.subscriptions.append(joined)

    def use(self, day: date) -> None:
        # Some of it is known late, and corrects a month that was billed.
        used = day - self.random.choice((0, 0, 35)) * DAY
        it = self.one()
        if used >= it.starts_on:
            self.shop.use(it, self.random.randrange(1, 9), self.said(used), entered=self.said(day))

    def switch(self, day: date) -> None:
        plan, timing = self.random.choice(self.plans), self.random.choice((NOW, NEXT_TERM))
        months = self.random.choice(MONTHS)
        self.shop.switch(self.one(), plan, self.said(day), months=months, timing=timing)

    def close(self, day: date) -> None:
        last = day + self.random.choice((0, 0, 12)) * DAY
        self.shop.close(self.one(), self.said(last), on=self.said(day))

    def charge(self, day: date) -> None:
        taxable = self.random.random() < 0.5
        amount = self.random.randrange(100, 2000)
        self.shop.charge(self.one(), amount, self.said(day), taxable=taxable)


def build_town(shop: Shop, seed: int) -> Town:
    """Will live half a year, with taxes of both kinds and a change of each plan."""
    random = Random(seed)
    shop.tax("8.875")
    shop.tax("19", included=True, place=1)
    fees = {"setup_fee_minor": 1500, "deposit_minor": 5000}
    plans = [shop.plan(terms(rate, **fees), name=f"P{rate}") for rate in (999, 1999, 2500)]
    for at, (plan, rate) in enumerate(zip(plans, (899, 2199, 2300), strict=True), 3):
        timing = random.choice((Timing.NEXT_TERM, Timing.ON_DATE))
        shop.publish(plan, terms(rate, **fees), on=f"24-0{at}-10", timing=timing)
    town = Town(shop, random, plans, [])
    acts = [town.join, town.join, town.join, town.use, town.use]
    acts += [town.switch, town.close, town.charge]
    day = FIRST
    while day <= LAST:
        shop.run(town.said(day))
        act = town.join if not town.subscriptions else random.choice(acts)
        # Not everything that comes to mind may be done.
        with suppress(Refused):
            act(day)
        day += timedelta(days=random.choice((1, 2, 3)))
    shop.run(town.said(LAST))
    return town


@dataclass(frozen=True)
class Had:
    """What a subscription held on a day, as the twin sees it."""

    version: int
    plan: int
    months: int
    a_month: Fraction


class Twin:
    """The same figures in plain Python, from all terms at once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.rates = {(it.version_id, it.months): it.amount_minor for it in Rate.objects.all()}
        self.terms = defaultdict[int, list[Term]](list)
        for it in Term.objects.select_related("version").order_by("subscription_id", "seq"):
            self.terms[it.subscription_id].append(it)
        found = Subscription.objects.select_related("mailbox")
        self.subscriptions = [
            it for it in found if view.location_id in {None, it.mailbox.location_id}
        ]

    def had(self, it: Subscription, day: date) -> Had | None:
        if day < it.starts_on or (it.closes_on is not None and day > it.closes_on):
            return None
        term = [each for each in self.terms[it.pk] if each.starts_on <= day][-1]
        rate = self.rates[term.version_id, term.months]
        return Had(term.version_id, term.version.plan_id, term.months, Fraction(rate, term.months))

    def counted(self, had: Had | None) -> Fraction:
        counts = had is not None and self.view.plan_id in {None, had.plan}
        return had.a_month if had is not None and counts else Fraction(0)

    def held(self, day: date) -> Fraction:
        return sum((self.counted(self.had(it, day)) for it in self.subscriptions), Fraction(0))

    def moved(self, month: Month) -> dict[Movement, Fraction]:
        """Will add up by movement, looking at each subscription on both days."""
        sums = defaultdict[Movement, Fraction](Fraction)
        for it in self.subscriptions:
            before, after = self.had(it, month.day_before), self.had(it, month.last_day)
            change = self.counted(after) - self.counted(before)
            if change:
                sums[self.why(it, month, before, after)] += change
        return dict(sums)

    def why(
        self, it: Subscription, month: Month, before: Had | None, after: Had | None
    ) -> Movement:
        if before is None:
            return Movement.NEW
        if after is None:
            return Movement.GONE
        up = self.counted(after) > self.counted(before)
        if any(each.basis == Basis.OWN_ACT for each in self.begun(it, month)):
            return Movement.UP if up else Movement.DOWN
        return Movement.CHANGE_UP if up else Movement.CHANGE_DOWN

    def begun(self, it: Subscription, month: Month) -> Iterable[Term]:
        pairs = zip(self.terms[it.pk], self.terms[it.pk][1:], strict=False)
        return [
            after
            for before, after in pairs
            if month.day_before < after.starts_on <= month.last_day
            and (before.version_id, before.months) != (after.version_id, after.months)
        ]
