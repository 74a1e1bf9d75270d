"""A map of where locations are, drawn here: outlines of states, with a dot for each place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import cos, radians
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from postroom.base.gazetteer import Spot
from postroom.domain.plans.directory import DEGREES_A_MILE
from postroom.web.directory.locations_in_words import Row
from postroom.web.directory.outlines import Point, Ring, outlines

#: Of a map, in its own units; and how far points of an outline are apart at least.
WIDE, APART = 640, 1.0
#: So much around what is shown, as a part of it; and so many miles at least around a place.
MARGIN, MILES = 0.06, 90


class Dot(NamedTuple):
    """A place on a map: one location, or several at one spot."""

    x: float
    y: float
    name: str
    url: str


@dataclass(frozen=True)
class Map:
    """What is drawn."""

    width: int
    height: int
    #: The outlines, each as a path.
    states: list[str]
    dots: list[Dot]
    #: Around the place that was asked for.
    circle: tuple[float, float, float] | None = None
    #: The location whose page it is, with its name.
    here: tuple[float, float, str] | None = None


class Frame(NamedTuple):
    """The part of the world that is shown, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> tuple[float, float]:
        """How many units a degree is, along a parallel and along a meridian."""
        across = WIDE / (self.east - self.west)
        return across, across / cos(radians((self.south + self.north) / 2))

    @property
    def height(self) -> int:
        return round((self.north - self.south) * self.scale[1])

    def place(self, longitude: float, latitude: float) -> Point:
        """Will return where a point lies on the map."""
        across, down = self.scale
        return (longitude - self.west) * across, (self.north - latitude) * down


def map_of_state(code: str, rows: Iterable[Row]) -> Map | None:
    """Will draw a state with its locations; nothing where its outline is not known."""
    rings = outlines().get(code)
    return _drawn(_around([it for ring in rings for it in ring]), rows) if rings else None


def map_around(spot: Spot, miles: int | None, rows: Iterable[Row], *, here: str = "") -> Map | None:
    """Will draw the surroundings of a place, with a circle of so many miles or the place itself."""
    if not outlines():
        return None
    high = max((miles or 0) * 1.15, MILES) * DEGREES_A_MILE
    wide = 1.25 * high / cos(radians(spot.latitude))
    frame = Frame(
        spot.longitude - wide, spot.latitude - high, spot.longitude + wide, spot.latitude + high
    )
    x, y = frame.place(spot.longitude, spot.latitude)
    circle = (x, y, miles * DEGREES_A_MILE * frame.scale[1]) if miles else None
    return replace(_drawn(frame, rows, circle=circle), here=(x, y, here) if here else None)


def _around(points: Ring) -> Frame:
    # The Aleutians go on beyond the end of longitudes.
    across = [it if it < 0 else it - 360 for it, _ in points]
    up = [it for _, it in points]
    margin = MARGIN * max(max(across) - min(across), max(up) - min(up))
    return Frame(min(across) - margin, min(up) - margin, max(across) + margin, max(up) + margin)


def _drawn(
    frame: Frame, rows: Iterable[Row], *, circle: tuple[float, float, float] | None = None
) -> Map:
    return Map(WIDE, frame.height, _states_in(frame), list(_dots(rows, frame)), circle)


@lru_cache(maxsize=128)
def _states_in(frame: Frame) -> list[str]:
    """Will return the outlines in a part of the world; a state's page always shows the same."""
    return [path for rings in outlines().values() if (path := _path(rings, frame))]


def _path(rings: list[Ring], frame: Frame) -> str:
    """Will return the outline of a state, or nothing where none of it is shown."""
    return "".join(
        "M" + "L".join(f"{x:.0f},{y:.0f}" for x, y in points) + "Z"
        for ring in rings
        if _is_shown(ring, frame) and len(points := list(_thinned(ring, frame))) > 2
    )


def _is_shown(ring: Ring, frame: Frame) -> bool:
    across, up = [it for it, _ in ring], [it for _, it in ring]
    return (
        min(across) < frame.east
        and max(across) > frame.west
        and min(up) < frame.north
        and max(up) > frame.south
    )


def _thinned(ring: Ring, frame: Frame) -> Iterator[Point]:
    """Will yield the points that can be told apart on the map, those outside brought to its rim."""
    before: Point | None = None
    for longitude, latitude in ring:
        x, y = frame.place(longitude, latitude)
        x, y = min(max(x, -9), WIDE + 9), min(max(y, -9), frame.height + 9)
        if before is None or abs(x - before[0]) + abs(y - before[1]) > APART:
            before = x, y
            yield before


def _dots(rows: Iterable[Row], frame: Frame) -> Iterator[Dot]:
    """Will yield a dot for each spot, in the order of the list."""
    at: dict[Point, list[Row]] = {}
    for row in rows:
        it = row.listing
        if it.latitude is not None and it.longitude is not None:
            x, y = frame.place(it.longitude, it.latitude)
            if 0 <= x <= WIDE and 0 <= y <= frame.height:
                at.setdefault((round(x, 1), round(y, 1)), []).append(row)
    for (x, y), there in at.items():
        place = there[0].listing.place
        if len(there) == 1:
            yield Dot(x, y, f"{place.name}, from {there[0].entry}", there[0].url)
        else:
            query = urlencode({"q": place.postal_code[:5], "within": 5})
            name = f"{len(there)} locations in {place.city}"
            yield Dot(x, y, name, f"{reverse('directory:index')}?{query}")
