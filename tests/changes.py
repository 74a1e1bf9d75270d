"""A change of a plan with all that hangs on it, for tests that loop over all tables."""

from datetime import date, datetime
from uuid import uuid4

from postroom.demo.cast import House
from postroom.domain.notices.facts import pack
from postroom.domain.notices.models import (
    Announcement,
    Answer,
    AnswerKind,
    Delivery,
    DeliveryKind,
    Envelope,
    EnvelopeState,
    Notice,
    NoticeClearance,
    Subject,
)
from postroom.domain.plan_changes.models import (
    ChangeKind,
    Outcome,
    PlanChange,
    Sheet,
    SheetRow,
)
from postroom.domain.plans.models import PlanVersion
from postroom.domain.subscriptions.models import Chosen, Clearance, Subscription
from tests.noticed import facts_of

#: What the one line of the sheet comes to.
SUMS = {
    "customers": 1,
    "reached": 1,
    "worse": 1,
    "dearer": 0,
    "cheaper": 0,
    "above": 0,
    "outcomes": {"changed": 1},
    "least": 0,
    "median": 0,
    "most": 0,
    "total": 0,
    **dict.fromkeys(("first_day", "last_day", "first_notice_on", "last_notice_on")),
    "places": [],
    "bars": [{"least": 0, "most": 0, "customers": 1}],
}


def fill_changes(house: House, version: PlanVersion, *, at: datetime, on: date) -> None:
    """Will schedule a change of Bronze for Bo alone, tell them of it, and look at what it does."""
    own, by, bo = {"operator": house.operator}, house.owner, house.subscriptions["bo"]
    Chosen.objects.create(**own, version=version, subscription=bo)
    about = {"plan": house.bronze, "version": version}
    announcement = Announcement.objects.create(**own, **about, subject=Subject.CHANGE, by=by, at=at)
    Announcement.objects.create(**own, **about, subject=Subject.CORRECTION, by=by, at=at)
    _tell(house, announcement, bo, at=at, on=on)
    change = PlanChange.objects.create(
        **own,
        **about,
        kind=ChangeKind.TERMS,
        announcement=announcement,
        existing_from=on,
        scheduled_by=by,
        scheduled_at=at,
    )
    _look(house, change, bo, at=at, on=on)


def _tell(
    house: House, announcement: Announcement, bo: Subscription, *, at: datetime, on: date
) -> None:
    own, by = {"operator": house.operator}, house.owner
    envelope = Envelope.objects.create(
        **own,
        announcement=announcement,
        customer=bo.customer,
        about=bo,
        first_day=on,
        title="Your plan",
        text="It changes.",
        written_at=at,
        state=EnvelopeState.WAITING,
        message_id="<1@mail.example>",
        since_at=at,
        next_try_at=at,
        moved_at=at,
    )
    told = {"announcement": announcement, "envelope": envelope, "subscription": bo}
    facts = pack(facts_of(bo, on))
    notice = Notice.objects.create(**own, **told, first_day=on, gates=True, facts=facts)
    clearance = Clearance.objects.get(subscription=bo)
    NoticeClearance.objects.create(**own, notice=notice, clearance=clearance)
    posted = {"kind": DeliveryKind.POSTED, "round": 1, "at": at, "on": on, "by": by}
    Delivery.objects.create(**own, envelope=envelope, **posted)
    said = {"kind": AnswerKind.ACCEPTED, "sent_by_form": uuid4(), "by": by, "at": at}
    Answer.objects.create(**own, notice=notice, **said)


def _look(house: House, change: PlanChange, bo: Subscription, *, at: datetime, on: date) -> None:
    own = {"operator": house.operator}
    sheet = Sheet.objects.create(
        **own, plan=house.bronze, change=change, by=house.owner, asked={}, on=on, at=at, sums=SUMS
    )
    SheetRow.objects.create(
        **own,
        sheet=sheet,
        subscription_id=bo.pk,
        customer_id=bo.customer_id,
        version_id=bo.version_id,
        months=1,
        outcome=Outcome.CHANGED,
        worse=True,
        rate_before_minor=999,
    )
