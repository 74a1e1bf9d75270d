"""A customer's answers that change what they rent: another plan, leaving, and staying after all.

Each is shown first, as it would be billed, and done as it was shown.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.billing.closing import ClosePreview, close, preview_close
from postroom.domain.billing.switching import SwitchPreview, preview_switch, switch
from postroom.domain.events.actions import in_the_name_of
from postroom.domain.notices.answering import answered_by, hold, keep_answer
from postroom.domain.notices.models import Answer, AnswerKind, Notice
from postroom.domain.plan_changes.choosing import LeavesBeforeThen, own_switch
from postroom.domain.plans.models import Plan
from postroom.domain.plans.published import Offered, offers
from postroom.domain.plans.services import Channel
from postroom.domain.subscriptions.closing import reopen
from postroom.domain.subscriptions.models import Subscription, SwitchTiming
from postroom.domain.subscriptions.switching import take_back


class PlanNotOffered(Refused):
    """That plan is not offered to you any more. Below is what is offered now."""

    field = "plan"


class LeavesInThePast(Refused):
    """Choose today or a later day: {day} has passed."""

    field = "closes_on"


class NothingToTakeBack(Refused):
    """There is nothing to take back: you stay on your plan."""


@dataclass(frozen=True)
class OtherPlan:
    """A plan that a customer may take instead, at its rate for terms as long as theirs."""

    offered: Offered
    #: None where it is not sold for terms as long as theirs; then it cannot be taken here.
    rate_minor: int | None


def other_plans(notice: Notice) -> list[OtherPlan]:
    """Will return what a customer may take instead: what is offered at their location today."""
    subscription, version = notice.subscription, notice.announcement.version
    besides = {subscription.plan_id, notice.announcement.plan_id, version and version.plan_id}
    return [
        OtherPlan(it, it.terms.rates.get(subscription.months))
        for it in offers(
            notice.operator_id, Channel.SIGNUP, location_id=subscription.mailbox.location_id
        )
        if it.id not in besides
    ]


def preview_plan(notice: Notice, *, plan_id: int, at: datetime, on: date) -> SwitchPreview:
    """Will tell what taking a plan at the next renewal would do.

    Raises PlanNotOffered, LeavesBeforeThen, or what ``preview_switch`` does.
    """
    return preview_switch(
        notice.subscription,
        plan=_chosen(notice, plan_id),
        months=notice.subscription.months,
        timing=SwitchTiming.NEXT_TERM,
        by=None,
        at=at,
        on=on,
    )


@transaction.atomic
def take_plan(
    notice: Notice, *, plan_id: int, seen: str, form: UUID, at: datetime, on: date
) -> Answer:
    """Will note that a customer takes another plan at their next renewal, as they were shown it.

    Raises NoticeIsOver, PlanNotOffered, LeavesBeforeThen, or what ``billing.switching.switch``
    does.
    """
    hold(notice)
    before = answered_by(form)
    if before is not None:
        return before
    plan = _chosen(notice, plan_id)
    with in_the_name_of(notice.envelope.customer.name):
        switch(
            notice.subscription,
            plan=plan,
            months=notice.subscription.months,
            timing=SwitchTiming.NEXT_TERM,
            by=None,
            at=at,
            on=on,
            seen=seen,
        )
    return keep_answer(notice, kind=AnswerKind.SWITCHED, plan=plan.name, form=form, at=at)


def preview_leaving(notice: Notice, *, closes_on: date, at: datetime, on: date) -> ClosePreview:
    """Will tell what leaving on a day would bill and give back.

    Raises LeavesInThePast, or what ``billing.closing.preview_close`` does.
    """
    _check_day(closes_on, on)
    return preview_close(notice.subscription, closes_on=closes_on, by=None, at=at, on=on)


@transaction.atomic
def leave(
    notice: Notice, *, closes_on: date, seen: str, form: UUID, at: datetime, on: date
) -> Answer:
    """Will set the last day that a customer uses, as they were shown it.

    Raises NoticeIsOver, LeavesInThePast, or what ``billing.closing.close`` does.
    """
    hold(notice)
    before = answered_by(form)
    if before is not None:
        return before
    _check_day(closes_on, on)
    with in_the_name_of(notice.envelope.customer.name):
        close(notice.subscription, closes_on=closes_on, by=None, at=at, on=on, seen=seen)
    return keep_answer(notice, kind=AnswerKind.LEAVES, closes_on=closes_on, form=form, at=at)


@transaction.atomic
def stay(notice: Notice, *, form: UUID, at: datetime, on: date) -> Answer:
    """Will take back that a customer leaves, or else takes another plan.

    Raises NoticeIsOver, NothingToTakeBack or ClosedAlready.
    """
    hold(notice)
    before = answered_by(form)
    if before is not None:
        return before
    subscription = Subscription.objects.get(pk=notice.subscription_id)
    waiting = own_switch(subscription)
    with in_the_name_of(notice.envelope.customer.name):
        if subscription.closes_on is not None:
            reopen(subscription, by=None, at=at, on=on)
        elif waiting is not None:
            take_back(waiting, by=None, at=at)
        else:
            raise NothingToTakeBack()
    return keep_answer(notice, kind=AnswerKind.STAYS, form=form, at=at)


def _chosen(notice: Notice, plan_id: int) -> Plan:
    if plan_id not in {it.offered.id for it in other_plans(notice) if it.rate_minor is not None}:
        raise PlanNotOffered()
    closes_on = notice.subscription.closes_on
    if closes_on is not None:
        raise LeavesBeforeThen(day=f"{closes_on:%d %B %Y}")
    return Plan.objects.get(pk=plan_id)


def _check_day(closes_on: date, on: date) -> None:
    if closes_on < on:
        raise LeavesInThePast(day=f"{closes_on:%d %B %Y}")
