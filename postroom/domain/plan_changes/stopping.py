"""Stopping a change: it comes to nobody any more whose term has not opened under it."""

from datetime import datetime

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.base.text import tidy
from postroom.domain.events.actions import record
from postroom.domain.notices.by_hand import void
from postroom.domain.notices.models import Announcement, Envelope, EnvelopeState, Subject
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plan_changes.stopping_moves import stop_move
from postroom.domain.plan_changes.update import locked
from postroom.domain.plans.actions import keep_draft
from postroom.domain.plans.models import Draft, Withdrawal
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.users.models import User

#: What has not gone out.
UNSENT = (EnvelopeState.WAITING, EnvelopeState.TO_PRINT)
#: What a customer has been told by.
TOLD = (EnvelopeState.ACCEPTED, EnvelopeState.POSTED, EnvelopeState.TOLD)


class ChangeOver(Refused):
    """This change has been withdrawn or edited already."""


class MoveNotEdited(Refused):
    """A move is not edited: withdraw it, and schedule another one."""


class WithdrawalSaysNoReason(Refused):
    """Say why."""

    field = "reason"


@transaction.atomic
def withdraw(
    change: PlanChange, *, reason: str, words: str = "", by: User, at: datetime
) -> PlanChange:
    """Will stop a change for every term that has not opened yet, and tell those who were told.

    Whoever has it keeps it: ``reversing.propose`` drafts the change that takes it back. Writes no
    row per customer; the corrections, with ``words`` of the operator's own, go out as notices do.
    Raises WithdrawalSaysNoReason or ChangeOver.
    """
    if not (reason := tidy(reason)):
        raise WithdrawalSaysNoReason()
    # In the order in which everything holds a plan and its changes.
    locked(change.plan)
    change = PlanChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    refuse_withdrawn(change)
    stop(change, reason=reason, tell=True, words=words, by=by, at=at)
    version = change.version
    facts = {"plan": version.plan.name, "version": version.number, "reason": reason}
    record("change.withdrawn", change, by=by, at=at, facts=facts)
    record("plan.change_withdrawn", change.plan, by=by, at=at, facts=facts)
    return change


@transaction.atomic
def propose_edit(change: PlanChange, *, by: User, at: datetime) -> Draft:
    """Will draft the terms of a change, to be edited and asked about: scheduled, it replaces it.

    Raises ChangeOver or MoveNotEdited.
    """
    if change.is_move:
        raise MoveNotEdited()
    refuse_withdrawn(change)
    plan, version = locked(change.plan), change.version
    return keep_draft(
        plan,
        terms=terms_of([version])[version.pk],
        changed_from=latest_version(plan).number,
        reason=change.reason,
        replaces=version,
        by=by,
        at=at,
    )


def refuse_withdrawn(change: PlanChange) -> None:
    """Will raise ChangeOver for a change that has been stopped."""
    if change.withdrawn_at is not None:
        raise ChangeOver()


def stop(
    change: PlanChange, *, reason: str, tell: bool, words: str = "", by: User, at: datetime
) -> None:
    """Will withdraw what a change brings, and announce so to those who were told of it."""
    own = {"operator_id": change.operator_id, "version": change.version, "by": by, "at": at}
    if change.is_move:
        stop_move(change, reason=reason, by=by, at=at)
    else:
        Withdrawal.objects.create(**own, reason=reason)
    change.withdrawn_at, change.withdrawn_by, change.withdrawn_because = at, by, reason
    change.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    sent = Envelope.objects.filter(announcement=change.announcement)
    void(sent.filter(state__in=UNSENT), because=reason, by=by, at=at)
    if tell and sent.filter(state__in=TOLD).exists():
        Announcement.objects.create(
            **own, subject=Subject.CORRECTION, plan=change.plan, words=words
        )
