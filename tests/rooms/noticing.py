"""What tests of notices share: a dearer Gold, announced to customers of a shop, and its mail.

Told at noon on 10 June 2026; it starts with their first renewal on or after 1 July.
"""

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from postroom.base.postman import Postman
from postroom.base.rounds import Came
from postroom.domain.customers.models import Customer
from postroom.domain.notices.delivering import deliver_page
from postroom.domain.notices.facts import Facts
from postroom.domain.notices.models import (
    Announcement,
    Delivery,
    Envelope,
    EnvelopeState,
    NoticeClearance,
    Subject,
)
from postroom.domain.notices.posting import Enclosed, ToTell, put_in_envelopes
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.subscriptions.models import Clearance, ClearanceVoid, Subscription
from tests.rooms.billing_worlds import GOLD, Shop, day
from tests.rooms.mailing import Clock

DEARER = replace(GOLD, rates={1: 4000, 12: 36500})
TOLD, FIRST, CLOSES = "26-06-10", "26-07-01", "26-06-21"


def joined(shop: Shop, plan: Plan, who: str, *, email: bool = True, **facts: Any) -> Subscription:
    """Will move somebody in, with an address of their name, or none."""
    made = shop.join(plan, "26-01-01", who=who, **facts)
    address = f"{who.replace(' ', '-').lower()}@customers.example" if email else ""
    Customer.objects.filter(pk=made.customer_id).update(email=address)
    made.customer.email = shop.customers[who].email = address
    return made


def announce(shop: Shop, plan: Plan, **facts: Any) -> Announcement:
    """Will publish a dearer version for July and announce it."""
    version = shop.publish(plan, DEARER, on=FIRST, at="26-06-01")
    own = {"operator": shop.operator, "plan": plan, "by": shop.by, "at": shop.at("26-06-01")}
    said = {"subject": Subject.CHANGE, "version": version, "existing_from": day(FIRST)}
    return Announcement.objects.create(**own | said | facts)


def enclosed(subscription: Subscription, first_day: date, *, gates: bool) -> Enclosed:
    facts = Facts(
        mailbox=subscription.mailbox.number,
        location=subscription.mailbox.location.name,
        plan="Gold",
        new_plan="Gold",
        months=subscription.months,
        old=GOLD,
        new=DEARER,
        first_day=first_day,
        worse=True,
    )
    return Enclosed(subscription.pk, gates, facts)


def to_tell(
    *subscriptions: Subscription,
    first: str = FIRST,
    closes: str | None = CLOSES,
    gates: bool = True,
) -> ToTell:
    """Will put the subscriptions of one customer together."""
    return ToTell(
        customer=subscriptions[0].customer,
        first_day=day(first),
        closes_on=day(closes) if closes else None,
        link="https://mail.example/answer/it",
        enclosed=tuple(enclosed(it, day(first), gates=gates) for it in subscriptions),
    )


def post(shop: Shop, announcement: Announcement, *told: ToTell, at: str = TOLD) -> list[Envelope]:
    put_in_envelopes(announcement, told, at=shop.at(at), by=shop.by)
    return list(Envelope.objects.filter(announcement=announcement).order_by("pk"))


def deliver(shop: Shop, on: str = TOLD, *, page: int = 20) -> Came:
    """Will hand over pages from noon on until nothing is due or the server takes nothing."""
    clock = Clock(shop.at(on))
    with Postman() as postman:
        while True:
            came = deliver_page(shop.operator, postman=postman, pace=clock.pace(), page=page)
            if came is not Came.MORE:
                return came


def kinds(envelope: Envelope) -> list[str]:
    """Will return what became of an envelope, in order."""
    return list(
        Delivery.objects.filter(envelope=envelope).order_by("id").values_list("kind", flat=True)
    )


def state(envelope: Envelope) -> EnvelopeState:
    return EnvelopeState(Envelope.objects.get(pk=envelope.pk).state)


def days(subscription: Subscription) -> list[tuple[str, str | None]]:
    """Will return the first and last day of each clearance that is not void."""
    void = ClearanceVoid.objects.values("clearance")
    found = Clearance.objects.filter(subscription=subscription).exclude(pk__in=void)
    return [
        (f"{it.first_day:%y-%m-%d}", f"{it.last_day:%y-%m-%d}" if it.last_day else None)
        for it in found.order_by("pk")
    ]


def of_notices() -> Counter[int]:
    """Will count the clearances that each subscription has by notices."""
    return Counter(NoticeClearance.objects.values_list("notice__subscription", flat=True))


def version_of(announcement: Announcement) -> PlanVersion:
    assert announcement.version is not None
    return announcement.version
