"""Opening terms: the next term of each subscription, under the newest version he may be given."""

from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

from django.db import DatabaseError

from postroom.base.periods import local_day
from postroom.base.sql import changed
from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.operators.models import Location, Operator
from postroom.domain.operators.queries import all_operators

SQL = Path(__file__).parent / "sql"

#: Rows a page: large enough that the round trips vanish, small enough that locks stay short.
PAGE = 5_000


def open_due_terms(*, at: datetime, page: int = PAGE) -> int:
    """Will open every term whose day has come by ``at`` where its location is.

    The driver: works as each operator in turn, a short transaction a page, so it may be killed
    and started again anywhere. Returns how many terms were opened. Raises an ExceptionGroup of
    what the database refused, once every operator has had his turn.
    """
    with as_worker():
        operators = all_operators()
    opened, failed = 0, list[DatabaseError]()
    for operator in operators:
        try:
            opened += _open_terms_of(operator, at=at, page=page)
        except DatabaseError as error:
            # What is wrong with one operator's rows holds up nobody else's customers.
            error.add_note(f"while opening the terms of {operator.slug}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("terms could not be opened", failed)
    return opened


def _open_terms_of(operator: Operator, *, at: datetime, page: int) -> int:
    with as_operator(operator.pk):
        days = calendars(operator, at=at)
    total = 0
    for on, locations in days:
        opened = page
        while opened:
            with as_operator(operator.pk):
                opened = open_page(operator, locations=locations, on=on, at=at, page=page)
            total += opened
    return total


def open_page(
    operator: Operator, *, locations: Collection[int], on: date, at: datetime, page: int = PAGE
) -> int:
    """Will open the next term of up to ``page`` subscriptions whose term is due by ``on``.

    Never commits: the caller owns the transaction. Returns how many terms were opened; a
    subscription several terms behind is found again until it has caught up.
    """
    return changed(
        SQL / "open_terms.sql",
        {
            "operator": operator.pk,
            "locations": list(locations),
            "on": on,
            "at": at,
            "page": page,
        },
    )


def calendars(operator: Operator, *, at: datetime) -> list[tuple[date, list[int]]]:
    """Will return each local day that ``at`` falls on, with the locations where it is that day."""
    days: dict[date, list[int]] = {}
    for pk, time_zone in Location.objects.filter(operator=operator).values_list("pk", "time_zone"):
        days.setdefault(local_day(at, time_zone), []).append(pk)
    return sorted(days.items())
