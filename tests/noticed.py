"""Customers who were told of a change, with their real numbers, for tests of what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from postroom.demo.cast import BRONZE, House
from postroom.domain.notices.facts import Facts, LastMonth, Used, pack
from postroom.domain.notices.models import (
    Announcement,
    Envelope,
    EnvelopeState,
    Notice,
    Subject,
)
from postroom.domain.notices.signed_links import answer_url
from postroom.domain.plan_changes.models import ChangeKind, PlanChange
from postroom.domain.plans.actions import publish_version
from postroom.domain.plans.models import PlanVersion
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance, Terms
from postroom.domain.subscriptions.models import Subscription

#: Dearer, with fewer mail items and cheaper scans.
DEARER = replace(
    BRONZE,
    rates={1: 1299, 12: 13999},
    allowances=BRONZE.allowances
    | {
        Service.INCOMING_MAIL: Allowance(Offer.RESTRICTED, 20, 1, 35),
        Service.OPEN_AND_SCAN: Allowance(Offer.RESTRICTED, 10, 1, 100),
    },
)


@dataclass(frozen=True)
class Told:
    """A change of Bronze, and the envelope of a customer who was told of it."""

    house: House
    change: PlanChange
    envelope: Envelope
    notices: list[Notice]

    @property
    def announcement(self) -> Announcement:
        return self.change.announcement

    @property
    def notice(self) -> Notice:
        return self.notices[0]

    @property
    def url(self) -> str:
        """The link in the notice."""
        return answer_url(self.announcement, self.envelope.about_id, self.envelope.first_day)


def facts_of(
    subscription: Subscription, first_day: date, *, old: Terms = BRONZE, new: Terms = DEARER
) -> Facts:
    """Will write a customer's numbers, with a month that used mail and forwarded twice."""
    used = (Used(Service.INCOMING_MAIL, 28, 0, 280), Used(Service.FORWARD, 2, 1000, 1000))
    return Facts(
        mailbox=f"#{subscription.mailbox.number}",
        location=subscription.mailbox.location.name,
        plan=subscription.plan.name,
        new_plan=subscription.plan.name,
        months=subscription.months,
        old=old,
        new=new,
        first_day=first_day,
        worse=True,
        last_month=LastMonth(date(2026, 5, 1), date(2026, 6, 1), used),
    )


def schedule(house: House, *, at: datetime, on: date, words: str = "", **facts: Any) -> PlanChange:
    """Will schedule that Bronze gets dearer for everybody, and say so in the operator's words."""
    version = publish_version(
        house.bronze, terms=DEARER, sold_from=on, existing_from=on, by=house.owner, at=at
    )
    return PlanChange.objects.create(
        operator=house.operator,
        kind=ChangeKind.TERMS,
        plan=house.bronze,
        version=version,
        announcement=announce(house, version, at=at, on=on, words=words),
        existing_from=on,
        scheduled_by=house.owner,
        scheduled_at=at,
        **facts,
    )


def announce(
    house: House,
    version: PlanVersion | None,
    *,
    at: datetime,
    on: date,
    subject: Subject = Subject.CHANGE,
    words: str = "",
) -> Announcement:
    return Announcement.objects.create(
        operator=house.operator,
        subject=subject,
        plan=house.bronze,
        version=version,
        existing_from=on,
        words=words,
        by=house.owner,
        at=at,
    )


def put_in_envelope(
    house: House,
    announcement: Announcement,
    subscriptions: Sequence[Subscription],
    first_day: date,
    *,
    at: datetime,
    **facts: Any,
) -> Envelope:
    """Will tell a customer of all these subscriptions at once, in an envelope that was accepted."""
    about = subscriptions[0]
    envelope = Envelope.objects.create(
        **{
            "operator": house.operator,
            "announcement": announcement,
            "customer": about.customer,
            "about": about,
            "first_day": first_day,
            "title": "Your plan changes",
            "text": "Your plan Bronze changes.\n\n$9.99 a month becomes $12.99 a month.",
            "html": "<h1 style='color:#036'>Your plan changes</h1><p>$12.99 a month.</p>",
            "written_at": at,
            "state": EnvelopeState.ACCEPTED,
            "message_id": f"<{uuid4()}@mail.example>",
            "since_at": at,
            "address": about.customer.email,
            "moved_at": at,
        }
        | facts
    )
    for it in subscriptions:
        Notice.objects.create(
            operator=house.operator,
            announcement=announcement,
            envelope=envelope,
            subscription=it,
            first_day=first_day,
            gates=True,
            facts=pack(facts_of(it, first_day)),
        )
    return envelope


def tell(
    house: House,
    who: str = "ana",
    *,
    at: datetime,
    on: date,
    first_day: date | None = None,
    words: str = "",
    change: PlanChange | None = None,
) -> Told:
    """Will tell somebody of a change that starts for them at their next renewal."""
    its = Subscription.objects.select_related("mailbox__location", "plan", "customer").get(
        pk=house.subscriptions[who].pk
    )
    change = change or schedule(house, at=at, on=on, words=words)
    day = first_day or max(its.next_term_on, on + timedelta(days=12))
    envelope = put_in_envelope(house, change.announcement, [its], day, at=at)
    return told(house, change, envelope)


def told(house: House, change: PlanChange, envelope: Envelope) -> Told:
    notices = Notice.objects.filter(envelope=envelope).select_related(
        "announcement__plan",
        "announcement__version",
        "envelope__customer",
        "subscription__operator",
        "subscription__mailbox__location",
    )
    return Told(house, change, envelope, list(notices))
