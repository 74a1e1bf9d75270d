"""A world by the real acts and the real billing run, day by day, to hold against the pure one."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from postroom.base.refusals import Refused
from postroom.demo.cast import House
from postroom.domain.billing.charges import enter_charge
from postroom.domain.billing.facts import Closing, Life, Move, Notice, Protection, Published
from postroom.domain.billing.facts import Switch as Choice
from postroom.domain.billing.run import bill_due
from postroom.domain.billing.switching import CannotBeBilled, switch
from postroom.domain.customers.models import Mailbox
from postroom.domain.plans.actions import Words, create_plan, publish_version
from postroom.domain.plans.models import Plan, PlanVersion, Withdrawal
from postroom.domain.plans.written_terms import compare_with_plan
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.closing import close, reopen
from postroom.domain.subscriptions.models import (
    Chosen,
    Clearance,
    ClearanceVoid,
    Means,
    Subscription,
    Switch,
    SwitchTiming,
)
from postroom.domain.subscriptions.moving import enter_moves
from postroom.domain.subscriptions.protecting import lock, pin
from postroom.domain.subscriptions.switching import take_back
from postroom.domain.usage.actions import correct
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry

#: The order of what happens on a day.
PUBLISH, WITHDRAW, JOIN, TELL, VOID, USE, CORRECT, RUN, MOVE, SWITCH, CLOSE = range(11)
Act = Callable[[date, datetime], object]


@dataclass
class InHouse:
    """A world in one operator's rows: acts are put on their days and then done in order."""

    house: House
    zone: ZoneInfo
    first: date
    page: int
    plans: dict[str, Plan] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    #: By the identity of what was told: it may be told twice in the same words.
    cleared: dict[int, Clearance] = field(default_factory=dict)
    acts: dict[date, list[tuple[int, Act]]] = field(default_factory=lambda: defaultdict(list))

    def put(self, on: date, order: int, act: Act) -> None:
        self.acts[max(on, self.first)].append((order, act))

    def live(self) -> None:
        for on in sorted(self.acts):
            at = datetime.combine(on, time(12), self.zone)
            for _, act in sorted(self.acts[on], key=lambda it: it[0]):
                act(on, at)

    def version(self, plan: str, number: int) -> PlanVersion:
        return PlanVersion.objects.get(plan=self.plans[plan], number=number)

    def own(self, at: datetime) -> dict[str, Any]:
        return {"operator_id": self.house.operator.pk, "reason": "Why", "at": at}


def build(house: House, given: dict[str, Any], lives: Mapping[str, Life], page: int) -> InHouse:
    """Will put a scenario's plans, subscriptions, acts and runs on their days."""
    first = date.fromisoformat(given["first_day"])
    world = InHouse(house, ZoneInfo(given["time_zone"]), first, page)
    settle_in(house, given)
    for name, versions in next(iter(lives.values())).plans.items():
        for version in versions:
            put_version(world, name, version)
    boxes = Mailbox.objects.filter(location=house.locations[0], state="available")
    for (key, life), box in zip(lives.items(), boxes.order_by("number"), strict=False):
        put_life(world, key, life, box)
    for change in given["tax_changes"]:
        world.put(date.fromisoformat(change["on"]), PUBLISH, taxing(house, change["percent"]))
    for on in given["runs"]:
        world.put(date.fromisoformat(on), RUN, lambda on, at: run(world, on, at))
    return world


def settle_in(house: House, given: dict[str, Any]) -> None:
    """Will give the house the currency, clock and tax of a scenario."""
    house.operator.currency = given["currency"]
    house.operator.save(update_fields=["currency"])
    place = house.locations[0]
    place.time_zone = given["time_zone"]
    place.tax_percent = given["tax_percent"]
    place.tax_included = given["tax_included"]
    place.save(update_fields=["time_zone", "tax_percent", "tax_included"])


def taxing(house: House, percent: str) -> Act:
    def act(on: date, at: datetime) -> None:
        house.locations[0].tax_percent = Decimal(percent)
        house.locations[0].save(update_fields=["tax_percent"])

    return act


def run(world: InHouse, on: date, at: datetime) -> None:
    tally = bill_due(world.house.operator, on=on, at=at, page=world.page)
    assert tally.set_aside == {}


def put_version(world: InHouse, name: str, it: Published) -> None:
    def make(on: date, at: datetime) -> None:
        world.plans[name] = create_plan(
            world.house.operator,
            words=Words(name=name),
            terms=it.terms,
            by=None,
            at=at,
            on=it.sold_from,
        )

    def publish(on: date, at: datetime) -> None:
        publish_version(
            world.plans[name],
            terms=it.terms,
            sold_from=it.sold_from,
            existing_from=it.existing_from,
            timing=it.timing,
            for_chosen=it.for_chosen,
            by=None,
            at=at,
        )

    def withdraw(on: date, at: datetime) -> None:
        Withdrawal.objects.create(**world.own(at), version=world.version(name, it.number))

    world.put(it.known_on, PUBLISH, make if it.number == 1 else publish)
    if it.withdrawn_on is not None:
        world.put(max(it.known_on, it.withdrawn_on), WITHDRAW, withdraw)


