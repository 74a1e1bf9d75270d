"""Reading scenarios: documents in, plain values out; what is malformed gets one clear sentence."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from babel.numbers import is_currency

from postroom.base.periods import local_day
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.models import SwitchTiming
from postroom.scenarios.documents import Malformed, Place, load, named, shown
from postroom.scenarios.examples import (
    Customer,
    Notice,
    Scenario,
    Switch,
    Use,
    Version,
)
from postroom.scenarios.reading_expectations import expectation_in
from postroom.scenarios.reading_plans import MOST_MONTHS, plan_in

GIVEN = ("currency", "time_zone", "plans", "subscriptions")
ALSO_GIVEN = ("first_day", "last_day", "tax_percent", "notices", "usage")
#: The longest run, in days: a slip in a year would run on and on.
LONGEST = 36_600
#: Each subscription has a mailbox of its own, and a range makes no more of them.
MOST_SUBSCRIPTIONS = 10_000

Plans = Mapping[str, tuple[Version, ...]]
Notices = Literal["assume", "none"] | tuple[Notice, ...]


def scenarios_in(file: Path) -> list[Scenario]:
    """Will return the scenarios of a file, which holds one or a list of them. Raises Malformed."""
    document = load(file)
    name = named(file)
    if not isinstance(document, dict | list):
        raise Malformed(where=f"{name}:", trouble="it must be a scenario or a list of them")
    if not document:
        raise Malformed(where=f"{name}:", trouble="there is no scenario in it")
    places = [document] if isinstance(document, dict) else document
    found = list[Scenario]()
    for number, place in enumerate(places, 1):
        scenario = scenario_in(Place(place, f"{name}: {_owner(place, number)}"))
        if scenario.name in {it.name for it in found}:
            raise Malformed(where=f"{name}:", trouble=f"two scenarios are called {scenario.name}")
        found.append(scenario)
    return found


def _owner(document: object, number: int) -> str:
    name = document.get("id") if isinstance(document, dict) else None
    if isinstance(name, str) and name:
        return name if name.isprintable() and len(name) <= 60 else shown(name)
    return f"scenario {number}"


def scenario_in(place: Place) -> Scenario:
    """Will read one scenario. Raises Malformed."""
    fields = place.fields(("id", "given"), ("title", "source", "expect"))
    given = fields["given"].fields(GIVEN, ALSO_GIVEN)
    currency = _currency(given["currency"])
    time_zone = _time_zone(given["time_zone"])
    plans = {key: plan_in(it, currency) for key, it in _some(given["plans"], "plan").items()}
    customers = _customers(given["subscriptions"], plans)
    if "source" in fields:
        fields["source"].text(longest=2_000)
    expected = fields.get("expect")
    scenario = Scenario(
        name=fields["id"].name(),
        title=fields["title"].text(longest=2_000) if "title" in fields else "",
        currency=currency,
        time_zone=time_zone,
        first_day=given["first_day"].day()
        if "first_day" in given
        else min(it.starts_on for it in customers.values()),
        last_day=given["last_day"].day() if "last_day" in given else None,
        tax_percent=_percent(given["tax_percent"]) if "tax_percent" in given else Decimal(0),
        notices=_notices(given["notices"], customers, plans) if "notices" in given else "assume",
        plans=plans,
        customers=customers,
        used=_used(given["usage"], customers, time_zone) if "usage" in given else (),
        expect=expectation_in(expected, customers, plans, currency) if expected else None,
    )
    _refuse_days_that_do_not_fit(scenario, fields["given"])
    return scenario


def _some(place: Place, noun: str) -> dict[str, Place]:
    """Will return what an object holds by names that people gave; one at least."""
    entries = place.entries()
    if not entries:
        raise place.refused(f"must hold at least one {noun}")
    for key, it in entries.items():
        Place(key, it.owner, f"a name in {place.path}").name()
    return entries


def _refuse_days_that_do_not_fit(scenario: Scenario, given: Place) -> None:
    last_day = scenario.last_day
    if last_day is None:
        if scenario.expect is None or scenario.expect.last_day == date.min:
            where = f"{given.owner}: {given.within('last_day')}"
            raise Malformed(where=where, trouble="is missing, and no expected line yields it")
        last_day = scenario.expect.last_day
    days = (last_day - scenario.first_day).days + 1
    if days < 1:
        raise given.refused(f"has a last day, {last_day}, before its first, {scenario.first_day}")
    if days > LONGEST:
        raise given.refused(f"runs for {days} days. The most is {LONGEST}")


def _currency(place: Place) -> str:
    code = place.text()
    if not is_currency(code):
        raise place.wrong("a currency such as USD")
    return code


def _time_zone(place: Place) -> str:
    name = place.text()
    if name not in available_timezones():
        raise place.wrong("a time zone such as America/New_York")
    return name


def _percent(place: Place) -> Decimal:
    percent = place.decimal(places=4)
    if percent > 100:
        raise place.wrong("a percentage from 0 to 100")
    return percent


def _customers(place: Place, plans: Plans) -> dict[str, Customer]:
    entries = _some(place, "subscription")
    if len(entries) > MOST_SUBSCRIPTIONS:
        raise place.refused(f"holds more than {MOST_SUBSCRIPTIONS} subscriptions")
    return {key: _customer(it, plans) for key, it in entries.items()}


def _customer(place: Place, plans: Plans) -> Customer:
    fields = place.fields(
        ("plan", "months", "starts_on"),
        ("billing_day", "closes_on", "switches", "price_lock_until", "pinned_version"),
    )
    starts_on = fields["starts_on"].day()
    plan = _one_of_the(plans, fields["plan"], "plan")
    closes_on = fields["closes_on"].day() if "closes_on" in fields else None
    if closes_on is not None and closes_on < starts_on:
        raise fields["closes_on"].wrong(f"a day from {starts_on} on, when it starts")
    switches = fields["switches"].items() if "switches" in fields else []
    pinned = fields.get("pinned_version")
    lock = fields.get("price_lock_until")
    return Customer(
        plan=plan,
        months=fields["months"].whole(1, MOST_MONTHS),
        starts_on=starts_on,
        billing_day=fields["billing_day"].whole(1, 31)
        if "billing_day" in fields
        else starts_on.day,
        closes_on=closes_on,
        switches=tuple(_switch(it, starts_on, plans) for it in switches),
        price_lock_until=lock.day() if lock else None,
        pinned_version=_pinned(pinned, plans[plan], starts_on) if pinned else None,
    )


def _switch(place: Place, starts_on: date, plans: Plans) -> Switch:
    fields = place.fields(("on", "to", "months", "timing"))
    on = fields["on"].day()
    if on < starts_on:
        raise fields["on"].wrong(f"a day from {starts_on} on, when the subscription starts")
    return Switch(
        on=on,
        to=_one_of_the(plans, fields["to"], "plan"),
        months=fields["months"].whole(1, MOST_MONTHS),
        timing=SwitchTiming(fields["timing"].choice(*SwitchTiming.values)),
    )


def _pinned(place: Place, versions: tuple[Version, ...], starts_on: date) -> int:
    """Will return the version that a customer has from the start and keeps."""
    number = place.whole(1, len(versions))
    if versions[number - 1].sold_from > starts_on:
        sold_from = versions[number - 1].sold_from
        raise place.refused(
            f"is version {number}, which is sold from {sold_from}: he starts before"
        )
    return number


def _one_of_the(known: Mapping[str, object], place: Place, noun: str) -> str:
    if not isinstance(place.value, str) or place.value not in known:
        raise place.wrong(f"a {noun} of this scenario")
    return place.value


def _notices(place: Place, customers: Mapping[str, Customer], plans: Plans) -> Notices:
    if not isinstance(place.value, list):
        if place.value not in ("assume", "none"):
            raise place.wrong('"assume", "none" or a list')
        return "assume" if place.value == "assume" else "none"
    return tuple(_notice(it, customers, plans) for it in place.items())


def _notice(place: Place, customers: Mapping[str, Customer], plans: Plans) -> Notice:
    fields = place.fields(("subscription", "version", "accepted_on"))
    key = _one_of_the(customers, fields["subscription"], "subscription")
    highest = max(len(plans[plan]) for plan in customers[key].plans)
    return Notice(key, fields["version"].whole(1, highest), fields["accepted_on"].day())


def _used(place: Place, customers: Mapping[str, Customer], time_zone: str) -> tuple[Use, ...]:
    return tuple(_use(it, customers, time_zone) for it in place.items())


def _use(place: Place, customers: Mapping[str, Customer], time_zone: str) -> Use:
    fields = place.fields(("id", "subscription", "service", "at", "quantity"))
    subscription = _one_of_the(customers, fields["subscription"], "subscription")
    service = Service(fields["service"].choice(*Service.values))
    if service == Service.STORAGE:
        raise fields["service"].refused("cannot be storage, which lasts and is not counted")
    when = fields["at"].moment()
    return Use(
        key=fields["id"].text(longest=100),
        subscription=subscription,
        service=service,
        when=when,
        on=_day_of(when, time_zone),
        quantity=fields["quantity"].whole(0, 1_000_000),
    )


def _day_of(when: date | datetime, time_zone: str) -> date:
    """Will return the local day: of the location's own clock where no offset is given."""
    if not isinstance(when, datetime):
        return when
    return local_day(when, time_zone) if when.tzinfo else when.date()
