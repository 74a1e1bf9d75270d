"""The lead-gen website that the directory is measured with: operators, locations and plans."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice

import zipcodes

from bench.databases import Databases
from postroom.base.gazetteer import STATES
from postroom.base.statistics import count_again
from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import BRONZE
from postroom.domain.operators.actions import add_location, open_operator
from postroom.domain.operators.kinds import Feature
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance

#: So many locations of each operator, and their plans' monthly rates.
OF_EACH, RATES = 100, (999, 1499, 2499, 3999)
AT, ON = datetime(2024, 1, 1, 18, tzinfo=UTC), date(2024, 1, 1)
#: Every so manieth location has features, and every so manieth plan deposits checks.
FEATURED, DEPOSITS = 3, 2
#: A ZIP in the middle of many, for searches by distance.
ZIP = "10001"


def make(databases: Databases, migrated: str, locations: int) -> str:
    """Will make a database with so many listed locations, and return its name."""
    name = databases.make("directory", like=migrated)
    with databases.of_the_product(name):
        places = _places(locations)
        for number in range(1, locations // OF_EACH + 2):
            _open(number, list(islice(places, OF_EACH)))
        count_again()
    with databases.connected(name) as plain:
        plain.execute("VACUUM (ANALYZE)")
    return name


def _places(count: int) -> Iterator[dict[str, str]]:
    """Will yield real ZIPs from all over the country, always the same ones."""
    every = [
        it
        for it in zipcodes.list_all()  # type: ignore[no-untyped-call]
        if it["zip_code_type"] == "STANDARD" and it["state"] in STATES and it["country"] == "US"
    ]
    step = len(every) // count
    return islice(every, 0, step * count, step)


def _open(number: int, places: list[dict[str, str]]) -> None:
    """Will open an operator with locations and plans; every other plan lies at some of them."""
    if not places:
        return
    with as_platform():
        operator = open_operator(name=f"House {number}", slug=f"house-{number}", at=AT, by=None)
    with as_operator(operator.pk):
        made = [_add(operator, place, count) for count, place in enumerate(places, start=1)]
        featured = [it.pk for it in made[::FEATURED]]
        Location.objects.filter(pk__in=featured).update(
            features=[Feature.PARKING, Feature.NOTARY], hours={"mo": ["09:00", "17:00"]}
        )
        for count, rate in enumerate(RATES):
            allowances = dict(BRONZE.allowances)
            if count % DEPOSITS == 0:
                allowances[Service.CHECK_DEPOSIT] = Allowance(Offer.RESTRICTED, 1, 1, 500)
            create_plan(
                operator,
                words=Words(
                    name=f"Plan {count}",
                    lead_gen=True,
                    locations=frozenset(it.pk for it in made[count % 2 :: 2])
                    if count % 2
                    else frozenset(),
                ),
                terms=replace(BRONZE, rates={1: rate, 12: rate * 10}, allowances=allowances),
                by=None,
                at=AT,
                on=ON,
            )


def _add(operator: Operator, place: dict[str, str], count: int) -> Location:
    return add_location(
        operator,
        name=f"{place['city']} {count}",
        street=f"{count} Main St",
        city=place["city"],
        state=place["state"],
        postal_code=place["zip_code"],
        at=AT,
        by=None,
    )
