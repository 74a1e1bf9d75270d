"""Whom a move of a plan's customers is for, and whom it has brought to the other plan."""

from datetime import date

from django.db.models import Q, QuerySet

from postroom.base.periods import local_day
from postroom.domain.plan_changes.groups import Group, members, unpack
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plans.models import Rate
from postroom.domain.subscriptions.models import Subscription, Switch, SwitchState


def moves_of(change: PlanChange) -> QuerySet[Switch]:
    """Will return the switches of a move: entered by it, at its instant."""
    return Switch.objects.filter(moves_to=change.version_id, at=change.scheduled_at)


def brought_by(change: PlanChange) -> QuerySet[Switch, int]:
    """Will return the ids of the subscriptions that a move has brought to the other plan."""
    done = moves_of(change).filter(state=SwitchState.DONE)
    return done.values_list("subscription_id", flat=True)


def day_of(change: PlanChange) -> date:
    """Will return the operator's day on which a change was scheduled."""
    return local_day(change.scheduled_at, change.operator.time_zone)


def meant_by(change: PlanChange) -> QuerySet[Subscription]:
    """Will return whom a move was scheduled for, of those on the plan: who came later is not."""
    group = unpack(change.group) if change.group else Group()
    meant = members(change.plan, group, on=day_of(change)).order_by("pk")
    return Subscription.objects.filter(pk__in=meant, added_at__lte=change.scheduled_at)


def chosen_by(change: PlanChange) -> list[int]:
    """Will return the subscriptions that a move is for still, or has reached.

    Those that it waits for, those it is not written for yet, those it has no rate for, and those it
    has brought.
    """
    waiting = moves_of(change).filter(state__in=[SwitchState.PENDING, SwitchState.DONE])
    rates = Rate.objects.filter(version=change.version_id).values("months")
    not_written = ~Q(months__in=rates)
    if change.written_to is not None:
        not_written |= Q(pk__gt=change.written_to)
    open_ones = meant_by(change).filter(not_written)
    return sorted(
        {
            *waiting.values_list("subscription_id", flat=True),
            *open_ones.values_list("pk", flat=True),
        }
    )
