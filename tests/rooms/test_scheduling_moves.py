"""The customers of a legacy plan move to another: what was shown, written in pages, withdrawn.

Gold Legacy is 31.00 a month, Gold 62.00, Iron 10.00. Today is 5 January 2024.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from postroom.domain.billing.models import Invoice
from postroom.domain.customers.models import Customer
from postroom.domain.notices.models import Announcement, Subject
from postroom.domain.plan_changes.asking import asked_of
from postroom.domain.plan_changes.grounds import grounds_for_move, grounds_of
from postroom.domain.plan_changes.groups import Group
from postroom.domain.plan_changes.models import ChangeKind, Outcome, PlanChange, Sheet, SheetRow
from postroom.domain.plan_changes.moving import (
    MovesNowhere,
    NotForStaff,
    NotOfferedThere,
    NotSoldThen,
    asked_of_move,
    schedule_move,
    write_moves,
    write_operator,
    written,
)
from postroom.domain.plan_changes.scheduling import (
    ExistingFromInThePast,
    NobodyChosen,
    ShownOutdated,
)
from postroom.domain.plan_changes.sheets import work_out
from postroom.domain.plan_changes.stopping import withdraw
from postroom.domain.plans.actions import save_words, words_of
from postroom.domain.plans.models import Plan, PlanLocation, PlanVersion, Withdrawal
from postroom.domain.plans.queries import latest_version
from postroom.domain.subscriptions.actions import VersionOfAnotherPlan, clear_by_hand
from postroom.domain.subscriptions.models import Means, Subscription, Switch, SwitchState
from postroom.domain.subscriptions.protecting import lock, pin
from tests.rooms.billing_worlds import GOLD, NEXT_TERM, Shop, day, totals

TODAY = "24-01-05"
TWICE = replace(GOLD, rates={1: 6200, 12: 73000})
THIRD = replace(GOLD, rates={1: 1000})


@dataclass
class House:
    """A shop with three plans, and five customers on the legacy one."""

    shop: Shop
    legacy: Plan
    gold: Plan
    iron: Plan
    who: dict[str, Subscription] = field(default_factory=dict)

    @property
    def own(self) -> dict[str, Any]:
        return {"by": self.shop.by, "at": self.shop.at(TODAY), "on": day(TODAY)}

    def look(self, version: PlanVersion, group: Group | None = None) -> Sheet:
        """Will look without throwing earlier looks away."""
        asked = asked_of_move(day("24-02-01"), group, on=day(TODAY))
        grounds = grounds_for_move(self.legacy, version, asked, on=day(TODAY))
        return work_out(grounds, by=self.shop.by, at=self.shop.at(TODAY))

    def move(self, version: PlanVersion, *, group: Group | None = None, **said: Any) -> PlanChange:
        """Will look and schedule a move from 1 February on."""
        seen = said.pop("seen", None) or self.look(version, group).fingerprint
        said = self.own | {"existing_from": day("24-02-01")} | said
        return schedule_move(self.legacy, version, group=group, seen=seen, **said)


@pytest.fixture
def house(shop: Shop) -> House:
    plans = {name: shop.plan(terms, name=name) for name, terms in NAMES.items()}
    house = House(shop, *plans.values())
    for who in ("Ana", "Bo", "Cy", "Di"):
        house.who[who] = shop.join(house.legacy, "24-01-01", who=who)
    house.who["Yo"] = shop.join(house.legacy, "24-01-01", who="Yo", months=12)
    Customer.objects.update(email="c@x.example")
    shop.run("24-01-05")
    return house


NAMES = {"Gold Legacy": GOLD, "Gold": TWICE, "Iron": THIRD}


def outcomes(sheet: Sheet) -> dict[str, str]:
    rows = SheetRow.objects.filter(sheet=sheet).values_list("customer_id", "outcome")
    names = {it.customer_id: it.customer.name for it in Subscription.objects.all()}
    return {names[customer]: outcome for customer, outcome in rows}


def test_a_preview_names_how_it_ends_for_everybody(house: House) -> None:
    own = {"reason": "Promised", "by": None, "at": house.shop.at(TODAY)}
    pin(house.who["Bo"], **own)
    lock(house.who["Cy"], until=day("24-04-01"), **own)
    house.shop.switch(house.who["Di"], house.iron, TODAY, timing=NEXT_TERM)
    sheet = house.look(latest_version(house.gold))
    ends = outcomes(sheet)
    assert (ends["Bo"], ends["Cy"], ends["Di"]) == ("pinned", "locked", "moved")
    assert ends["Yo"] == "paid_term"
    ana = SheetRow.objects.get(sheet=sheet, subscription_id=house.who["Ana"].pk)
    assert (ana.worse, ana.rate_before_minor, ana.rate_after_minor) == (True, 3100, 6200)
    assert ana.bill_after_minor == 6200
    assert outcomes(house.look(latest_version(house.iron)))["Yo"] == Outcome.NO_RATE


def test_the_preview_is_the_bill(house: House) -> None:
    """Better terms need no notice: the bill of the first day is the one that was shown."""
    house.shop.use(house.who["Ana"], 4, "24-01-10")
    iron = latest_version(house.iron)
    sheet = house.look(iron)
    house.move(iron)
    write_operator(house.shop.operator)
    house.shop.run("24-02-01")
    for row in SheetRow.objects.filter(sheet=sheet, outcome=Outcome.CHANGED):
        bill = Invoice.objects.get(subscription=row.subscription_id, billed_on=row.first_day)
        assert bill.total_minor == row.bill_after_minor
    assert SheetRow.objects.filter(sheet=sheet, outcome=Outcome.CHANGED).count() == 4


def test_told_in_time_the_preview_is_the_bill(house: House) -> None:
    """Dearer terms, of which everybody is told on the day that the preview names."""
    gold = latest_version(house.gold)
    sheet = house.look(gold)
    house.move(gold)
    write_operator(house.shop.operator)
    rows = list(SheetRow.objects.filter(sheet=sheet).order_by("first_day"))
    names = {it.pk: name for name, it in house.who.items()}
    for row in rows:
        tell(house, names[row.subscription_id], gold, f"{row.notice_on:%y-%m-%d}")
    for row in rows:
        house.shop.run(f"{row.first_day:%y-%m-%d}")
        bill = Invoice.objects.get(subscription=row.subscription_id, billed_on=row.first_day)
        assert bill.total_minor == row.bill_after_minor != row.bill_before_minor
    assert [it.first_day.year for it in rows if it.first_day] == [2024, 2024, 2024, 2024, 2025]


def test_it_is_a_change_with_an_announcement(house: House) -> None:
    gold = latest_version(house.gold)
    change = house.move(gold, words="We tidy up.", reason="Old plan")
    assert (change.kind, change.plan, change.version) == (ChangeKind.MOVE, house.legacy, gold)
    announcement = Announcement.objects.get()
    assert (announcement.subject, announcement.words) == (Subject.MOVE, "We tidy up.")
    assert (change.written_to, Switch.objects.count()) == (0, 0)


def test_switches_are_written_in_pages_and_once(house: House) -> None:
    change = house.move(latest_version(house.gold))
    assert written(change) == (0, 5)
    assert write_moves(change, page=2)
    change.refresh_from_db()
    assert (written(change), Switch.objects.count()) == ((2, 5), 2)
    # As if the worker was killed here: another one goes on.
    write_operator(house.shop.operator, page=2)
    change.refresh_from_db()
    assert (change.written_to, written(change), Switch.objects.count()) == (None, (5, 5), 5)
    assert write_operator(house.shop.operator) == 0
    said = set(Switch.objects.values_list("moves_to", "not_before", "state"))
    assert said == {(change.version_id, day("24-02-01"), "pending")}


def test_a_group_moves_and_who_came_later_does_not(house: House) -> None:
    picked = Group(picks=frozenset({house.who["Ana"].pk, house.who["Bo"].pk}))
    house.move(latest_version(house.gold), group=picked)
    house.shop.join(house.legacy, "24-01-06", who="Late")
    write_operator(house.shop.operator)
    assert set(Switch.objects.values_list("subscription", flat=True)) == picked.picks


def test_who_is_not_told_stays_and_follows_once_told(house: House) -> None:
    change = house.move(latest_version(house.gold))
    write_operator(house.shop.operator)
    tell(house, "Ana", change.version, "24-02-10")
    house.shop.run("24-03-01")
    assert [minor for _, minor in totals(house.who["Ana"])] == [3100, 3100, 6200]
    assert [minor for _, minor in totals(house.who["Bo"])] == [3100, 3100, 3100]


def tell(house: House, who: str, version: PlanVersion, told: str) -> None:
    said = {"told_on": day(told), "means": Means.PHONE, "told_by": "Olga", "reason": "Called"}
    own = {"by": house.shop.by, "at": house.shop.at(told), "on": day(told)}
    clear_by_hand(house.who[who], version=version, **said, **own)


def test_nobody_is_told_of_a_plan_that_they_do_not_move_to(house: House) -> None:
    with pytest.raises(VersionOfAnotherPlan):
        tell(house, "Ana", latest_version(house.gold), TODAY)


def test_withdrawn_nobody_else_moves(house: House) -> None:
    iron = latest_version(house.iron)
    one, others = (Group(picks=frozenset({house.who[it].pk})) for it in ("Ana", "Bo"))
    change = house.move(iron, group=one)
    house.move(iron, group=others, at=house.shop.at(TODAY) + timedelta(minutes=1))
    write_operator(house.shop.operator)
    withdraw(change, reason="A slip", by=house.shop.by, at=house.shop.at("24-01-20"))
    assert not Withdrawal.objects.exists(), "others are on that version"
    states = dict(Switch.objects.values_list("subscription", "state"))
    assert states[house.who["Ana"].pk] == SwitchState.REPLACED
    assert states[house.who["Bo"].pk] == SwitchState.PENDING
    house.shop.run("24-02-01")
    assert totals(house.who["Ana"])[-1] == ("24-02-01", 3100)


def test_what_is_withdrawn_half_written_is_written_no_further(house: House) -> None:
    change = house.move(latest_version(house.iron))
    write_moves(change, page=2)
    withdraw(change, reason="A slip", by=house.shop.by, at=house.shop.at("24-01-20"))
    assert write_operator(house.shop.operator) == 0
    assert set(Switch.objects.values_list("state", flat=True)) == {"replaced"}


def test_a_look_at_it_under_way_shows_whom_it_brought(house: House) -> None:
    change = house.move(latest_version(house.iron))
    write_operator(house.shop.operator)
    house.shop.run("24-02-01")
    change = PlanChange.objects.get(pk=change.pk)
    grounds = grounds_of(change, asked_of(change), on=day("24-02-02"))
    sheet = work_out(grounds, by=None, at=house.shop.at("24-02-02"))
    assert outcomes(sheet) == {
        **dict.fromkeys(("Ana", "Bo", "Cy", "Di"), "changed"),
        "Yo": "no_rate",
    }
    ana = SheetRow.objects.get(sheet=sheet, subscription_id=house.who["Ana"].pk)
    assert ana.first_day == day("24-02-01")


def test_what_was_shown_must_hold_still(house: House) -> None:
    gold = latest_version(house.gold)
    seen = house.look(gold).fingerprint
    house.shop.publish(house.legacy, replace(GOLD, rates={1: 3000}), on="24-03-01", at=TODAY)
    with pytest.raises(ShownOutdated, match="another change of this plan"):
        house.move(gold, seen=seen)
    assert not PlanChange.objects.exists()


def hide(house: House) -> None:
    hidden = replace(words_of(house.gold), internal=False)
    save_words(house.gold, words=hidden, by=None, at=house.shop.at(TODAY))


def offer_nowhere_near(house: House) -> None:
    far = replace_place(house)
    PlanLocation.objects.create(operator=house.shop.operator, plan=house.gold, location=far)


def replace_place(house: House) -> Any:
    """Will open a second location."""
    [here] = house.shop.places
    here.pk = None
    here.name, here.slug = "Far", "far"
    here.save(force_insert=True)
    return here


def follow(house: House) -> None:
    house.shop.publish(house.gold, GOLD, on="24-01-20", at=TODAY)


@pytest.mark.parametrize(
    ("change", "said", "refusal"),
    [
        (hide, {}, NotForStaff),
        (offer_nowhere_near, {}, NotOfferedThere),
        (follow, {}, NotSoldThen),
        (None, {"existing_from": day("24-01-04")}, ExistingFromInThePast),
        (None, {"group": Group(version=1)}, NobodyChosen),
        (None, {"seen": "another"}, ShownOutdated),
    ],
)
def test_refused(house: House, change: Any, said: dict[str, Any], refusal: type[Exception]) -> None:
    gold = latest_version(house.gold)
    if change:
        change(house)
    with pytest.raises(refusal):
        house.move(gold, **said)
    assert not PlanChange.objects.exists()


def test_nobody_moves_to_where_they_are(house: House) -> None:
    with pytest.raises(MovesNowhere):
        house.move(latest_version(house.legacy), seen="any")
