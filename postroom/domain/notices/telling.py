"""Telling a customer by letter, by phone or in person, and what it clears."""

from datetime import date, datetime

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.notices.rules import rules_for
from postroom.domain.notices.windows import cleared
from postroom.domain.plans.models import PlanVersion
from postroom.domain.subscriptions.actions import clear_by_hand
from postroom.domain.subscriptions.models import Clearance, Means, Subscription
from postroom.domain.users.models import User


class NoDayIsLawful(Refused):
    """The rules on notice leave no day for which telling on {day} is in time."""

    field = "told_on"


@transaction.atomic
def record_told(
    subscription: Subscription,
    *,
    version: PlanVersion,
    told_on: date,
    means: Means,
    told_by: str,
    reason: str,
    by: User,
    at: datetime,
    on: date,
) -> Clearance:
    """Will record that staff told a customer of a version on a local day.

    Their terms may open under it on the first days for which that day is within the window of
    every rule that applies to them. Raises NoDayIsLawful, ToldInTheFuture or VersionOfAnotherPlan.
    """
    subscription = Subscription.objects.select_related("mailbox__location", "customer").get(
        pk=subscription.pk
    )
    first_day, last_day = cleared(told_on, rules_for(subscription, on=told_on))
    if last_day is not None and last_day < first_day:
        raise NoDayIsLawful(day=f"{told_on:%d %B %Y}")
    return clear_by_hand(
        subscription,
        version=version,
        told_on=told_on,
        means=means,
        told_by=told_by,
        reason=reason,
        by=by,
        at=at,
        on=on,
        first_day=first_day,
        last_day=last_day,
    )
