"""NO is taken back while nobody has joined the new plan."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from postroom.base.tenancy import as_public_reader
from postroom.demo.cast import BRONZE, House
from postroom.domain.customers.models import Mailbox
from postroom.domain.events.models import Event
from postroom.domain.plan_changes.answers import grandfather
from postroom.domain.plan_changes.undoing import CannotBeUndone, NothingToUndo, undo_grandfather
from postroom.domain.plans.actions import Words, create_plan, keep_draft, save_words, words_of
from postroom.domain.plans.models import Plan, PlanLocation, PlanVersion
from postroom.domain.plans.published import landing
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.plans.services import Channel
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.closing import close
from postroom.domain.subscriptions.models import Lead, Subscription, Switch, SwitchTiming, Term
from postroom.domain.subscriptions.moving import enter_moves
from postroom.domain.subscriptions.pending import coming_for
from postroom.domain.subscriptions.switching import enter_switch
from tests.conftest import AT, ON

DEARER = replace(BRONZE, rates={1: 1299, 12: 12999})


@pytest.fixture
def new(in_harbor: House) -> Plan:
    """Bronze, dearer since NO; it has the name and link of what is Bronze Legacy now."""
    return say_no(in_harbor)


def say_no(house: House, name: str = "Bronze Legacy") -> Plan:
    plan = Plan.objects.get(name="Bronze")
    number = latest_version(plan).number
    draft = keep_draft(plan, terms=DEARER, changed_from=number, reason="", by=house.owner, at=AT)
    return grandfather(draft, legacy_name=name, by=house.owner, at=AT, on=ON)


def undo(house: House, new: Plan) -> Plan:
    return undo_grandfather(new, by=house.owner, at=AT, on=ON)


def test_everything_is_as_it_was(in_harbor: House) -> None:
    bronze = Plan.objects.get(name="Bronze")
    own = {"operator": in_harbor.operator, "location": in_harbor.locations[0]}
    PlanLocation.objects.create(**own, plan=bronze)
    before, link = words_of(bronze), bronze.link
    terms = list(Term.objects.order_by("pk").values_list())
    subscriptions = list(Subscription.objects.order_by("pk").values_list())
    back = undo(in_harbor, say_no(in_harbor))
    assert (back, words_of(back), back.link) == (bronze, before, link)
    assert (back.succeeded_by, back.succeeded_on) == (None, None)
    assert terms_of([latest_version(back)])[latest_version(back).pk] == BRONZE
    assert list(Term.objects.order_by("pk").values_list()) == terms
    assert list(Subscription.objects.order_by("pk").values_list()) == subscriptions


def test_the_new_plan_is_retired_and_says_what_came_after_it(in_harbor: House, new: Plan) -> None:
    legacy_link = Plan.objects.get(name="Bronze Legacy").link
    bronze = undo(in_harbor, new)
    new.refresh_from_db()
    assert (new.name, new.channels) == ("Bronze (taken back)", [])
    assert (new.succeeded_by, new.succeeded_on, new.copied_from) == (bronze, ON, bronze)
    assert (new.link, Plan.objects.count()) == (legacy_link, 2)
    acts = Event.objects.filter(act__in=["plan.legacy_undone", "plan.gave_back"])
    assert {(it.act, it.subject_id) for it in acts} == {
        ("plan.legacy_undone", bronze.pk),
        ("plan.gave_back", new.pk),
    }


def test_every_link_lands_on_what_is_bronze(in_harbor: House, new: Plan) -> None:
    links = {it.link for it in Plan.objects.all()}
    bronze = undo(in_harbor, new)
    with as_public_reader():
        landed = {landing(in_harbor.operator.pk, Channel.SIGNUP, it) for it in links}
    assert landed == {bronze.link}


def test_it_can_be_done_and_taken_back_again(in_harbor: House, new: Plan) -> None:
    undo(in_harbor, new)
    bronze = undo(in_harbor, say_no(in_harbor))
    assert bronze == in_harbor.bronze
    names = set(Plan.objects.values_list("name", flat=True))
    assert names == {"Bronze", "Bronze (taken back)", "Bronze (taken back) (2)"}


def test_what_was_said_of_the_plan_since_stays(in_harbor: House, new: Plan) -> None:
    save_words(new, words=replace(words_of(new), lead_gen=False), by=None, at=AT)
    assert undo(in_harbor, new).channels == ["internal", "signup"]


def join(house: House, new: Plan) -> Subscription:
    return assign(
        house.customers["ana"],
        mailbox=Mailbox.objects.filter(state="available").earliest("pk"),
        plan=new,
        months=1,
        starts_on=ON,
        by=None,
        at=AT,
    )


def join_and_leave(house: House, new: Plan) -> None:
    close(join(house, new), closes_on=ON, by=None, at=AT, on=ON)


def choose(house: House, new: Plan) -> None:
    """Will have somebody on another plan choose this one for the next renewal."""
    own = {"by": None, "at": AT, "on": ON}
    other = create_plan(house.operator, words=Words("Other"), terms=BRONZE, **own)
    whose = join(house, other)
    enter_switch(whose, plan=new, months=1, timing=SwitchTiming.NEXT_TERM, **own)


def be_moved(house: House, new: Plan) -> None:
    ana = house.subscriptions["ana"].pk
    enter_moves(latest_version(new), [ana], not_before=ON, by=None, at=AT, on=ON)


def ask(house: House, new: Plan) -> None:
    facts = {"source": "signup", "name": "Vera", "email": "v@example.com", "at": AT}
    version = PlanVersion.objects.get(plan=new)
    Lead.objects.create(
        operator=house.operator, plan=new, version=version, sent_by_form=uuid4(), **facts
    )


@pytest.mark.parametrize(
    ("somebody", "why"),
    [
        (join, "Somebody has joined Bronze, so"),
        (join_and_leave, "Somebody has joined Bronze, so"),
        (choose, "Somebody is about to switch to Bronze, so"),
        (be_moved, "Somebody is about to switch to Bronze, so"),
        (ask, "Somebody has asked for Bronze, so"),
    ],
)
def test_not_once_somebody_wants_it(
    in_harbor: House, new: Plan, somebody: Callable[[House, Plan], object], why: str
) -> None:
    somebody(in_harbor, new)
    with pytest.raises(CannotBeUndone, match=why):
        undo(in_harbor, new)
    assert Plan.objects.get(name="Bronze") == new


def test_who_waits_for_the_name_gets_the_old_terms_again(in_harbor: House) -> None:
    """They chose Bronze before NO: the name comes back, and so does its price."""
    choose(in_harbor, in_harbor.bronze)
    undo(in_harbor, say_no(in_harbor))
    waiting = Switch.objects.get()
    [coming] = coming_for([waiting.subscription_id]).values()
    assert (coming.plan, coming.rate_minor) == (in_harbor.bronze, 999)


def test_only_what_took_over_gives_back(in_harbor: House, new: Plan) -> None:
    legacy = Plan.objects.get(name="Bronze Legacy")
    with pytest.raises(NothingToUndo):
        undo(in_harbor, legacy)
    say_no(in_harbor, "Bronze Legacy 2")
    with pytest.raises(NothingToUndo):
        undo(in_harbor, new)
