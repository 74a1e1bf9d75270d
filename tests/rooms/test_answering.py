"""What a customer answers to a notice: once a form, as it was shown, and while it makes sense."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from postroom.demo.cast import House
from postroom.domain.billing.previews import ChangedSinceSeen
from postroom.domain.billing.run import bill_due
from postroom.domain.events.actions import THE_TIMETABLE, in_the_name_of, record
from postroom.domain.events.models import Event
from postroom.domain.notices.answering import (
    InForceAlready,
    LeavesAlready,
    NotAnAnswerByHand,
    NothingToAccept,
    NoticeIsOver,
    WordsMissing,
    accept,
    ask,
    record_answer,
)
from postroom.domain.notices.models import Answer, AnswerKind, EnvelopeState, Notice, Subject
from postroom.domain.plan_changes.answering import (
    LeavesBeforeThen,
    LeavesInThePast,
    NothingToTakeBack,
    PlanNotOffered,
    leave,
    other_plans,
    preview_leaving,
    preview_plan,
    stay,
    take_plan,
)
from postroom.domain.plans.actions import Words, create_plan, publish_version
from postroom.domain.plans.models import Plan
from postroom.domain.subscriptions.models import Subscription, Switch, SwitchState
from tests.conftest import AT, ON
from tests.noticed import DEARER, Told, announce, put_in_envelope, tell, told
from tests.web.renting import GOLD

SOON = ON + timedelta(days=20)


@pytest.fixture
def change(in_harbor: House) -> Told:
    bill_due(in_harbor.operator, on=ON, at=AT)
    return tell(in_harbor, at=AT, on=ON, first_day=SOON)


@pytest.fixture
def gold(change: Told) -> Plan:
    return create_plan(
        change.house.operator,
        words=Words(name="Gold", signup=True),
        terms=GOLD,
        by=change.house.owner,
        at=AT,
        on=ON - timedelta(days=900),
    )


def its(change: Told) -> Subscription:
    return Subscription.objects.get(pk=change.notice.subscription_id)


def fresh(change: Told) -> Notice:
    """Will read the notice as the next request does."""
    return told(change.house, change.change, change.envelope).notice


def leaves(change: Told, day: date, **facts: Any) -> Answer:
    seen = preview_leaving(fresh(change), closes_on=day, at=AT, on=ON).key
    asked = {"closes_on": day, "seen": seen, "form": uuid4(), "at": AT, "on": ON}
    return leave(fresh(change), **asked | facts)


def test_what_is_void_takes_no_answer(change: Told) -> None:
    change.envelope.state = EnvelopeState.VOID
    change.envelope.save(update_fields=["state"])
    own = {"form": uuid4(), "at": AT}
    with pytest.raises(NoticeIsOver):
        accept(change.notice, **own, on=ON)
    with pytest.raises(NoticeIsOver):
        ask(change.notice, words="Why?", **own)
    with pytest.raises(NoticeIsOver):
        leave(change.notice, closes_on=ON, seen="", **own, on=ON)
    assert not Answer.objects.exists()


def test_what_is_in_force_is_not_accepted(change: Told) -> None:
    with pytest.raises(InForceAlready):
        accept(change.notice, form=uuid4(), at=AT, on=SOON)


def test_a_message_is_not_accepted(change: Told) -> None:
    message = announce(
        change.house, None, at=AT, on=ON, subject=Subject.MESSAGE, words="We are closed on Monday."
    )
    its_own = put_in_envelope(change.house, message, [change.notice.subscription], SOON, at=AT)
    with pytest.raises(NothingToAccept):
        accept(told(change.house, change.change, its_own).notice, form=uuid4(), at=AT, on=ON)


def test_who_leaves_before_has_nothing_to_accept(change: Told) -> None:
    leaves(change, SOON - timedelta(days=1))
    with pytest.raises(LeavesAlready):
        accept(fresh(change), form=uuid4(), at=AT, on=ON)
    leaves(change, SOON)
    assert accept(fresh(change), form=uuid4(), at=AT, on=ON).kind == AnswerKind.ACCEPTED


def test_leaving_is_done_as_it_was_shown(change: Told) -> None:
    with pytest.raises(ChangedSinceSeen):
        leaves(change, ON, seen="something else")
    with pytest.raises(LeavesInThePast):
        preview_leaving(change.notice, closes_on=ON - timedelta(days=1), at=AT, on=ON)
    assert its(change).closes_on is None
    leaves(change, ON)
    assert its(change).closes_on == ON


def test_staying_takes_back_the_last_of_them(change: Told, gold: Plan) -> None:
    seen = preview_plan(change.notice, plan_id=gold.pk, at=AT, on=ON).key
    asked = {"plan_id": gold.pk, "seen": seen, "at": AT, "on": ON}
    take_plan(change.notice, **asked, form=uuid4())
    leaves(change, SOON)
    for _ in range(2):
        stay(fresh(change), form=uuid4(), at=AT, on=ON)
    assert its(change).closes_on is None
    assert not Switch.objects.filter(state=SwitchState.PENDING).exists()
    with pytest.raises(NothingToTakeBack):
        stay(fresh(change), form=uuid4(), at=AT, on=ON)


def test_who_leaves_takes_no_plan(change: Told, gold: Plan) -> None:
    leaves(change, SOON)
    with pytest.raises(LeavesBeforeThen):
        preview_plan(fresh(change), plan_id=gold.pk, at=AT, on=ON)


def test_a_plan_that_changed_meanwhile_is_shown_again(change: Told, gold: Plan) -> None:
    seen = preview_plan(change.notice, plan_id=gold.pk, at=AT, on=ON).key
    facts = {"sold_from": ON, "existing_from": None, "by": None, "at": AT}
    publish_version(gold, terms=DEARER, **facts)
    with pytest.raises(ChangedSinceSeen):
        take_plan(change.notice, plan_id=gold.pk, seen=seen, form=uuid4(), at=AT, on=ON)
    assert not Switch.objects.exists()


def test_what_is_not_on_the_signup_page_is_not_offered(change: Told, gold: Plan) -> None:
    assert [it.offered.id for it in other_plans(change.notice)] == [gold.pk]
    gold.signup = False
    gold.save(update_fields=["signup"])
    assert other_plans(change.notice) == []
    with pytest.raises(PlanNotOffered):
        preview_plan(change.notice, plan_id=gold.pk, at=AT, on=ON)


def test_staff_record_what_they_heard(change: Told) -> None:
    heard = {"by": change.house.owner, "at": AT, "on": ON}
    with pytest.raises(NotAnAnswerByHand):
        record_answer(change.notice, kind=AnswerKind.LEAVES, words="So", form=uuid4(), **heard)
    with pytest.raises(WordsMissing):
        record_answer(change.notice, kind=AnswerKind.ACCEPTED, words=" ", form=uuid4(), **heard)
    record_answer(change.notice, kind=AnswerKind.ACCEPTED, words="Fine", form=uuid4(), **heard)
    assert Event.objects.get(act="notice.answered").by_id == change.house.owner.pk


def test_a_customers_name_stands_for_their_own_acts_alone(in_harbor: House) -> None:
    ana, by = in_harbor.customers["ana"], in_harbor.owner
    with in_the_name_of("Ana"):
        assert record("customer.changed", ana, by=None, at=AT).by_name == "Ana"
        assert record("customer.changed", ana, by=by, at=AT).by_name == str(by)
    assert record("customer.changed", ana, by=None, at=AT).by_name == THE_TIMETABLE


def test_two_clicks_are_one_answer(change: Told) -> None:
    key = uuid4()
    answers = {accept(fresh(change), form=key, at=AT, on=ON).pk for _ in range(2)}
    assert len(answers) == 1
