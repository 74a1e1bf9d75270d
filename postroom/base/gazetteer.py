"""Where a ZIP, a city or a state of the US is, read offline from the ZIPs that there are."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import zipcodes

STATES_IN_ORDER = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|"
    "CT Connecticut|DE Delaware|DC District of Columbia|FL Florida|GA Georgia|"
    "HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|"
    "LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|"
    "MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|"
    "NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|"
    "OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|"
    "SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|"
    "WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|"
    "VI U.S. Virgin Islands|GU Guam"
)
#: By code.
STATES = dict(line.split(" ", 1) for line in STATES_IN_ORDER.split("|"))
#: Ways of writing that mean the same, word by word.
SAME = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}


@dataclass(frozen=True)
class Spot:
    """A ZIP or a city with its center, in degrees."""

    name: str
    state: str
    latitude: float
    longitude: float

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"


def state_of(typed: str) -> str:
    """Will return the code of a state given by name or code, or an empty text."""
    return _codes().get(_plain(typed), "")


def zip_of(typed: str) -> str:
    """Will return the five digits of a ZIP, also of ZIP+4, or an empty text."""
    found = re.fullmatch(r"(\d{5})(?:-\d{4})?", typed.strip(), re.ASCII)
    return found[1] if found else ""


def spot_of_zip(typed: str) -> Spot | None:
    """Will return where a ZIP is, if there is such a one."""
    facts = facts_of_zip(typed)
    if not facts:
        return None
    name = f"{facts['zip_code']}, {facts['city']}"
    return Spot(name, facts["state"], float(facts["lat"]), float(facts["long"]))


def facts_of_zip(typed: str) -> dict[str, str]:
    """Will return what is known of a ZIP: its city, state, time zone and place."""
    code = zip_of(typed)
    found = zipcodes.matching(code) if code else []  # type: ignore[no-untyped-call]
    return found[0] if found else {}


def spots_of_city(typed: str) -> list[Spot]:
    """Will return the cities meant by “Austin” or “Austin, TX”, the one with most ZIPs first."""
    city, state = _city_and_state(typed)
    found = _cities().get(_plain(city), {})
    counted = sorted(found.items(), key=lambda it: (-it[1][1], it[0]))
    return [spot for code, (spot, _) in counted if not state or code == state]


def _city_and_state(typed: str) -> tuple[str, str]:
    """Will part “Austin, TX” or “Austin TX”; a last word that names no state is of the city."""
    city, comma, rest = typed.rpartition(",")
    if comma:
        return city, state_of(rest) or rest.strip().upper() or ""
    words = typed.split()
    for count in (1, 2, 3):
        state = state_of(" ".join(words[-count:])) if len(words) > count else ""
        # “Kansas City” is one; “Oklahoma City OK” is a city and its state.
        if state and _plain(" ".join(words)) not in _cities():
            return " ".join(words[:-count]), state
    return typed, ""


@cache
def _codes() -> dict[str, str]:
    return {_plain(name): code for code, name in STATES.items()} | {
        _plain(code): code for code in STATES
    }


@cache
def _cities() -> dict[str, dict[str, tuple[Spot, int]]]:
    """Will return each city's center and number of ZIPs, by name and state."""
    within = defaultdict[tuple[str, str], list[dict[str, str]]](list)
    also = defaultdict[tuple[str, str], list[dict[str, str]]](list)
    for it in zipcodes.list_all():  # type: ignore[no-untyped-call]
        if it["state"] in STATES:
            within[it["city"], it["state"]].append(it)
            for name in it["acceptable_cities"]:
                also[name, it["state"]].append(it)
    cities = defaultdict[str, dict[str, tuple[Spot, int]]](dict)
    # A place that goes by a city's name does not move that city's center.
    for group in (also, within):
        for (name, state), zips in group.items():
            cities[_plain(name)][state] = (_center(name, state, zips), len(zips))
    return dict(cities)


def _center(name: str, state: str, zips: Iterable[dict[str, str]]) -> Spot:
    """Will return the middle of a city's ZIPs, those of streets alone where there are any."""
    every = list(zips)
    used = [it for it in every if it["zip_code_type"] == "STANDARD"] or every
    latitude = sum(float(it["lat"]) for it in used) / len(used)
    longitude = sum(float(it["long"]) for it in used) / len(used)
    return Spot(name, state, round(latitude, 4), round(longitude, 4))


def _plain(text: str) -> str:
    words = re.sub(r"[^\w\s]", " ", text.replace("'", "").replace(".", "")).lower().split()
    return " ".join(SAME.get(word, word) for word in words)
