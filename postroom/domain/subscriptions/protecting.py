"""Protecting a customer from a plan's changes: a price lock, or a pin, and ending it."""

from datetime import date, datetime

from django.db import transaction

from postroom.base.refusals import Refused, refusing
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.subscriptions.models import Pin, PriceLock, Subscription
from postroom.domain.users.models import User


class PinnedAlready(Refused):
    """They are pinned to their terms already."""


class ProtectionSaysNoReason(Refused):
    """Say why."""

    field = "reason"


@transaction.atomic
def lock(
    subscription: Subscription, *, until: date, reason: str, by: User | None, at: datetime
) -> PriceLock:
    """Will keep worse terms from a customer's terms that start before ``until``; better ones pass.

    It ends when the customer switches. Promised twice in the same words, it is one. Raises
    ProtectionSaysNoReason.
    """
    reason = _said(reason)
    subscription = _held(subscription)
    said = PriceLock.objects.filter(subscription=subscription, until=until, reason=reason)
    if (same := said.first()) is not None:
        return same
    made = PriceLock.objects.create(
        operator_id=subscription.operator_id,
        subscription=subscription,
        until=until,
        reason=reason,
        by=by,
        at=at,
    )
    facts = {"until": until.isoformat(), "reason": made.reason}
    record("subscription.locked", subscription, by=by, at=at, facts=facts)
    return made


@transaction.atomic
def pin(subscription: Subscription, *, reason: str, by: User | None, at: datetime) -> Pin:
    """Will keep a customer on the version that they have, whatever comes, until they switch.

    Raises ProtectionSaysNoReason or PinnedAlready.
    """
    reason = _said(reason)
    with refusing({"subscription_is_pinned_once": PinnedAlready()}):
        made = Pin.objects.create(
            operator_id=subscription.operator_id,
            subscription=subscription,
            reason=reason,
            by=by,
            at=at,
        )
    record("subscription.pinned", subscription, by=by, at=at, facts={"reason": made.reason})
    return made


@transaction.atomic
def end_protection(
    subscription: Subscription, *, reason: str, by: User | None, at: datetime
) -> None:
    """Will end what keeps a customer's terms, for every term that has not opened yet.

    Ended twice, it is ended once. Raises ProtectionSaysNoReason.
    """
    reason = _said(reason)
    subscription = _held(subscription)
    ended, _ = PriceLock.objects.filter(subscription=subscription).delete()
    unpinned, _ = Pin.objects.filter(subscription=subscription).delete()
    if ended or unpinned:
        record("subscription.unprotected", subscription, by=by, at=at, facts={"reason": reason})


def _said(reason: str) -> str:
    if not (said := tidy(reason)):
        raise ProtectionSaysNoReason()
    return said


def _held(subscription: Subscription) -> Subscription:
    """Will hold a subscription, so that two who protect it follow each other."""
    return Subscription.objects.select_for_update(no_key=True, of=("self",)).get(pk=subscription.pk)