def put_life(world: InHouse, key: str, life: Life, box: Mailbox) -> None:
    """Will put what one subscription is given and does on its days."""

    def join(on: date, at: datetime) -> None:
        customer = world.house.customers[("ana", "bo")[len(world.subscriptions) % 2]]
        try:
            world.subscriptions[key] = assign(
                customer,
                mailbox=box,
                plan=world.plans[life.plan],
                months=life.months,
                starts_on=on,
                billing_day=life.billing_day,
                paid_until=life.paid_until,
                by=None,
                at=at,
            )
        except Refused:
            world.subscriptions.pop(key, None)

    def put(on: date, order: int, act: Callable[..., object], it: Any) -> None:
        def if_joined(on: date, at: datetime) -> None:
            if key in world.subscriptions:
                act(world, world.subscriptions[key], it, on, at)

        world.put(max(on, life.starts_on), order, if_joined)

    world.put(life.starts_on, JOIN, join)
    for notice in life.notices:
        put(notice.known_on, TELL, tell, notice)
        if notice.void_on is not None:
            put(max(notice.known_on, notice.void_on), VOID, void, notice)
    for plan, number in life.chosen:
        known = [it.known_on for it in life.plans[plan] if it.number == number]
        put(*known, TELL, choose, (plan, number)) if known else None
    for protection in life.protections:
        put(protection.known_on, TELL, protect, protection)
    for number, used in enumerate(life.used):
        body = f"{key}-{number}", used.service.value, used.quantity, used.happened_at or used.on
        put(used.known_on, USE, use, body)
        for day, counts in used.corrections:
            put(day, CORRECT, correct_to, (f"{key}-{number}", counts))
    for charge in life.charges:
        put(charge.on, USE, charge_by_hand, charge)
    for move in life.moves:
        put(move.on, MOVE, be_moved, move)
        if move.taken_back_on is not None:
            put(move.taken_back_on, MOVE, stay_put, move)
    for choice in life.switches:
        put(choice.on, SWITCH, switch_to, choice)
    for closing in life.closings:
        put(closing.on, CLOSE, leave, closing)


def tell(world: InHouse, whom: Subscription, it: Notice, on: date, at: datetime) -> None:
    world.cleared[id(it)] = Clearance.objects.create(
        operator_id=whom.operator_id,
        subscription=whom,
        version=world.version(it.plan, it.told.number),
        told_on=it.told.first_day,
        means=Means.LETTER,
        first_day=it.told.first_day,
        last_day=it.told.last_day,
        told_by="Olga",
        reason="Letter",
        recorded_at=at,
    )


def void(world: InHouse, whom: Subscription, it: Notice, on: date, at: datetime) -> None:
    ClearanceVoid.objects.create(**world.own(at), clearance=world.cleared[id(it)])


def protect(world: InHouse, whom: Subscription, it: Protection, on: date, at: datetime) -> None:
    if it.until is None:
        pin(whom, reason="Why", by=None, at=at)
    else:
        lock(whom, until=it.until, reason="Why", by=None, at=at)


def use(world: InHouse, whom: Subscription, it: Any, on: date, at: datetime) -> None:
    key, service, quantity, when = it
    take_in(world.house.operator, [Given(key, whom.pk, service, quantity, when)], by=None, at=at)


def correct_to(world: InHouse, whom: Subscription, it: Any, on: date, at: datetime) -> None:
    key, counts = it
    entry = UsageEntry.objects.filter(key=key).first()
    if entry is not None and entry.quantity != counts:
        by = world.house.owner
        correct(entry, counts=counts, reason="A slip", form=uuid4(), by=by, at=at)


def charge_by_hand(world: InHouse, whom: Subscription, it: Any, on: date, at: datetime) -> None:
    enter_charge(
        whom,
        text="Key lost",
        amount_minor=it.amount_minor,
        taxable=it.taxable,
        form=uuid4(),
        by=world.house.owner,
        at=at,
        on=on,
    )


def choose(world: InHouse, whom: Subscription, it: Any, on: date, at: datetime) -> None:
    Chosen.objects.create(
        operator_id=whom.operator_id, version=world.version(*it), subscription=whom
    )


def be_moved(world: InHouse, whom: Subscription, it: Move, on: date, at: datetime) -> None:
    version = world.version(it.plan, it.number)
    whom.refresh_from_db()
    if whom.plan_id != version.plan_id:
        compare_with_plan(version, whom.plan)
    enter_moves(version, [whom.pk], not_before=it.not_before, by=None, at=at, on=on)


def stay_put(world: InHouse, whom: Subscription, it: Move, on: date, at: datetime) -> None:
    entered = Switch.objects.filter(subscription=whom, state="pending", not_before=it.not_before)
    for waiting in entered.filter(moves_to=world.version(it.plan, it.number)):
        take_back(waiting, by=None, at=at)


def switch_to(world: InHouse, whom: Subscription, it: Choice, on: date, at: datetime) -> None:
    timing = SwitchTiming.NOW if it.now else SwitchTiming.NEXT_TERM
    plan = world.plans[it.plan]
    try:
        switch(whom, plan=plan, months=it.months, timing=timing, by=None, at=at, on=on)
    except CannotBeBilled:
        raise
    except Refused:
        return


def leave(world: InHouse, whom: Subscription, it: Closing, on: date, at: datetime) -> None:
    try:
        if it.closes_on is None:
            reopen(whom, by=None, at=at, on=on)
        else:
            close(whom, closes_on=it.closes_on, by=None, at=at, on=on)
    except Refused:
        return
