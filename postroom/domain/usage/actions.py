"""Usage entered and corrected by hand."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from postroom.base.periods import local_day
from postroom.base.refusals import Refused, refusing
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.intake import KeyUsedBefore, Status, mark_late, take_in
from postroom.domain.usage.judging import Given, NotACount, digest
from postroom.domain.usage.models import LARGEST, UsageEntry
from postroom.domain.users.models import User


class CountOutOfRange(NotACount):
    """A count is a whole number from {least} to {largest}."""

    field: ClassVar[str | None] = "counts"


class CorrectionOfCorrection(Refused):
    """This is a correction. Correct the entry that it belongs to."""


class NothingToCorrect(Refused):
    """The entry counts {counts} already."""

    field: ClassVar[str | None] = "counts"


class ReasonMissing(Refused):
    """Say why it is corrected."""

    field: ClassVar[str | None] = "reason"


@transaction.atomic
def enter(
    subscription: Subscription,
    *,
    service: Service,
    quantity: int,
    on: date,
    form: UUID,
    by: User,
    at: datetime,
) -> UsageEntry:
    """Will count what somebody entered; the same form counts once.

    Raises what ``judge`` does, or KeyUsedBefore where the form was sent with something else.
    """
    given = Given(str(form), subscription.pk, service, quantity, on)
    [outcome] = take_in(subscription.operator, [given], by=by, at=at)
    if outcome.refusal is not None:
        raise outcome.refusal
    entry = UsageEntry.objects.get(key=given.key)
    if outcome.status is Status.COUNTED:
        facts = {"service": service.label, "quantity": quantity, "on": on.isoformat()}
        record("usage.entered", subscription, by=by, at=at, facts=facts)
    return entry


@transaction.atomic
def correct(
    entry: UsageEntry, *, counts: int, reason: str, form: UUID, by: User, at: datetime
) -> UsageEntry:
    """Will make an entry count ``counts``, by a correction on its day; the same form counts once.

    Raises NotACount, ReasonMissing, CorrectionOfCorrection, NothingToCorrect or KeyUsedBefore.
    """
    if not 0 <= counts <= LARGEST:
        raise CountOutOfRange(least=0, largest=f"{LARGEST:,}")
    reason = tidy(reason)
    if not reason:
        raise ReasonMissing()
    entry = _to_correct(entry)
    body = digest("correction", entry.pk, counts, reason)
    sent_before = UsageEntry.objects.filter(key=str(form), body=body).first()
    if sent_before is not None:
        return sent_before
    counted = counts_now(entry)
    if counted == counts:
        raise NothingToCorrect(counts=f"{counts:,}")
    with refusing({"usage_entry_counts_once": KeyUsedBefore(key=form)}):
        correction = UsageEntry.objects.create(
            operator_id=entry.operator_id,
            key=str(form),
            body=body,
            subscription_id=entry.subscription_id,
            service=entry.service,
            quantity=counts - counted,
            on=entry.on,
            happened_at=entry.happened_at,
            corrects=entry,
            reason=reason,
            recorded_at=at,
            recorded_by=by,
        )
    _tell_billing(entry, at=at)
    facts = {
        "service": entry.get_service_display(),
        "on": entry.on.isoformat(),
        "counts": [counted, counts],
        "reason": reason,
    }
    record("usage.corrected", entry.subscription, by=by, at=at, facts=facts)
    return correction


def _tell_billing(entry: UsageEntry, *, at: datetime) -> None:
    """Will have the month of a corrected entry corrected too, where it was billed before."""
    known_on = local_day(at, entry.subscription.mailbox.location.time_zone)
    mark_late(entry.operator, [(entry.subscription_id, entry.on, known_on)])


def _to_correct(entry: UsageEntry) -> UsageEntry:
    """Will hold an entry: two corrections of it at once wait here for each other."""
    held = UsageEntry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    if held.corrects_id is not None:
        raise CorrectionOfCorrection()
    return held


def counts_now(entry: UsageEntry) -> int:
    """Will return what an entry counts after its corrections."""
    corrections = UsageEntry.objects.filter(corrects=entry).aggregate(sum=Sum("quantity"))
    return entry.quantity + int(corrections["sum"] or 0)
