"""When a location is open: a span a day at most, on the location's own clock."""

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from postroom.base.refusals import Refused

#: The days as they are stored, with their names.
DAYS = {
    "mo": "Monday",
    "tu": "Tuesday",
    "we": "Wednesday",
    "th": "Thursday",
    "fr": "Friday",
    "sa": "Saturday",
    "su": "Sunday",
}
#: By day, when it opens and closes: ``{"mo": ["09:00", "17:00"]}``. A day that is not there is
#: one on which it is closed; without any day nobody has said.
Hours = Mapping[str, list[str]]


class HoursHalf(Refused):
    """Say for {day} when it opens and when it closes, or leave both empty."""


class HoursBackwards(Refused):
    """On {day} it closes before it opens."""


def written(spans: Mapping[str, tuple[dt.time | None, dt.time | None]]) -> dict[str, list[str]]:
    """Will return hours as they are stored. Raises HoursHalf or HoursBackwards."""
    hours = {}
    for day, name in DAYS.items():
        opens, closes = spans.get(day, (None, None))
        if opens is None and closes is None:
            continue
        if opens is None or closes is None:
            raise HoursHalf(day=name)
        if closes <= opens:
            raise HoursBackwards(day=name)
        hours[day] = [f"{opens:%H:%M}", f"{closes:%H:%M}"]
    return hours


def is_open(hours: Hours, time_zone: str, *, at: dt.datetime) -> bool:
    """Will tell whether a location is open at an instant."""
    there = at.astimezone(ZoneInfo(time_zone))
    opens, closes = hours.get(day_of(at, time_zone), ["", ""])
    return opens <= f"{there:%H:%M}" < closes


def day_of(at: dt.datetime, time_zone: str) -> str:
    """Will return the day that it is at a location."""
    return list(DAYS)[at.astimezone(ZoneInfo(time_zone)).weekday()]
