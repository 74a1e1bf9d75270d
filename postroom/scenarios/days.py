"""What happens on a day: joining, being told and using; then the run; then moving and leaving."""

from collections.abc import Callable
from datetime import date

from postroom.base.refusals import Refused
from postroom.domain.billing.run import bill_due
from postroom.domain.billing.switching import CannotBeBilled, switch
from postroom.domain.subscriptions.closing import close
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from postroom.scenarios.comparing import Refusal
from postroom.scenarios.examples import Switch
from postroom.scenarios.world import World


def live(world: World, on: date) -> None:
    """Will do what happens on a local day, through the acts that everybody uses."""
    join(world, on)
    tell(world, on)
    use(world, on)
    if on >= world.scenario.first_day:
        run(world, on)
    move(world, on)
    leave(world, on)


def join(world: World, on: date) -> None:
    """Will open the subscriptions that start; those with a pinned version are open already."""
    for key, it in world.scenario.customers.items():
        if it.starts_on == on and it.pinned_version is None:
            world.open(key)


def tell(world: World, on: date) -> None:
    """Will note who was told of what; whoever was told before he came, when he comes."""
    notices = world.scenario.notices
    if notices == "assume":
        for key, it in world.scenario.customers.items():
            if it.starts_on == on and key in world.subscriptions:
                world.tell_of_everything(key)
    elif notices != "none":
        for notice in notices:
            comes = world.scenario.customers[notice.subscription].starts_on
            if max(comes, notice.accepted_on) == on and notice.subscription in world.subscriptions:
                world.tell(notice)


def use(world: World, on: date) -> None:
    """Will take in the usage of the day, in the order in which it is listed."""
    used = [it for it in world.scenario.used if it.on == on]
    if not used:
        return
    ids = {key: it.pk for key, it in world.subscriptions.items()}
    given = [
        Given(it.key, ids.get(it.subscription, 0), it.service, it.quantity, it.when) for it in used
    ]
    outcomes = take_in(world.operator, given, by=None, at=world.noon(on))
    for it, outcome in zip(used, outcomes, strict=True):
        if outcome.refusal is not None:
            world.diary.usage_refused.append((it.key, str(outcome.refusal)))


def run(world: World, on: date) -> None:
    """Will do the billing run of the day."""
    tally = bill_due(world.operator, on=on, at=world.noon(on), locations=[world.location.pk])
    for subscription, reason in tally.set_aside.items():
        key = world.key_of(subscription)
        world.diary.set_aside.setdefault(key, Refusal(key, on, reason))


def move(world: World, on: date) -> None:
    """Will enter the switches of the day."""
    for key, it in world.scenario.customers.items():
        for each in it.switches:
            if each.on == on and key in world.subscriptions:
                _attempt(world, key, on, _switching(world, key, each))


def _switching(world: World, key: str, to: Switch) -> Callable[[], object]:
    return lambda: switch(
        world.subscriptions[key],
        plan=world.plans[to.to],
        months=to.months,
        timing=to.timing,
        by=None,
        at=world.noon(to.on),
        on=to.on,
    )


def leave(world: World, on: date) -> None:
    """Will enter the closings of the day."""
    for key, it in world.scenario.customers.items():
        if it.closes_on == on and key in world.subscriptions:
            _attempt(world, key, on, _closing(world, key, on))


def _closing(world: World, key: str, on: date) -> Callable[[], object]:
    return lambda: close(world.subscriptions[key], closes_on=on, by=None, at=world.noon(on), on=on)


def _attempt(world: World, key: str, on: date, act: Callable[[], object]) -> None:
    """Will do an act, or note that it was refused, or that its bill could not be written."""
    try:
        act()
    except CannotBeBilled as refusal:
        world.diary.set_aside.setdefault(key, Refusal(key, on, str(refusal)))
    except Refused as refusal:
        world.diary.refused.append(Refusal(key, on, str(refusal)))
