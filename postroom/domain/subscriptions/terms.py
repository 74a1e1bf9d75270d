"""Terms: cut when somebody closes, opened when their day comes, split on a version's date."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

from postroom.base.periods import local_day
from postroom.base.sql import changed, rows
from postroom.domain.events.actions import THE_TIMETABLE
from postroom.domain.operators.models import Location, Operator

SQL = Path(__file__).parent / "sql"

#: Rows a page: large enough that the round trips vanish, small enough that locks stay short.
PAGE = 5_000


def claim(
    operator: Operator,
    *,
    locations: Collection[int],
    on: date,
    page: int = PAGE,
    besides: Collection[int] = (),
) -> list[int]:
    """Will hold up to ``page`` subscriptions with something due by ``on`` and return their ids.

    All of them are due on one day, the earliest there is. What another worker holds is passed
    over; if nothing else is left, one of those is waited for, so that an empty list means that
    everything is done.
    """
    facts = {
        "operator": operator.pk,
        "locations": list(locations),
        "on": on,
        "page": page,
        "besides": list(besides),
    }
    while first := rows(SQL / "first_due.sql", facts):
        # One due date a page, so that what an earlier one leaves behind is there for the next.
        free = rows(SQL / "claim.sql", facts | {"day": first[0]["next_bill_on"]})
        if free:
            return [row["id"] for row in free]
        # One at a time, so that nobody waits here while he is waited for.
        if held_and_due(operator, first[0]["id"], on=on):
            return [first[0]["id"]]
    return []


def held_and_due(operator: Operator, subscription: int, *, on: date) -> bool:
    """Will wait for a subscription that is held, hold it, and tell if it is due by ``on``."""
    facts = {"operator": operator.pk, "subscription": subscription, "on": on}
    return bool(rows(SQL / "wait_for.sql", facts))


def look(
    operator: Operator,
    *,
    locations: Collection[int],
    on: date,
    after: int,
    up_to: int | None = None,
    page: int = PAGE,
) -> list[int]:
    """Will return the ids of up to ``page`` subscriptions with something due by ``on``.

    In order, those above ``after`` and not above ``up_to``.
    """
    facts = {
        "up_to": up_to,
        "operator": operator.pk,
        "locations": list(locations),
        "on": on,
        "after": after,
        "page": page,
    }
    return [row["id"] for row in rows(SQL / "look.sql", facts)]


def still_due(operator: Operator, subscriptions: Collection[int], *, on: date) -> list[int]:
    """Will return which of these have something due by ``on``."""
    facts = {"operator": operator.pk, "subscriptions": list(subscriptions), "on": on}
    return [row["id"] for row in rows(SQL / "still_due.sql", facts)]


def bring_up(
    operator: Operator,
    *,
    locations: Collection[int],
    on: date,
    after: int = 0,
    only: int | None = None,
    page: int = PAGE,
) -> int | None:
    """Will cut the running terms of those whom a version has reached on its date by ``on``.

    They are due from that day on. Looks at one subscription, ``only``, or at up to ``page`` with
    ids above ``after``, and returns the last one's id, or None when there are no more.
    """
    facts = {
        "operator": operator.pk,
        "locations": list(locations),
        "on": on,
        "after": after,
        "only": only,
        "page": page,
        "behind": [
            row["id"] for row in rows(SQL / "behind.sql", {"operator": operator.pk, "on": on})
        ],
    }
    if not facts["behind"]:
        return None
    [found] = rows(SQL / "bring_up.sql", facts)
    last: int | None = found["last"]
    return last


def cut_closed(operator: Operator, subscriptions: Collection[int]) -> int:
    """Will end the terms of those who have closed by their due date, and put their numbers aside.

    Returns how many terms were cut.
    """
    facts = {"operator": operator.pk, "subscriptions": list(subscriptions)}
    changed(SQL / "quarantine.sql", facts)
    return changed(SQL / "cut_closed.sql", facts)


def split_first(operator: Operator, subscriptions: Collection[int]) -> int:
    """Will cut first terms, before they are billed, on the date of a version that reaches them."""
    facts = {"operator": operator.pk, "subscriptions": list(subscriptions)}
    return changed(SQL / "split_first.sql", facts)


def open_terms(
    operator: Operator, subscriptions: Collection[int], *, on: date, at: datetime
) -> int:
    """Will open the next term of those whose term is due, each on his own due date.

    ``on`` is the day up to which the run works. For whom other terms come into force, or are put
    off, is written down. Returns how many terms were opened.
    """
    facts = {
        "operator": operator.pk,
        "subscriptions": list(subscriptions),
        "on": on,
        "at": at,
    }
    changed(SQL / "meet_switches.sql", facts)
    opened = changed(SQL / "open_terms.sql", facts)
    if opened:
        changed(SQL / "tell_of_terms.sql", facts | {"by_name": THE_TIMETABLE})
    return opened


def calendars(operator: Operator, *, at: datetime) -> list[tuple[date, list[int]]]:
    """Will return each local day that ``at`` falls on, with the locations where it is that day."""
    days: dict[date, list[int]] = {}
    for pk, time_zone in Location.objects.filter(operator=operator).values_list("pk", "time_zone"):
        days.setdefault(local_day(at, time_zone), []).append(pk)
    return sorted(days.items())
