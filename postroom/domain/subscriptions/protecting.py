"""Protecting a customer from a plan's changes: a price lock, or a pin."""

from datetime import date, datetime

from django.db import transaction

from postroom.base.refusals import Refused, refusing
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.subscriptions.models import Pin, PriceLock, Subscription
from postroom.domain.users.models import User


class PinnedAlready(Refused):
    """They are pinned to their terms already."""


@transaction.atomic
def lock(
    subscription: Subscription, *, until: date, reason: str, by: User | None, at: datetime
) -> PriceLock:
    """Will keep worse terms from a customer's terms that start before ``until``; better ones pass.

    It ends when he switches himself.
    """
    made = PriceLock.objects.create(
        operator_id=subscription.operator_id,
        subscription=subscription,
        until=until,
        reason=tidy(reason),
        by=by,
        at=at,
    )
    facts = {"until": until.isoformat(), "reason": made.reason}
    record("subscription.locked", subscription, by=by, at=at, facts=facts)
    return made


@transaction.atomic
def pin(subscription: Subscription, *, reason: str, by: User | None, at: datetime) -> Pin:
    """Will keep a customer on the version that he has, whatever comes, until he switches himself.

    Raises PinnedAlready.
    """
    with refusing({"subscription_is_pinned_once": PinnedAlready()}):
        made = Pin.objects.create(
            operator_id=subscription.operator_id,
            subscription=subscription,
            reason=tidy(reason),
            by=by,
            at=at,
        )
    record("subscription.pinned", subscription, by=by, at=at, facts={"reason": made.reason})
    return made
