"""Leaving: a closing day, known on the day or ahead, and taken back while it lies ahead."""

from datetime import date, datetime, timedelta

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.events.actions import record
from postroom.domain.subscriptions.models import Subscription, Term
from postroom.domain.users.models import User

ONE_DAY = timedelta(days=1)


class ClosedAlready(Refused):
    """This subscription closed on {day}."""

    field = "closes_on"


class ClosesTooEarly(Refused):
    """They were billed for the time since {day}: {earliest} is the earliest closing day."""

    field = "closes_on"


class ClosesOutOfReach(Refused):
    """{day} is out of reach. Check the year."""

    field = "closes_on"


class NotClosing(Refused):
    """No closing day is set."""


@transaction.atomic
def close(
    subscription: Subscription, *, closes_on: date, by: User | None, at: datetime, on: date
) -> Subscription:
    """Will set the last day used: the day itself counts.

    The term is cut and the rest of what was paid credited with the first bill after that day; a
    term that starts before then is billed up to it. ``on`` is the local day of the act. Raises
    ClosedAlready, ClosesTooEarly or ClosesOutOfReach.
    """
    subscription = _held(subscription)
    if subscription.closes_on is not None and subscription.closes_on < on:
        raise ClosedAlready(day=f"{subscription.closes_on:%d %B %Y}")
    if closes_on.year - at.year > 100:
        raise ClosesOutOfReach(day=closes_on)
    since = _billed_since(subscription)
    if closes_on < max(since - ONE_DAY, subscription.starts_on):
        earliest = max(since - ONE_DAY, subscription.starts_on)
        raise ClosesTooEarly(day=f"{since:%d %B %Y}", earliest=f"{earliest:%d %B %Y}")
    final_bill_on = max(closes_on, on) + ONE_DAY
    subscription.closes_on = closes_on
    subscription.next_bill_on = _next_bill(subscription, final_bill_on)
    subscription.save(update_fields=["closes_on", "next_bill_on"])
    facts = {"closes_on": closes_on.isoformat()}
    record("subscription.closed", subscription, by=by, at=at, facts=facts)
    return subscription


@transaction.atomic
def reopen(subscription: Subscription, *, by: User | None, at: datetime, on: date) -> Subscription:
    """Will take back a closing day that has not passed: a term billed up to it goes on from there.

    Raises NotClosing or ClosedAlready.
    """
    subscription = _held(subscription)
    if subscription.closes_on is None:
        raise NotClosing()
    if subscription.closes_on < on:
        raise ClosedAlready(day=f"{subscription.closes_on:%d %B %Y}")
    subscription.closes_on = None
    subscription.next_bill_on = _next_bill(subscription, None)
    subscription.save(update_fields=["closes_on", "next_bill_on"])
    record("subscription.stays", subscription, by=by, at=at)
    return subscription


def _held(subscription: Subscription) -> Subscription:
    """Will hold a subscription, so that neither the run nor another act moves it meanwhile."""
    return Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)


def _billed_since(subscription: Subscription) -> date:
    """Will return the first day of what cannot be cut any more than wholly."""
    return max(_last_term(subscription).starts_on, subscription.month_starts_on)


def _last_term(subscription: Subscription) -> Term:
    return Term.objects.filter(subscription=subscription).latest("seq")


def _next_bill(subscription: Subscription, final_bill_on: date | None) -> date:
    """Will return when there is something to bill next."""
    days = [subscription.next_term_on, subscription.month_ends_on]
    # A first term to be billed later is so with the month's end, not on a closing day taken back.
    if subscription.billed_seq == 0 and subscription.next_bill_on == subscription.starts_on:
        days.append(subscription.starts_on)
    if final_bill_on is not None:
        days.append(final_bill_on)
    return min(days)
