"""What the lead-gen website says of one location. Works in the public reader's scope."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from postroom.base.gazetteer import Spot
from postroom.base.sql import rows
from postroom.domain.operators.hours import Hours, is_open
from postroom.domain.operators.kinds import Feature
from postroom.domain.plans.directory import Listing, Wanted, search
from postroom.domain.plans.published import Place
from postroom.domain.plans.searching import Kind, Sought

SQL = Path(__file__).parent / "sql"
#: Miles, and so many locations, that are nearby.
AROUND, NEARBY = 50, 4


@dataclass(frozen=True)
class Photograph:
    """A photo, without its content."""

    id: int
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Details:
    """What a location's page says beside its address and plans."""

    time_zone: str
    latitude: float | None
    longitude: float | None
    hours: Hours
    description: str
    phone: str
    features: list[Feature]
    photos: list[Photograph]

    def is_open(self, *, at: datetime) -> bool:
        """Will tell whether it is open at an instant."""
        return is_open(self.hours, self.time_zone, at=at)


def details(operator_id: int, place: Place) -> Details:
    """Will return what a location's page says of it."""
    (row,) = rows(SQL / "published_details.sql", {"operator": operator_id, "location": place.id})
    row["features"] = [Feature(it) for it in row["features"]]
    row["photos"] = [Photograph(**it) for it in row["photos"]]
    return Details(**row)


def nearby(place: Place, known: Details) -> list[Listing]:
    """Will return the nearest other locations, of any operator."""
    if known.latitude is None or known.longitude is None:
        return []
    spot = Spot(place.city, place.state, known.latitude, known.longitude)
    sought = Sought(place.city, Kind.SPOT, spot=spot)
    found = search(Wanted(sought, within=AROUND, sort="distance"), limit=NEARBY + 1)
    return [it for it in found.listings if it.place.id != place.id][:NEARBY]


def photo(operator_id: int, location_id: int, photo_id: int) -> tuple[str, str] | None:
    """Will return the digest and kind of a photo that is shown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT digest, kind FROM published.photos"
            " WHERE operator_id = %s AND location_id = %s AND id = %s",
            [operator_id, location_id, photo_id],
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def content_of_photo(operator_id: int, photo_id: int) -> bytes:
    """Will return the file of a photo that is shown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT content FROM published.photos WHERE operator_id = %s AND id = %s",
            [operator_id, photo_id],
        )
        (content,) = cursor.fetchone() or (b"",)
    return bytes(content)
