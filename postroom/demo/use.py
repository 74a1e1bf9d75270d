"""What the demo's customers use: always the same, and some of it more than their plan includes."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from postroom.domain.customers.models import Kind
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance, Terms
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.judging import Given

#: How much of what a month includes somebody uses: most have enough.
APPETITES = (0.3, 0.5, 0.6, 0.7, 0.85, 0.95, 1.2)
#: Of what is not included, or without limit: in how many of a hundred weeks.
NOW_AND_THEN = {
    Service.FORWARD: 6,
    Service.CHECK_DEPOSIT: 4,
    Service.PICKUP: 8,
    Service.RECYCLE: 25,
    Service.SHRED: 12,
}
WEEK = 7


def use(
    subscription: Subscription, terms: Terms, *, until: date, appetite: float | None = None
) -> list[Given]:
    """Will return what somebody uses week by week, from his first day up to a day."""
    random = Random(subscription.customer.name)
    share = appetite or random.choice(APPETITES)
    entries = list[tuple[datetime, Service, int]]()
    company = subscription.customer.kind == Kind.COMPANY
    if Service.RECIPIENTS in terms.allowances:
        entries.append((_at(random, subscription.starts_on), Service.RECIPIENTS, 1 + 2 * company))
    for week in range((until - subscription.starts_on).days // WEEK):
        day = subscription.starts_on + timedelta(days=WEEK * week + random.randrange(WEEK))
        for service, quantity in _week(random, terms, share):
            entries.append((_at(random, day), service, quantity))
    return [
        Given(f"desk-{subscription.pk}-{number}", subscription.pk, service, quantity, when)
        for number, (when, service, quantity) in enumerate(entries, start=1)
    ]


def _week(random: Random, terms: Terms, share: float) -> Iterator[tuple[Service, int]]:
    for service, allowance in terms.allowances.items():
        quantity = _quantity(random, service, allowance, share)
        if quantity and service not in {Service.RECIPIENTS, Service.STORAGE}:
            yield service, quantity


def _quantity(random: Random, service: Service, allowance: Allowance, share: float) -> int:
    if allowance.offer == Offer.RESTRICTED and allowance.limit:
        a_week = allowance.limit * share * WEEK / 30
        return int(a_week * random.uniform(0.5, 1.5) + random.random())
    if random.randrange(100) < NOW_AND_THEN.get(service, 0):
        return 1 if service == Service.FORWARD else random.randint(1, 4)
    return 0


def _at(random: Random, day: date) -> datetime:
    """Will return a time of the working day, by the location's clock."""
    return datetime.combine(day, time(random.randint(9, 16), random.randrange(60)))
