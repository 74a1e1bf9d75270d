"""Playing a scenario: day by day through the real acts and the real billing run, then undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from postroom.domain.billing.models import InvoiceLine, LineKind
from postroom.domain.plans.services import Service
from postroom.scenarios.comparing import differences
from postroom.scenarios.days import live
from postroom.scenarios.examples import Line, Scenario
from postroom.scenarios.world import Diary, World, world_of

ONE_DAY = timedelta(days=1)
#: A part of a month is billed with the rest of it: at most so many days after the part ends.
LONGEST_MONTH = 31
WITH_EXTRAS = {LineKind.EXTRA, LineKind.STORAGE, LineKind.TAX}


@dataclass(frozen=True)
class Played:
    """What came of a scenario: the lines of each subscription, and what could not be done."""

    lines: dict[str, list[Line]]
    diary: Diary


@contextmanager
def undone() -> Iterator[None]:
    """Will undo whatever is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def play(scenario: Scenario) -> Played:
    """Will live through a scenario's days and return what came of it; nothing of it stays."""
    last_day = scenario.last_day or (scenario.expect.last_day if scenario.expect else date.min)
    with undone(), world_of(scenario, last_day=last_day) as world:
        for on in days_of(scenario, last_day):
            live(world, on)
        if scenario.last_day is None:
            wait_for_extras(world, last_day)
        return Played(billed(world), world.diary)


def days_of(scenario: Scenario, last_day: date) -> list[date]:
    """Will return the days of the run, and those before them on which something was done."""
    acts = {use.on for use in scenario.used}
    for it in scenario.customers.values():
        acts |= {it.starts_on, *(move.on for move in it.switches)}
        if it.closes_on is not None:
            acts.add(it.closes_on)
    if not isinstance(scenario.notices, str):
        acts |= {it.accepted_on for it in scenario.notices}
    days = (last_day - scenario.first_day).days + 1
    return [
        *sorted(day for day in acts if day < scenario.first_day),
        *(scenario.first_day + n * ONE_DAY for n in range(days)),
    ]


def wait_for_extras(world: World, last_day: date) -> None:
    """Will run on while nothing but extras is missing: a part is billed with its month."""
    expected = world.scenario.expect.lines if world.scenario.expect else {}
    for n in range(1, LONGEST_MONTH + 1):
        missing = [it.line.kind for it in differences(expected, billed(world)) if it.missing]
        if not missing or not WITH_EXTRAS.issuperset(missing):
            return
        live(world, last_day + n * ONE_DAY)


def billed(world: World) -> dict[str, list[Line]]:
    """Will return the lines of each subscription that has any."""
    keys = {it.pk: key for key, it in world.subscriptions.items()}
    lines: dict[str, list[Line]] = {}
    rows = InvoiceLine.objects.values_list(
        "invoice__subscription_id",
        "kind",
        "starts_on",
        "ends_on",
        "amount_minor",
        "version__number",
        "service",
    )
    for subscription, kind, starts_on, ends_on, amount, version, service in rows.order_by("pk"):
        line = Line(
            LineKind(kind),
            starts_on,
            ends_on,
            amount,
            version,
            Service(service) if service else None,
        )
        lines.setdefault(keys[subscription], []).append(line)
    return {key: lines[key] for key in world.subscriptions if key in lines}
