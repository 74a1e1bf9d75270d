"""What the timetable does: holds lapse, what nobody comes back to goes, recipients are counted."""

from datetime import datetime, timedelta

from django.db import DatabaseError, transaction

from postroom.base.refusals import Refused
from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.operators.models import Operator
from postroom.domain.operators.queries import all_operators
from postroom.domain.signups.choosing import release
from postroom.domain.signups.counting import count_recipients
from postroom.domain.signups.models import IN_HAND, Signup

#: After so long nobody comes back, and what is known of them is thrown away.
KEPT = timedelta(days=14)
PAGE = 500


def clean_everybody(*, at: datetime) -> None:
    """Will clean the signups of every operator, and count the recipients of who has begun.

    Raises an ExceptionGroup of what was refused, once every operator has had their turn.
    """
    with as_worker():
        operators = all_operators()
    errors = []
    for operator in operators:
        try:
            with as_operator(operator.pk):
                clean(operator, at=at)
                count_recipients(operator, at=at)
        except (Refused, DatabaseError) as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup("The signups of some operators could not be cleaned", errors)


@transaction.atomic
def clean(operator: Operator, *, at: datetime) -> tuple[int, int]:
    """Will give lapsed numbers back and throw old signups away; returns how many of each."""
    lapsed = list(
        Signup.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state__in=IN_HAND, held_until__lt=at
        )[:PAGE]
    )
    for signup in lapsed:
        release(signup)
        signup.save(update_fields=["mailbox", "held_until"])
    gone, _ = Signup.objects.filter(
        state__in=IN_HAND, mailbox__isnull=True, seen_at__lt=at - KEPT
    ).delete()
    return len(lapsed), gone
