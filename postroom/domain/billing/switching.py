"""A customer's switch, with its bill at once."""

from datetime import date, datetime

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.billing.run import Job, bill_or_set_aside
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Subscription, Switch, SwitchTiming
from postroom.domain.subscriptions.switching import enter_switch
from postroom.domain.subscriptions.terms import held_and_due
from postroom.domain.users.models import User


class CannotBeBilled(Refused):
    """This subscription cannot be billed: {reason}. Nothing was changed."""


@transaction.atomic
def switch(
    subscription: Subscription,
    *,
    plan: Plan,
    months: int,
    timing: SwitchTiming,
    by: User | None,
    at: datetime,
    on: date,
) -> Switch:
    """Will move a customer to a plan and length of term, now or at his next renewal.

    Bills what is due until ``on``, the local day; ``now`` then bills the switch itself: a credit
    for the rest of the running term and a charge for the new one. Raises what ``enter_switch`` does, or
    CannotBeBilled.
    """
    job = Job(subscription.operator, [], on, at)
    settle(job, subscription)
    made = enter_switch(subscription, plan=plan, months=months, timing=timing, by=by, at=at, on=on)
    if timing == SwitchTiming.NOW:
        settle(job, subscription)
        made.refresh_from_db()
    return made


def settle(job: Job, subscription: Subscription) -> None:
    """Will bill one subscription, date by date, until nothing is due by the job's day."""
    while held_and_due(job.operator, subscription.pk, on=job.on):
        tally = bill_or_set_aside(job, [subscription.pk])
        for reason in tally.set_aside.values():
            raise CannotBeBilled(reason=reason)
