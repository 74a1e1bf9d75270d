"""Update: words at once; terms at once where nobody is on the plan; else the question."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction

from postroom.demo.cast import BRONZE, House
from postroom.domain.events.models import Event
from postroom.domain.plan_changes.guards import LooksLikeASlip
from postroom.domain.plan_changes.update import PlanChangedMeanwhile, Seen, Updated, update
from postroom.domain.plans.actions import (
    NameMissing,
    NameTaken,
    RateMissing,
    Words,
    copy_plan,
    words_of,
)
from postroom.domain.plans.models import Draft, Plan, PlanVersion
from postroom.domain.plans.queries import latest_version, terms_of, version_on_sale
from postroom.domain.plans.terms import Terms, unpack
from postroom.domain.subscriptions.models import Subscription
from tests.conftest import AT, ON
from tests.rooms.test_answers import a_form

DEARER = replace(BRONZE, rates={1: 1299, 12: 10999})


def seen(plan: Plan) -> Seen:
    """Will return what somebody sees who opens the plan's page now."""
    plan.refresh_from_db()
    return Seen(revision=plan.revision, version=latest_version(plan).number)


def change(house: House, plan: Plan, *, terms: Terms = BRONZE, **words: object) -> Updated:
    """Will send the plan's form with some of its words changed."""
    opened = seen(plan)
    return update(
        plan,
        words=replace(words_of(plan), **words),  # type: ignore[arg-type]
        terms=terms,
        seen=opened,
        by=house.owner,
        at=AT,
        on=ON,
    )


@pytest.fixture
def empty_plan(in_harbor: House) -> Plan:
    """A copy of Bronze that nobody is on."""
    return copy_plan(in_harbor.bronze, by=in_harbor.owner, at=AT, on=ON, form=a_form())


def test_words_and_visibility_save_at_once(in_harbor: House) -> None:
    done = change(in_harbor, in_harbor.bronze, name="Brass", signup=False)
    assert done.words == {"name": ["Bronze", "Brass"], "signup": [True, False]}
    assert (done.version, done.question) == (None, None)
    plan = Plan.objects.get(pk=in_harbor.bronze.pk)
    assert (plan.name, plan.signup, plan.lead_gen, plan.revision) == ("Brass", False, True, 2)
    event = Event.objects.filter(act="plan.words_changed").latest("id")
    assert (event.facts, event.by_id) == (done.words, in_harbor.owner.pk)


def test_nothing_changed_is_nothing_saved(in_harbor: House) -> None:
    events = Event.objects.count()
    assert change(in_harbor, in_harbor.bronze) == Updated()
    assert Event.objects.count() == events
    assert seen(in_harbor.bronze) == Seen(revision=1, version=1)


def test_terms_that_nobody_has_are_new_at_once(in_harbor: House, empty_plan: Plan) -> None:
    done = change(in_harbor, empty_plan, terms=DEARER)
    assert done.version is not None
    assert (done.version.number, done.version.existing_from) == (2, ON)
    on_sale = version_on_sale(empty_plan, on=ON)
    assert on_sale is not None
    assert terms_of([on_sale])[on_sale.pk] == DEARER


def test_terms_that_somebody_has_wait_for_the_answer(in_harbor: House) -> None:
    done = change(in_harbor, in_harbor.bronze, terms=DEARER, name="Brass")
    assert done.version is None
    assert done.question is not None
    assert unpack(done.question.terms) == DEARER
    assert done.words == {"name": ["Bronze", "Brass"]}, "words do not wait"
    assert PlanVersion.objects.filter(plan=in_harbor.bronze).count() == 1


def test_a_second_thought_replaces_the_first(in_harbor: House) -> None:
    change(in_harbor, in_harbor.bronze, terms=replace(BRONZE, rates={1: 1}))
    change(in_harbor, in_harbor.bronze, terms=DEARER)
    assert unpack(Draft.objects.get().terms) == DEARER


@pytest.mark.parametrize(("closes_on", "asks"), [(ON, True), (date(2026, 6, 14), False)])
def test_those_who_left_are_not_asked_about(in_harbor: House, closes_on: date, asks: bool) -> None:
    Subscription.objects.update(closes_on=closes_on)
    done = change(in_harbor, in_harbor.bronze, terms=DEARER)
    assert (done.question is not None) == asks


def test_the_second_of_two_editors_is_told(in_harbor: House) -> None:
    bronze = in_harbor.bronze
    change(in_harbor, bronze, description="Saved before he opened the page.")
    opened = seen(bronze)
    change(in_harbor, bronze, name="Brass")
    with pytest.raises(PlanChangedMeanwhile) as refused:
        update(
            bronze,
            words=Words(name="Copper"),
            terms=DEARER,
            seen=opened,
            by=in_harbor.owner,
            at=AT,
            on=ON,
        )
    assert [it.facts for it in refused.value.since] == [{"name": ["Bronze", "Brass"]}]
    assert Plan.objects.get(pk=bronze.pk).name == "Brass"
    assert not Draft.objects.exists()


def test_a_version_published_meanwhile_counts_too(in_harbor: House, empty_plan: Plan) -> None:
    opened = seen(empty_plan)
    change(in_harbor, empty_plan, terms=DEARER)
    with pytest.raises(PlanChangedMeanwhile):
        update(
            empty_plan,
            words=words_of(empty_plan),
            terms=BRONZE,
            seen=opened,
            by=in_harbor.owner,
            at=AT,
            on=ON,
        )


def test_refusals_save_nothing(in_harbor: House, empty_plan: Plan) -> None:
    before = (Event.objects.count(), seen(in_harbor.bronze))
    for refusal, changes in (
        (RateMissing, {"terms": Terms(rates={}), "name": "Brass"}),
        (NameMissing, {"name": "  "}),
        (NameTaken, {"name": "COPY OF BRONZE"}),
    ):
        with pytest.raises(refusal):
            change(in_harbor, in_harbor.bronze, **changes)  # type: ignore[arg-type]
    assert (Event.objects.count(), seen(in_harbor.bronze)) == before


def test_a_slip_is_asked_about_before_it_is_sold(in_harbor: House, empty_plan: Plan) -> None:
    slip = replace(BRONZE, rates={1: 99, 12: 10999})
    with pytest.raises(LooksLikeASlip) as refusal, transaction.atomic():
        change(in_harbor, empty_plan, terms=slip, name="Penny")
    assert latest_version(empty_plan).number == 1
    [asked] = refusal.value.slips
    opened = seen(empty_plan)
    who = {"by": in_harbor.owner, "at": AT, "on": ON, "seen": opened}
    done = update(empty_plan, words=words_of(empty_plan), terms=slip, **who, sure=[asked.key])
    assert done.version is not None
