"""Recording that letters were posted together: one after the other, each refusal by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from postroom.base.refusals import Refused
from postroom.domain.notices.by_hand import record_posted, with_notices
from postroom.domain.notices.clearing import day_at
from postroom.domain.notices.models import Announcement, Envelope, EnvelopeState
from postroom.domain.users.models import User

#: As many as are recorded while somebody waits.
MOST = 200


@dataclass(frozen=True)
class Posted:
    """How many letters were recorded, and whose were not and why."""

    recorded: int
    refused: Sequence[tuple[Envelope, str]]


def to_post(announcement: Announcement) -> QuerySet[Envelope]:
    """Will return the letters of an announcement that nobody has posted so far, as printed."""
    letters = Envelope.objects.filter(announcement=announcement, state=EnvelopeState.TO_PRINT)
    return letters.select_related("customer").order_by("pk")


def record_all_posted(
    announcement: Announcement,
    *,
    last: int,
    posted_on: date,
    posted_by: str,
    by: User,
    at: datetime,
) -> Posted:
    """Will record that the letters up to the envelope ``last`` were posted on a local day.

    Those written since somebody printed stay to be printed. ``MOST`` at a time.
    """
    refused = list[tuple[Envelope, str]]()
    letters = with_notices(to_post(announcement).filter(pk__lte=last))[:MOST]
    for it in letters:
        on = day_at(it.notices.all()[0], at)
        try:
            # What is refused of one undoes none of the others.
            with transaction.atomic():
                record_posted(it, posted_on=posted_on, posted_by=posted_by, by=by, at=at, on=on)
        except Refused as refusal:
            refused.append((it, str(refusal)))
    return Posted(len(letters) - len(refused), refused)
