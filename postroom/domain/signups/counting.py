"""Counting who gets mail with somebody who signed up, from their first day on."""

from datetime import date, datetime

from django.db import transaction

from postroom.base.periods import local_day
from postroom.domain.operators.models import Operator
from postroom.domain.plans.services import Service
from postroom.domain.signups.models import Signup, SignupState
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given


@transaction.atomic
def count_recipients(operator: Operator, *, at: datetime) -> int:
    """Will count the recipients of those approved whose first day has come; returns of how many.

    The customer is one of them. Usage cannot be entered ahead, and a start may lie ahead.
    """
    due = [
        (it, it.subscription)
        for it in Signup.objects.select_for_update(of=("self",))
        .filter(state=SignupState.APPROVED, recipients_counted=False)
        .select_related("subscription__mailbox__location")
        if it.subscription is not None and it.subscription.starts_on <= _today(it, at)
    ]
    given = [
        Given(
            key=f"signup {signup.pk}",
            subscription_id=subscription.pk,
            service=Service.RECIPIENTS,
            quantity=1 + len(signup.recipients),
            when=subscription.starts_on,
        )
        for signup, subscription in due
    ]
    for outcome in take_in(operator, given, by=None, at=at):
        if outcome.refusal is not None:
            raise outcome.refusal
    Signup.objects.filter(pk__in=[it.pk for it, _ in due]).update(recipients_counted=True)
    return len(due)


def _today(signup: Signup, at: datetime) -> date:
    assert signup.subscription is not None, "what is approved has a subscription"
    return local_day(at, signup.subscription.mailbox.location.time_zone)
