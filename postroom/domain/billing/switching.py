"""A customer's switch, with its bill at once, and what it would be."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from postroom.base.periods import billing_date
from postroom.base.refusals import Refused
from postroom.domain.billing.previews import (
    ChangedSinceSeen,
    PreviewBill,
    Seen,
    bills_after,
    last_number,
)
from postroom.domain.billing.run import Job, bill_or_set_aside
from postroom.domain.billing.sentences import set_aside_in_words
from postroom.domain.plans.models import Plan, Rate
from postroom.domain.subscriptions.models import (
    Pin,
    PriceLock,
    Subscription,
    Switch,
    SwitchTiming,
    Term,
)
from postroom.domain.subscriptions.pending import Coming, coming_for
from postroom.domain.subscriptions.switching import enter_switch
from postroom.domain.subscriptions.terms import bring_up, held_and_due
from postroom.domain.users.models import User


class CannotBeBilled(Refused):
    """This subscription cannot be billed: {reason}. Nothing was changed."""


@dataclass(frozen=True)
class SwitchPreview(Seen):
    """What a switch would do. Its bills are those that would be written at once."""

    plan: str
    months: int
    version: int | None
    rate_minor: int | None
    #: The first day of the new terms, and the renewal after it.
    starts_on: date
    renews_on: date
    billing_day: int
    moves_billing_day: bool
    #: The last day used, where he leaves.
    closes_on: date | None
    #: The plan of a switch that waits, and would not come any more.
    drops: str
    ends_pin: bool
    ends_locks: tuple[date, ...]
    bills: tuple[PreviewBill, ...]

    @property
    def never_comes(self) -> bool:
        """Whether he leaves before the day on which it would take effect."""
        return self.closes_on is not None and self.closes_on < self.starts_on


@dataclass(frozen=True)
class _Before:
    """What a switch ends or moves, as it is before."""

    number: int
    billing_day: int
    drops: str
    pinned: bool
    locks: tuple[date, ...]


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
    seen: str | None = None,
) -> Switch:
    """Will move a customer to a plan and length of term, now or at his next renewal.

    Bills what is due until ``on``, the local day; ``now`` then bills the switch itself: a credit
    for the rest of the running term and a charge for the new one. ``seen`` is the key of the
    preview that somebody said yes to. Raises what ``enter_switch`` does, CannotBeBilled, or
    ChangedSinceSeen.
    """
    before = _before(subscription, on) if seen is not None else None
    job = Job(subscription.operator, [], on, at)
    settle(job, subscription)
    made = enter_switch(subscription, plan=plan, months=months, timing=timing, by=by, at=at, on=on)
    if timing == SwitchTiming.NOW:
        settle(job, subscription)
        made.refresh_from_db()
    if before is not None and _look(made, before).key != seen:
        raise ChangedSinceSeen()
    return made


def preview_switch(
    subscription: Subscription,
    *,
    plan: Plan,
    months: int,
    timing: SwitchTiming,
    by: User | None,
    at: datetime,
    on: date,
) -> SwitchPreview:
    """Will tell what ``switch`` would do and bill, by doing it and taking it back.

    Raises what ``switch`` does.
    """
    with transaction.atomic():
        before = _before(subscription, on)
        made = switch(subscription, plan=plan, months=months, timing=timing, by=by, at=at, on=on)
        preview = _look(made, before)
        transaction.set_rollback(True)
    return preview


def _before(subscription: Subscription, on: date) -> _Before:
    waiting = coming_for([subscription.pk]).get(subscription.pk)
    locks = PriceLock.objects.filter(subscription=subscription, until__gt=on).order_by("until")
    return _Before(
        last_number(subscription),
        Subscription.objects.values_list("billing_day", flat=True).get(pk=subscription.pk),
        waiting.plan.name if waiting else "",
        Pin.objects.filter(subscription=subscription).exists(),
        tuple(locks.values_list("until", flat=True)),
    )


def _look(made: Switch, before: _Before) -> SwitchPreview:
    """Will read what a switch has just done."""
    subscription = Subscription.objects.select_related("operator").get(pk=made.subscription_id)
    if made.timing == SwitchTiming.NOW:
        term = Term.objects.select_related("version").get(subscription=subscription, switch=made)
        rate = Rate.objects.get(version=term.version_id, months=term.months)
        coming = Coming(made, made.plan, term.starts_on, term.version, rate.amount_minor)
        renews_on = term.whole_ends_on
    else:
        coming = coming_for([subscription.pk])[subscription.pk]
        renews_on = billing_date(coming.starts_on, made.months, subscription.billing_day)
    return SwitchPreview(
        plan=coming.plan.name,
        months=made.months,
        version=coming.version.number if coming.version else None,
        rate_minor=coming.rate_minor,
        starts_on=coming.starts_on,
        renews_on=renews_on,
        billing_day=subscription.billing_day,
        moves_billing_day=subscription.billing_day != before.billing_day,
        closes_on=subscription.closes_on,
        drops=before.drops,
        ends_pin=before.pinned,
        ends_locks=before.locks,
        bills=bills_after(subscription, before.number),
    )


def settle(job: Job, subscription: Subscription) -> None:
    """Will bill one subscription, date by date, until nothing is due by the job's day."""
    here = [subscription.mailbox.location_id]
    bring_up(job.operator, locations=here, on=job.on, only=subscription.pk)
    while held_and_due(job.operator, subscription.pk, on=job.on):
        tally = bill_or_set_aside(job, [subscription.pk])
        for reason in tally.set_aside.values():
            raise CannotBeBilled(reason=set_aside_in_words(reason).why.rstrip("."))
