"""What rooms that mail share: the pace, turns that are fair to each, and claims that end.

A mail is claimed in one transaction, handed over outside of any, and noted in another. Whoever is
killed in between leaves a claim that ends by itself; the mail may then come a second time, under
the same Message-ID. The rows have ``state``, ``round``, ``next_try_at``, ``tries``, ``claim`` and
``claimed_at``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, TypeVar
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Model, Q, QuerySet

Of = TypeVar("Of")
Row = TypeVar("Row", bound=Model)

#: A claim that is older belongs to nobody any more.
CLAIM_HOLDS = timedelta(minutes=10)
#: Mails that one worker claims at a time.
PAGE = 20
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=4)
#: The longest that one call mails; what is left is due still.
TURN = timedelta(minutes=3)


@dataclass(frozen=True)
class Pace:
    """The clock of a door, and how fast mails go: ``wait`` lets so many seconds pass."""

    clock: Callable[[], datetime]
    wait: Callable[[float], None]
    a_minute: int

    def keep(self, since: datetime) -> None:
        """Will wait until the next mail may follow the one begun at ``since``."""
        left = 60 / self.a_minute - (self.clock() - since).total_seconds()
        if left > 0:
            self.wait(left)


class Came(Enum):
    """How a page ended."""

    TO_AN_END = auto()
    MORE = auto()
    TROUBLE = auto()


def in_turns(
    everybody: Iterable[Of], page_of: Callable[[Of], Came], *, pace: Pace, turn: timedelta
) -> None:
    """Will mail a page of each in turn, until nothing is due, the time is over, or trouble comes.

    Raises an ExceptionGroup of what the database refused, once everybody has had a turn.
    """
    left, over, failed = list(everybody), pace.clock() + turn, list[DatabaseError]()
    while left and pace.clock() < over:
        more = []
        for each in left:
            try:
                came = page_of(each)
            except DatabaseError as error:
                # What is wrong with the rows of one holds up nobody else's mails.
                error.add_note(f"while mailing for {each}")
                failed.append(error)
                continue
            if came is Came.TROUBLE:
                return
            if came is Came.MORE:
                more.append(each)
        left = more
    if failed:
        raise ExceptionGroup("mailing failed", failed)


def claim_page(due: QuerySet[Row], *, claim: UUID, at: datetime, page: int) -> list[int]:
    """Will claim a page of what is due, what has waited longest first, and return the ids."""
    free = Q(claim__isnull=True) | Q(claimed_at__lt=at - CLAIM_HOLDS)
    found = due.filter(free, next_try_at__lte=at).order_by("next_try_at", "id")
    ids = [it.pk for it in found.select_for_update(skip_locked=True, of=("self",))[:page]]
    due.model._default_manager.filter(pk__in=ids).update(claim=claim, claimed_at=at)
    return ids


def let_go(rows: QuerySet[Any], *, claim: UUID) -> None:
    """Will let go of what was claimed and not tried."""
    rows.filter(claim=claim).update(claim=None, claimed_at=None)


def next_try(at: datetime, tries: int) -> datetime:
    """Will return when to try again what was tried so often before."""
    return at + min(FIRST_WAIT * (1 << min(tries, 8)), LONGEST_WAIT)
