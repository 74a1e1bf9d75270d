"""Leaving, with what is still billed and given back until then."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from postroom.domain.billing.previews import (
    ChangedSinceSeen,
    PreviewBill,
    Seen,
    bills_after,
    last_number,
)
from postroom.domain.billing.run import Job
from postroom.domain.billing.switching import settle
from postroom.domain.subscriptions import closing as subscriptions
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.pending import coming_for
from postroom.domain.users.models import User

#: How far ahead the bills of somebody who leaves are worked out.
A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class ClosePreview(Seen):
    """What closing would do: the bills still to come, as far as usage is known now."""

    closes_on: date
    final_bill_on: date
    #: Whether it can be taken back: not once the day has passed.
    can_stay: bool
    #: The closing day that was set before.
    instead_of: date | None
    #: The plan of a switch that waits, and would never come.
    drops: str
    #: None where the closing day lies so far ahead that they are not worked out.
    bills: tuple[PreviewBill, ...] | None


@transaction.atomic
def close(
    subscription: Subscription,
    *,
    closes_on: date,
    by: User | None,
    at: datetime,
    on: date,
    seen: str,
) -> Subscription:
    """Will set the last day used, if what it comes to is what somebody was shown.

    Raises what ``subscriptions.closing.close`` does, CannotBeBilled, or ChangedSinceSeen.
    """
    if preview_close(subscription, closes_on=closes_on, by=by, at=at, on=on).key != seen:
        raise ChangedSinceSeen()
    return subscriptions.close(subscription, closes_on=closes_on, by=by, at=at, on=on)


def preview_close(
    subscription: Subscription, *, closes_on: date, by: User | None, at: datetime, on: date
) -> ClosePreview:
    """Will tell what closing on a day would bill and give back, by doing it and taking it back.

    Raises what ``subscriptions.closing.close`` does, or CannotBeBilled.
    """
    with transaction.atomic():
        # Nothing moves it between this look and the act that follows in the same transaction.
        held = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
        number = last_number(held)
        coming = coming_for([held.pk]).get(held.pk)
        with transaction.atomic():
            subscriptions.close(held, closes_on=closes_on, by=by, at=at, on=on)
            final_bill_on = max(closes_on, on) + timedelta(days=1)
            bills = None
            if final_bill_on - on <= A_YEAR:
                settle(Job(subscription.operator, [], final_bill_on, at), held)
                bills = bills_after(subscription, number)
            transaction.set_rollback(True)
    return ClosePreview(
        closes_on=closes_on,
        final_bill_on=final_bill_on,
        can_stay=closes_on >= on,
        instead_of=held.closes_on,
        drops=coming.plan.name if coming and coming.starts_on > closes_on else "",
        bills=bills,
    )
