"""Charges by hand: entered once, and taken back until they are billed."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from postroom.base.refusals import Refused
from postroom.base.text import tidy
from postroom.domain.billing.models import Charge, Invoice
from postroom.domain.events.actions import record
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.users.models import User


class ChargeSaysNothing(Refused):
    """Say what is charged."""

    field = "text"


class ChargeOfNothing(Refused):
    """Enter an amount above zero."""

    field = "amount"


class ChargeBilled(Refused):
    """This charge was billed on {day}."""


class ChargeSentBefore(Refused):
    """This form was sent before with something else, which was charged."""


@transaction.atomic
def enter_charge(
    subscription: Subscription,
    *,
    text: str,
    amount_minor: int,
    taxable: bool,
    form: UUID,
    by: User,
    at: datetime,
    on: date,
) -> Charge:
    """Will charge something by hand: it goes on the next invoice; the same form charges once.

    After the last bill of a closed subscription it is billed the day after ``on``, the local day.
    Raises ChargeSaysNothing, ChargeOfNothing or ChargeSentBefore.
    """
    text = tidy(text)
    if not text:
        raise ChargeSaysNothing()
    if amount_minor <= 0:
        raise ChargeOfNothing()
    subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
    entered = Charge.objects.filter(entered_by_form=form).first()
    if entered is not None:
        said = (subscription.pk, text, amount_minor, taxable)
        if said != (entered.subscription_id, entered.text, entered.amount_minor, entered.taxable):
            raise ChargeSentBefore()
        return entered
    charge = Charge.objects.create(
        operator_id=subscription.operator_id,
        subscription=subscription,
        text=text,
        amount_minor=amount_minor,
        taxable=taxable,
        on=on,
        entered_by_form=form,
        entered_by=by,
        entered_at=at,
    )
    _bill_after_the_last(subscription, on)
    facts = {"text": text, "amount_minor": amount_minor}
    record("subscription.charged", subscription, by=by, at=at, facts=facts)
    return charge


def _bill_after_the_last(subscription: Subscription, on: date) -> None:
    """Will have a subscription that had its last bill billed once more, the day after ``on``."""
    if subscription.next_bill_on is None:
        last = Invoice.objects.filter(subscription=subscription).aggregate(on=Max("billed_on"))
        subscription.next_bill_on = max(on, last["on"] or on) + timedelta(days=1)
        subscription.save(update_fields=["next_bill_on"])


@transaction.atomic
def take_back_charge(charge: Charge, *, by: User, at: datetime) -> None:
    """Will forget a charge that no invoice has yet. Raises ChargeBilled."""
    charge = Charge.objects.select_for_update(of=("self",)).get(pk=charge.pk)
    if charge.billed_on is not None:
        raise ChargeBilled(day=f"{charge.billed_on:%d %B %Y}")
    if charge.taken_back_at is not None:
        return
    charge.taken_back_at = at
    charge.save(update_fields=["taken_back_at"])
    facts = {"text": charge.text, "amount_minor": charge.amount_minor}
    record("subscription.charge_taken_back", charge.subscription, by=by, at=at, facts=facts)


def waiting_charges(subscriptions: Collection[int]) -> dict[int, list[Charge]]:
    """Will return what was charged by hand and no invoice has yet, by subscription."""
    waiting: dict[int, list[Charge]] = {pk: [] for pk in subscriptions}
    for charge in Charge.objects.filter(
        subscription__in=subscriptions, billed_on__isnull=True, taken_back_at__isnull=True
    ):
        waiting[charge.subscription_id].append(charge)
    return waiting
