"""Both answers to the question, and Copy, which does the same by hand."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from postroom.demo.cast import BRONZE, House
from postroom.domain.events.models import Event
from postroom.domain.plan_changes.answers import ChangePending, grandfather
from postroom.domain.plan_changes.drafts import DraftOutdated
from postroom.domain.plan_changes.guards import LooksLikeASlip, TooSoonSlip
from postroom.domain.plan_changes.scheduling import ExistingFromInThePast, SoldFromInThePast
from postroom.domain.plans.actions import (
    NameMissing,
    NameTaken,
    copy_plan,
    keep_draft,
    publish_version,
)
from postroom.domain.plans.models import NAME_LENGTH, Draft, Plan, PlanLocation, PlanVersion
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.subscriptions.models import Subscription, Term
from tests.conftest import AT, ON
from tests.yes import say_yes

DEARER = replace(BRONZE, rates={1: 1299, 12: 12999})
TOMORROW = ON + timedelta(days=1)


def a_form() -> UUID:
    """Will return the key of a form as it is shown."""
    return uuid4()


@pytest.fixture
def draft(in_harbor: House) -> Draft:
    """A dearer Bronze that waits for the answer."""
    return keep_draft(
        in_harbor.bronze, terms=DEARER, changed_from=1, reason="Rent", by=in_harbor.owner, at=AT
    )


def yes(house: House, draft: Draft, sold_from: date = ON, existing_from: date = ON) -> PlanVersion:
    dates = {"sold_from": sold_from, "existing_from": existing_from}
    return say_yes(draft, **dates, by=house.owner, at=AT, on=ON).version


def no(house: House, draft: Draft, name: str = "Bronze Legacy") -> Plan:
    return grandfather(draft, legacy_name=name, by=house.owner, at=AT, on=ON)


def test_yes_publishes_one_row_and_touches_nobody(in_harbor: House, draft: Draft) -> None:
    held = list(Subscription.objects.order_by("id").values_list())
    version = yes(in_harbor, draft, existing_from=TOMORROW)
    assert (version.number, version.sold_from, version.existing_from) == (2, ON, TOMORROW)
    assert version.reason == "Rent"
    assert terms_of([version])[version.pk] == DEARER
    assert list(Subscription.objects.order_by("id").values_list()) == held
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("dates", "refusal"),
    [
        ({"sold_from": ON - timedelta(days=1)}, SoldFromInThePast),
        ({"existing_from": ON - timedelta(days=1)}, ExistingFromInThePast),
    ],
)
def test_yes_is_not_for_yesterday(
    in_harbor: House, draft: Draft, dates: dict[str, date], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        yes(in_harbor, draft, **dates)
    assert Draft.objects.exists()


def test_no_is_one_act_with_lineage(in_harbor: House, draft: Draft) -> None:
    link, terms = in_harbor.bronze.link, list(Term.objects.order_by("id").values_list())
    PlanLocation.objects.create(
        operator=in_harbor.operator, plan=in_harbor.bronze, location=in_harbor.locations[0]
    )
    new = no(in_harbor, draft)
    legacy = Plan.objects.get(pk=in_harbor.bronze.pk)
    assert (legacy.name, legacy.channels) == ("Bronze Legacy", ["internal"])
    assert (legacy.succeeded_by, legacy.succeeded_on) == (new, ON)
    assert (new.name, new.copied_from, new.link) == ("Bronze", legacy, link)
    assert new.channels == ["internal", "signup", "lead_gen"]
    assert legacy.link != link
    assert list(new.locations.all()) == list(legacy.locations.all()) == in_harbor.locations[:1]
    assert list(Term.objects.order_by("id").values_list()) == terms
    assert set(Subscription.objects.values_list("plan", flat=True)) == {legacy.pk}
    assert terms_of([latest_version(new)])[latest_version(new).pk] == DEARER
    assert terms_of([latest_version(legacy)])[latest_version(legacy).pk] == BRONZE
    acts = set(Event.objects.filter(subject_kind="plan").values_list("act", flat=True))
    assert {"plan.made_legacy", "plan.took_over"} <= acts


def test_no_is_refused_while_a_yes_is_pending(in_harbor: House, draft: Draft) -> None:
    yes(in_harbor, draft, existing_from=TOMORROW)
    again = keep_draft(
        in_harbor.bronze, terms=BRONZE, changed_from=2, reason="", by=in_harbor.owner, at=AT
    )
    with pytest.raises(ChangePending, match="Version 2 still reaches existing customers on 16"):
        no(in_harbor, again)
    assert Plan.objects.count() == 1


def test_no_is_open_again_once_the_day_has_come(in_harbor: House, draft: Draft) -> None:
    yes(in_harbor, draft, existing_from=ON)
    again = keep_draft(
        in_harbor.bronze, terms=BRONZE, changed_from=2, reason="", by=in_harbor.owner, at=AT
    )
    assert no(in_harbor, again).name == "Bronze"


@pytest.mark.parametrize(
    ("name", "refusal"),
    [("bronze", NameTaken), ("Copy of bronze", NameTaken), (" ", NameMissing)],
)
def test_no_with_a_bad_name_changes_nothing(
    in_harbor: House, draft: Draft, name: str, refusal: type[Exception]
) -> None:
    copy_plan(in_harbor.bronze, by=in_harbor.owner, at=AT, on=ON, form=a_form())
    with pytest.raises(refusal):
        no(in_harbor, draft, name)
    bronze = Plan.objects.get(pk=in_harbor.bronze.pk)
    assert (bronze.name, bronze.succeeded_by, Plan.objects.count()) == ("Bronze", None, 2)
    assert Draft.objects.exists()


def test_a_draft_of_older_terms_is_refused(in_harbor: House, draft: Draft) -> None:
    publish_version(
        in_harbor.bronze, terms=BRONZE, sold_from=ON, existing_from=None, by=None, at=AT
    )
    with pytest.raises(DraftOutdated):
        yes(in_harbor, draft)
    with pytest.raises(DraftOutdated):
        no(in_harbor, draft)


def copy(house: House, form: UUID, plan: Plan | None = None) -> Plan:
    return copy_plan(plan or house.bronze, by=house.owner, at=AT, on=ON, form=form)


def test_a_double_click_on_copy_makes_one(in_harbor: House) -> None:
    form = a_form()
    assert copy(in_harbor, form) == copy(in_harbor, form)
    assert Plan.objects.count() == 2


def test_copies_are_named_and_internal(in_harbor: House) -> None:
    names = [copy(in_harbor, a_form()).name for _ in range(3)]
    assert names == ["Copy of Bronze", "Copy of Bronze (2)", "Copy of Bronze (3)"]
    made = Plan.objects.get(name="Copy of Bronze")
    assert (made.channels, made.copied_from) == (["internal"], in_harbor.bronze)
    assert made.link != in_harbor.bronze.link
    assert terms_of([latest_version(made)])[latest_version(made).pk] == BRONZE


def test_a_copy_of_a_long_name_still_fits(in_harbor: House) -> None:
    Plan.objects.update(name="B" * NAME_LENGTH)
    in_harbor.bronze.refresh_from_db()
    names = [copy(in_harbor, a_form()).name for _ in range(2)]
    assert {len(name) for name in names} == {NAME_LENGTH}
    assert names[1].endswith(" (2)")


SLIP = replace(BRONZE, rates={1: 6999, 12: 10999})


@pytest.fixture
def slip(in_harbor: House) -> Draft:
    """Bronze with 69.99 typed for 9.99."""
    return keep_draft(
        in_harbor.bronze, terms=SLIP, changed_from=1, reason="", by=in_harbor.owner, at=AT
    )


def test_a_slip_is_asked_about_before_either_answer(in_harbor: House, slip: Draft) -> None:
    far = {"sold_from": ON, "existing_from": ON + timedelta(days=60)}
    who = {"by": in_harbor.owner, "at": AT, "on": ON}
    for answer in (
        lambda sure: say_yes(slip, **far, **who, sure=sure),
        lambda sure: grandfather(slip, legacy_name="Bronze Legacy", **who, sure=sure),
    ):
        with pytest.raises(LooksLikeASlip) as refusal:
            answer(())
        assert PlanVersion.objects.filter(plan=in_harbor.bronze).count() == 1
        assert Draft.objects.exists()
    keys = [it.key for it in refusal.value.slips]
    assert say_yes(slip, **far, **who, sure=keys).version.number == 2


def test_nobody_can_be_told_in_time(in_harbor: House, draft: Draft) -> None:
    """Ana and Bo renew within ten days of a change that is worse; Cy has a year."""
    renews = Subscription.objects.filter(months=1).order_by("next_term_on")[0].next_term_on
    on = renews - timedelta(days=4)
    who = {"by": in_harbor.owner, "at": AT, "on": on}
    with pytest.raises(LooksLikeASlip) as refusal:
        say_yes(draft, sold_from=on, existing_from=on, **who)
    [soon] = refusal.value.slips
    assert isinstance(soon, TooSoonSlip)
    assert (soon.existing_from, soon.until) == (on, on + timedelta(days=10))
    renewing = Subscription.objects.filter(next_term_on__range=(on, on + timedelta(days=9)))
    assert soon.customers == renewing.count() > 0
    say_yes(draft, sold_from=on, existing_from=on, **who, sure=[soon.key])
