"""The map: outlines where the states are, and dots where the locations are."""

import re

import pytest

from postroom.base.gazetteer import STATES, Spot, spots_of_city
from postroom.domain.plans.directory import Listing
from postroom.domain.plans.published import Host, Place
from postroom.web.directory.locations_in_words import Row
from postroom.web.directory.maps import WIDE, Map, map_around, map_of_state
from postroom.web.directory.outlines import Ring, outlines

HOST = Host(1, "harbor", "Harbor Mail", "USD", "en_US", "America/Chicago")


def row(number: int, spot: Spot | None) -> Row:
    """A location in the middle of a city, or nobody knows where."""
    place = Place(
        number, f"at-{number}", f"At {number}", "1 Main St", "Austin", "TX", "78701", "US"
    )
    lies = (spot.latitude, spot.longitude) if spot else (None, None)
    return Row(Listing(HOST, place, 1, 999, None, *lies), "$9.99 a month", f"/at-{number}/")


def city(name: str) -> Spot:
    return spots_of_city(name)[0]


def contains(ring: Ring, x: float, y: float) -> bool:
    """Will tell whether a point lies inside of a ring, by the edges that it sees to its right."""
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def drawn(found: Map | None) -> Map:
    assert found is not None
    return found


def test_every_state_has_an_outline() -> None:
    assert set(STATES) - set(outlines()) <= {"GU", "VI", "PR"}


@pytest.mark.parametrize("name", ["Austin, TX", "Denver, CO", "Miami, FL", "Anchorage, AK"])
def test_a_city_lies_in_its_state_alone(name: str) -> None:
    spot = city(name)
    around = {
        code
        for code, rings in outlines().items()
        if any(contains(ring, spot.longitude, spot.latitude) for ring in rings)
    }
    assert around == {spot.state}


def test_a_state_shows_its_locations() -> None:
    spots = [city("Austin, TX"), city("El Paso, TX"), city("Boston, MA"), None]
    found = drawn(map_of_state("TX", [row(number, it) for number, it in enumerate(spots)]))
    austin, el_paso = found.dots
    assert el_paso.x < austin.x < WIDE and 0 < el_paso.y < austin.y < found.height
    assert austin == (austin.x, austin.y, "At 0, from $9.99 a month", "/at-0/")
    assert all(re.fullmatch(r"(M(-?\d+,-?\d+L?)+Z)+", path) for path in found.states)
    assert sum(map(len, found.states)) < 15_000


def test_locations_at_one_spot_are_one_dot() -> None:
    austin = city("Austin, TX")
    (dot,) = drawn(map_of_state("TX", [row(1, austin), row(2, austin)])).dots
    assert (dot.name, dot.url) == ("2 locations in Austin", "/locations/?q=78701&within=5")


def test_a_circle_has_its_miles() -> None:
    austin = city("Austin, TX")
    found = drawn(map_around(austin, 50, [row(1, austin), row(2, city("San Antonio, TX"))]))
    assert found.circle is not None
    x, y, radius = found.circle
    here, there = found.dots
    assert (here.x, here.y) == pytest.approx((x, y), abs=0.1)
    away = ((there.x - x) ** 2 + (there.y - y) ** 2) ** 0.5
    # San Antonio is 74 miles away.
    assert away / radius * 50 == pytest.approx(74, abs=3)


def test_what_has_no_outline_has_no_map() -> None:
    assert map_of_state("", [row(1, city("Austin, TX"))]) is None
