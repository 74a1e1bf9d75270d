"""Where a location is, in degrees: as somebody said, or as its US postal code has it."""

from collections.abc import Mapping
from typing import Any

from postroom.base.gazetteer import facts_of_zip, spot_of_zip
from postroom.base.refusals import Refused
from postroom.domain.operators.models import Location


class HalfAPlace(Refused):
    """Enter both latitude and longitude, or neither: then the postal code says where it is."""

    field = "latitude"


class NoSuchPlace(Refused):
    """A latitude lies between -90 and 90 degrees, and a longitude between -180 and 180."""

    field = "latitude"


def time_zone_of(postal_code: str) -> str:
    """Will return the time zone of a US postal code, or an empty text where it is unknown."""
    return facts_of_zip(postal_code.strip()[:5]).get("timezone", "")


def find_whereabouts(
    facts: Mapping[str, Any], *, before: Location | None = None
) -> dict[str, float | None]:
    """Will return where a location lies. Raises HalfAPlace or NoSuchPlace.

    Where it moves to another postal code, the place it was at says nothing any more.
    """
    given = facts.get("latitude"), facts.get("longitude")
    if before is not None and "latitude" not in facts:
        given = before.latitude, before.longitude
    moved = before is not None and before.postal_code != facts["postal_code"]
    if before is not None and moved and given == (before.latitude, before.longitude):
        given = None, None
    if (given[0] is None) != (given[1] is None):
        raise HalfAPlace()
    if given[0] is None or given[1] is None:
        given = _of_postal_code(str(facts["postal_code"]), str(facts.get("country", "US")))
    elif not (-90 <= given[0] <= 90 and -180 <= given[1] <= 180):
        raise NoSuchPlace()
    return {"latitude": given[0], "longitude": given[1]}


def _of_postal_code(postal_code: str, country: str) -> tuple[float | None, float | None]:
    found = spot_of_zip(postal_code[:10]) if country == "US" else None
    return (found.latitude, found.longitude) if found else (None, None)
