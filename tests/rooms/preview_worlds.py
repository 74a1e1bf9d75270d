"""Small operators in all kinds of states, a change to look at, and what the run makes of it."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from postroom.domain.billing.models import Invoice
from postroom.domain.customers.models import Customer
from postroom.domain.notices.rules import rules_for
from postroom.domain.notices.windows import cleared
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.groups import Group
from postroom.domain.plan_changes.models import PlanChange, Sheet, SheetRow
from postroom.domain.plan_changes.previews import preview
from postroom.domain.plan_changes.scheduling import schedule
from postroom.domain.plans.actions import keep_draft
from postroom.domain.plans.models import Draft
from postroom.domain.plans.queries import latest_version
from postroom.domain.plans.services import Offer, Service, Timing
from postroom.domain.plans.terms import Allowance, Terms
from postroom.domain.subscriptions.actions import clear_by_hand
from postroom.domain.subscriptions.models import Means, Subscription
from postroom.domain.subscriptions.protecting import lock, pin
from tests.rooms.billing_worlds import NEXT_TERM, Shop, open_shop
from tests.yes import Anything

TODAY = date(2026, 2, 17)
DAY = timedelta(days=1)
STATES = ("NY", "CA", "TX")


def said(on: date) -> str:
    return f"{on:%y-%m-%d}"


class World:
    """A shop with a plan and a past of bills up to today, drawn from a seed."""

    def __init__(self, seed: int) -> None:
        """Will let people move in over a year, use, be protected, switch and leave."""
        self.dice = Random(seed)
        self.shop = open_shop(zones=("America/New_York",) * len(STATES))
        self.subscriptions: list[Subscription] = []
        self.today = TODAY

    def live(self) -> None:
        dice, shop = self.dice, self.shop
        for place, state in zip(shop.places, STATES, strict=True):
            place.state = state
            place.tax_percent = dice.choice([None, "8.875", "20"])
            place.tax_included = place.tax_percent is not None and dice.random() < 0.3
            place.save()
        self.plan = shop.plan(self._terms(), on="25-01-01")
        self.other = shop.plan(self._terms(), on="25-01-01", name="Other")
        for number in range(18):
            self._join(number)
        if dice.random() < 0.5:
            shop.publish(self.plan, self._terms(), on="25-09-10", at="25-06-01")
        self._use()
        self._run(self.today)
        for subscription in self.subscriptions:
            self._meet(subscription)
        self._run(self.today)

    def _run(self, on: date) -> None:
        """Will bill what is due; nothing may be set aside."""
        assert not (tally := self.shop.run(said(on))).set_aside, tally.set_aside

    def _terms(self) -> Terms:
        dice = self.dice
        return Terms(
            rates={1: dice.choice([999, 1999, 2500]), 3: 4000, 12: dice.choice([9900, 19900])},
            allowances={
                Service.SHRED: dice.choice(
                    [
                        Allowance(Offer.RESTRICTED, dice.randrange(4), dice.choice([1, 3]), 150),
                        Allowance(Offer.UNLIMITED),
                    ]
                ),
                Service.RECIPIENTS: Allowance(Offer.RESTRICTED, dice.randrange(1, 5), 1, 300),
            },
        )

    def _join(self, number: int) -> None:
        dice = self.dice
        starts_on = self.today - timedelta(days=dice.randrange(1, 400))
        facts: dict[str, Any] = {"months": dice.choice([1, 1, 1, 3, 12])}
        if dice.random() < 0.3:
            facts["billing_day"] = dice.choice([1, 15, 31])
        who = f"Customer {number % 15}"
        joined = self.shop.join(
            self.plan, said(starts_on), who=who, place=dice.randrange(len(STATES)), **facts
        )
        self.subscriptions.append(joined)
        customer = {"email": "c@x.example" if dice.random() < 0.9 else ""}
        customer["state"] = dice.choice(["", "CA", "NY"])
        Customer.objects.filter(pk=joined.customer_id).update(**customer, country="US")

    def _use(self) -> None:
        dice = self.dice
        for subscription in self.subscriptions:
            for _ in range(dice.randrange(12)):
                used_on = subscription.starts_on + timedelta(days=dice.randrange(400))
                if used_on <= self.today:
                    service = dice.choice([Service.SHRED, Service.SHRED, Service.RECIPIENTS])
                    self.shop.use(
                        subscription, dice.randrange(1, 4), said(used_on), service=service
                    )

    def _meet(self, subscription: Subscription) -> None:
        """Will let something happen to somebody, or nothing."""
        dice, shop, today = self.dice, self.shop, said(self.today)
        own = {"reason": "Promised", "by": shop.by, "at": shop.at(today)}
        subscription.refresh_from_db()
        match dice.randrange(14):
            case 0:
                lock(subscription, until=self.today + timedelta(days=dice.randrange(90)), **own)
            case 1:
                pin(subscription, **own)
            case 2:
                last = self.today + timedelta(days=dice.randrange(1, 60))
                shop.close(subscription, said(last), on=today)
            case 3:
                shop.switch(subscription, self.other, today, timing=NEXT_TERM)
            case 4:
                charged = self.today + timedelta(days=dice.randrange(5))
                shop.charge(subscription, 500, said(charged), taxable=dice.random() < 0.5)

    def ask(self) -> tuple[Draft, Asked]:
        """Will type new terms, and say from when and for whom they are."""
        dice = self.dice
        groups = [Group(months=1), Group(locations=frozenset([self.shop.places[0].pk]))]
        asked = Asked(
            self.today,
            self.today + timedelta(days=dice.choice([0, 3, 12, 30, 45])),
            dice.choice(list(Timing)),
            dice.choice([None, None, None, *groups]),
        )
        terms = self._terms()
        if dice.random() < 0.2:
            terms = replace(terms, rates={1: terms.rates[1]})
        return self.draft(terms), asked

    def draft(self, terms: Terms) -> Draft:
        today = said(self.today)
        return keep_draft(
            self.plan,
            terms=terms,
            changed_from=latest_version(self.plan).number,
            reason="Rent",
            by=self.shop.by,
            at=self.shop.at(today),
        )

    def look(self, draft: Draft, asked: Asked) -> Sheet:
        at = self.shop.at(said(self.today))
        return preview(draft, asked, by=self.shop.by, at=at, on=self.today, anew=True)

    def schedule(self, draft: Draft, asked: Asked, sheet: Sheet) -> PlanChange:
        own = {"by": self.shop.by, "at": self.shop.at(said(self.today)), "on": self.today}
        return schedule(draft, asked=asked, seen=sheet.fingerprint, sure=Anything(), **own)

    def run_until(
        self,
        last: date,
        turns: set[date],
        rows: dict[date, list[SheetRow]],
        change: PlanChange | None,
    ) -> None:
        """Will bill day by day, and tell, after each run, those whose day has come.

        Days on which nobody is due are passed over, but for ``turns``.
        """
        on = self.today
        while on <= last:
            due = Subscription.objects.filter(next_bill_on__lte=on)
            if on in turns or due.exists():
                self._run(on)
            for row in rows.get(on, []) if change else []:
                tell(self.shop, row, change, on)
            on += DAY


def tell(shop: Shop, row: SheetRow, change: PlanChange, on: date) -> None:
    """Will clear somebody as a notice does that is accepted on a day."""
    subscription = Subscription.objects.select_related("mailbox__location", "customer").get(
        pk=row.subscription_id
    )
    first_day, last_day = cleared(on, rules_for(subscription, on=on))
    clear_by_hand(
        subscription,
        version=change.version,
        told_on=on,
        means=Means.MAIL,
        told_by="a notice",
        reason="Told",
        by=shop.by,
        at=shop.at(said(on)),
        on=on,
        first_day=first_day,
        last_day=last_day,
    )


def bill_of(row: SheetRow) -> int:
    """Will return what the bill of somebody's first day comes to, or nothing."""
    found = Invoice.objects.filter(subscription=row.subscription_id, billed_on=row.first_day)
    return sum(it.total_minor for it in found)
