"""YES, scheduled: what was shown is what is done; edited, withdrawn and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.demo.cast import BRONZE, House
from postroom.domain.events.models import Event
from postroom.domain.notices.models import Announcement, Subject
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.drafts import QuestionAnswered
from postroom.domain.plan_changes.grounds import grounds_for
from postroom.domain.plan_changes.groups import Group
from postroom.domain.plan_changes.models import PlanChange, Sheet
from postroom.domain.plan_changes.reversing import NothingBefore, propose
from postroom.domain.plan_changes.scheduling import (
    ExistingFromInThePast,
    NobodyChosen,
    ShownOutdated,
    SoldFromInThePast,
    schedule,
)
from postroom.domain.plan_changes.sheets import work_out
from postroom.domain.plan_changes.stopping import (
    ChangeOver,
    WithdrawalSaysNoReason,
    propose_edit,
    withdraw,
)
from postroom.domain.plan_changes.update import Seen, update
from postroom.domain.plans.actions import keep_draft, publish_version, words_of
from postroom.domain.plans.models import Draft, PlanVersion, Withdrawal
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.plans.services import Timing
from postroom.domain.plans.terms import Terms, unpack
from postroom.domain.subscriptions.models import Chosen, Subscription
from tests.conftest import AT, ON

DEARER = replace(BRONZE, rates={1: 1299, 12: 12999})
SOON = ON + timedelta(days=40)
ASKED = Asked(ON, SOON)


def draft(house: House, terms: Terms = DEARER, **facts: Any) -> Draft:
    latest = latest_version(house.bronze)
    own = {"by": house.owner, "at": AT, "reason": "Rent"}
    return keep_draft(house.bronze, terms=terms, changed_from=latest.number, **own, **facts)


def look(house: House, draft: Draft, asked: Asked = ASKED) -> Sheet:
    """Will look at what may not be asked, too."""
    grounds = grounds_for(draft.plan, unpack(draft.terms), asked, on=ON, besides=draft.replaces)
    return work_out(grounds, by=house.owner, at=AT)


def yes(house: House, draft: Draft, sheet: Sheet, asked: Asked = ASKED, **facts: Any) -> PlanChange:
    own = {"by": house.owner, "at": AT, "on": ON}
    return schedule(draft, asked=asked, seen=sheet.fingerprint, **own, **facts)


@pytest.fixture
def change(in_harbor: House) -> PlanChange:
    """A dearer Bronze in forty days."""
    waiting = draft(in_harbor)
    return yes(in_harbor, waiting, look(in_harbor, waiting), words="Our rent went up.")


def test_yes_writes_a_version_a_change_and_what_is_announced(
    in_harbor: House, change: PlanChange
) -> None:
    version, announcement = change.version, change.announcement
    assert (version.number, version.existing_from, version.timing) == (2, SOON, Timing.NEXT_TERM)
    assert terms_of([version])[version.pk] == DEARER
    assert (announcement.subject, announcement.words) == (Subject.CHANGE, "Our rent went up.")
    assert (change.revision, change.group, change.reason) == (1, {}, "Rent")
    assert change.shown["customers"] == Subscription.objects.filter(plan=in_harbor.bronze).count()
    assert not Draft.objects.exists()
    assert Event.objects.filter(act="change.scheduled", subject_id=change.pk).exists()


def test_yes_for_all_writes_no_row_a_customer(in_harbor: House) -> None:
    waiting = draft(in_harbor)
    sheet = look(in_harbor, waiting)
    with CaptureQueriesContext(connection) as few:
        yes(in_harbor, waiting, sheet)
    assert not Chosen.objects.exists()
    assert not [it for it in few if 'UPDATE "subscriptions_' in it["sql"]]


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (replace(ASKED, sold_from=ON - timedelta(days=1)), SoldFromInThePast),
        (replace(ASKED, existing_from=ON - timedelta(days=1)), ExistingFromInThePast),
        (replace(ASKED, group=Group(months=7)), NobodyChosen),
    ],
)
def test_what_cannot_be_asked(in_harbor: House, asked: Asked, refusal: type[Exception]) -> None:
    waiting = draft(in_harbor)
    sheet = look(in_harbor, waiting, asked)
    with pytest.raises(refusal):
        yes(in_harbor, waiting, sheet, asked)
    assert Draft.objects.exists() and not PlanChange.objects.exists()


def dates_moved(house: House) -> dict[str, Any]:
    return {"asked": replace(ASKED, existing_from=SOON + timedelta(days=1))}


def terms_typed_anew(house: House) -> dict[str, Any]:
    return {"draft": draft(house, replace(DEARER, rates={1: 1199, 12: 12999}))}


def another_change(house: House) -> dict[str, Any]:
    dates = {"sold_from": SOON, "existing_from": SOON}
    version = publish_version(house.bronze, terms=DEARER, **dates, by=house.owner, at=AT)
    Withdrawal.objects.create(operator=house.operator, version=version, reason="Slip", at=AT)
    return {}


@pytest.mark.parametrize(
    ("happens", "what"),
    [
        (dates_moved, "the days, the timing or the group were changed"),
        (terms_typed_anew, "the new terms were changed"),
        (another_change, "another change of this plan was scheduled or withdrawn"),
    ],
)
def test_what_was_shown_must_still_hold(
    in_harbor: House, happens: Callable[[House], dict[str, Any]], what: str
) -> None:
    waiting = draft(in_harbor)
    sheet = look(in_harbor, waiting)
    facts = {"draft": waiting, "asked": ASKED} | happens(in_harbor)
    with pytest.raises(ShownOutdated, match=what):
        yes(in_harbor, facts["draft"], sheet, facts["asked"])


def test_a_group_alone(in_harbor: House) -> None:
    waiting, asked = draft(in_harbor), replace(ASKED, group=Group(months=12))
    change = yes(in_harbor, waiting, look(in_harbor, waiting, asked), asked)
    assert change.version.for_chosen
    chosen = Subscription.objects.filter(pk__in=Chosen.objects.values("subscription"))
    assert {it.months for it in chosen} == {12}


def test_answered_twice_it_is_answered_once(in_harbor: House) -> None:
    waiting = draft(in_harbor)
    sheet = look(in_harbor, waiting)
    yes(in_harbor, waiting, sheet)
    with pytest.raises(QuestionAnswered):
        yes(in_harbor, waiting, sheet)


def test_withdrawn_it_says_why_and_once(in_harbor: House, change: PlanChange) -> None:
    own = {"by": in_harbor.owner, "at": AT}
    with pytest.raises(WithdrawalSaysNoReason):
        withdraw(change, reason=" ", **own)
    withdrawn = withdraw(change, reason="The rent stays", **own)
    assert (withdrawn.withdrawn_at, withdrawn.withdrawn_because) == (AT, "The rent stays")
    assert Withdrawal.objects.get().version == change.version
    # Nobody was told, so nobody is told otherwise.
    assert not Announcement.objects.filter(subject=Subject.CORRECTION).exists()
    with pytest.raises(ChangeOver):
        withdraw(change, reason="Again", **own)


def test_edited_it_is_another_revision(in_harbor: House, change: PlanChange) -> None:
    milder = replace(DEARER, rates={1: 1199, 12: 12999})
    opened = propose_edit(change, by=in_harbor.owner, at=AT)
    assert unpack(opened.terms) == DEARER
    seen = Seen(in_harbor.bronze.revision, 2, opened.pk)
    own = {"by": in_harbor.owner, "at": AT, "on": ON}
    done = update(
        in_harbor.bronze, words=words_of(in_harbor.bronze), terms=milder, seen=seen, **own
    )
    again = done.question
    edited = yes(in_harbor, again, look(in_harbor, again))
    assert (edited.revision, edited.replaces, edited.version.number) == (2, change, 3)
    assert Withdrawal.objects.get().version == change.version
    change.refresh_from_db()
    assert change.withdrawn_because == "Edited"


def test_taken_back_it_asks_for_the_terms_before(in_harbor: House, change: PlanChange) -> None:
    back = propose(change, by=in_harbor.owner, at=AT)
    asked = Asked(ON, ON, Timing.ON_DATE)
    reversing = yes(in_harbor, back, look(in_harbor, back, asked), asked)
    assert terms_of([reversing.version])[reversing.version_id] == BRONZE
    assert reversing.reverses == change.version
    own = {"by": in_harbor.owner, "at": AT}
    first = PlanVersion.objects.get(plan=in_harbor.bronze, number=1)
    first_change = PlanChange(plan=in_harbor.bronze, version=first, kind="terms")
    with pytest.raises(NothingBefore):
        propose(first_change, **own)
