"""The lead-gen website's locations: by place and distance, by what is offered, and by price.

Works in the public reader's scope; everything is of one instant.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial
from math import cos, radians
from pathlib import Path
from typing import Any

from babel.core import get_global
from django.utils.text import slugify

from postroom.base.gazetteer import STATES, state_of
from postroom.base.sql import rows
from postroom.domain.operators.kinds import Feature
from postroom.domain.plans.published import Host, Place
from postroom.domain.plans.searching import Sought, spelled
from postroom.domain.plans.services import Service

SQL = Path(__file__).parent / "sql"
#: What somebody may look for: the services that one may do without.
SOUGHT_AFTER = (
    *(Service.OPEN_AND_SCAN, Service.FORWARD, Service.CHECK_DEPOSIT),
    *(Service.PICKUP, Service.SHRED, Service.RECYCLE),
)


@dataclass(frozen=True)
class Listing:
    """A location on the lead-gen website, with its entry price and how far it is."""

    host: Host
    place: Place
    months: int
    amount_minor: int
    miles: float | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Page:
    """A page's listings, and how many there are on all pages."""

    listings: list[Listing] = field(default_factory=list)
    found: int = 0


@dataclass(frozen=True)
class City:
    """A city with locations."""

    name: str
    locations: int


@dataclass(frozen=True)
class State:
    """A state with locations: as they have it written, and its page's address."""

    country: str
    written: str
    locations: int

    @property
    def code(self) -> str:
        """The code of a state of the US, however it is written; else an empty text."""
        return state_of(self.written) if self.country == "US" else ""

    @property
    def name(self) -> str:
        return STATES.get(self.code, self.written)

    @property
    def short(self) -> str:
        """What stands behind a city's name."""
        return self.code or self.written

    @property
    def spellings(self) -> list[str]:
        """Ways in which locations may have it written."""
        return spelled(self.written, self.code, self.name)

    @property
    def slug(self) -> str:
        """“tx” for a state of the US, “ca-ontario” for another."""
        code = self.code
        return code.lower() if code else slugify(f"{self.country}-{self.written}")


@dataclass(frozen=True)
class Wanted:
    """What a location must have to be found, and in what order they come."""

    sought: Sought
    #: Miles around the place that was asked for; without them, however far.
    within: int | None = None
    #: The state whose page it is.
    state: State | None = None
    #: Some plan there offers all of them.
    services: tuple[Service, ...] = ()
    features: tuple[Feature, ...] = ()
    #: The most that the entry price may be by the month, in the operator's own currency.
    price: Decimal | None = None
    #: ``distance``, ``state``, ``city`` or ``price``.
    sort: str = "state"


def search(wanted: Wanted, *, limit: int, offset: int = 0) -> Page:
    """Will return a page of the locations that have what is wanted."""
    facts = _facts(wanted) | {"limit": limit, "offset": offset}
    found = rows(SQL / "published_directory.sql", facts)
    return Page([_listing(row) for row in found], found[0]["found"] if found else 0)


def states() -> list[State]:
    """Will return the states in which the lead-gen website has a location, each once."""
    states: dict[str, State] = {}
    for row in rows(SQL / "published_states.sql", {}):
        it = State(row["country"], row["state"], row["locations"])
        before = states.get(it.slug)
        count = it.locations + (before.locations if before else 0)
        states[it.slug] = State(it.country, before.written if before else it.written, count)
    return sorted(states.values(), key=lambda it: (it.country != "US", it.country, it.name))


def cities(state: State) -> list[City]:
    """Will return the cities of a state in which the lead-gen website has a location."""
    facts = {"country": state.country, "states": state.spellings}
    return [
        City(row["city"], row["locations"]) for row in rows(SQL / "published_cities.sql", facts)
    ]


@dataclass(frozen=True)
class Address:
    """A page of the lead-gen website: of a location, or with a link of a plan there."""

    operator: str
    location: str
    link: str


def addresses(*, limit: int, offset: int = 0) -> tuple[list[Address], int]:
    """Will return some of the pages of locations and plans, and how many there are."""
    found = rows(SQL / "published_addresses.sql", {"limit": limit, "offset": offset})
    some = [Address(row["operator"], row["location"], row["link"]) for row in found]
    return some, found[0]["found"] if found else 0


def _facts(wanted: Wanted) -> dict[str, Any]:
    sought, spot = wanted.sought, wanted.sought.spot
    return _box(wanted) | {
        "states": wanted.state.spellings if wanted.state else sought.states,
        "country": wanted.state.country if wanted.state else "US" * bool(sought.state),
        "city": sought.typed.lower() if _is_by_name(sought) else "",
        "named": sought.typed.lower(),
        "latitude": spot.latitude if spot else None,
        "longitude": spot.longitude if spot else None,
        "within": wanted.within,
        "services": [it.value for it in wanted.services],
        "features": [it.value for it in wanted.features],
        "price": wanted.price,
        "decimals": _decimals(),
        "sort": wanted.sort,
    }


#: A mile along a meridian, and along a parallel at the equator, is at most so many degrees.
DEGREES_A_MILE = 1 / 68.5


def _box(wanted: Wanted) -> dict[str, float | None]:
    """Will return a box that holds the circle which is searched; nothing without one."""
    spot = wanted.sought.spot
    if spot is None or wanted.within is None:
        return dict.fromkeys(("south", "north", "west", "east"))
    high = wanted.within * DEGREES_A_MILE
    wide = high / max(cos(radians(abs(spot.latitude) + high)), 0.01)
    return {
        "south": spot.latitude - high,
        "north": spot.latitude + high,
        "west": spot.longitude - wide,
        "east": spot.longitude + wide,
    }


def _is_by_name(sought: Sought) -> bool:
    return bool(sought.typed) and not sought.spot and not sought.state


@cache
def _decimals() -> str:
    """Will return the currencies that have other than two decimal places, for the statement."""
    known = get_global("currency_fractions")
    return json.dumps({code: it[0] for code, it in known.items() if it[0] != 2 and len(code) == 3})


def _listing(row: Mapping[str, Any]) -> Listing:
    take = partial(_take, row)
    return Listing(
        host=Host(
            id=row["operator_id"],
            slug=row["operator_slug"],
            name=row["operator_name"],
            **take("currency", "locale", "time_zone"),
        ),
        place=Place(
            **take("id", "slug", "name", "street", "city", "state", "postal_code", "country")
        ),
        **take("months", "amount_minor", "miles", "latitude", "longitude"),
    )


def _take(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}
