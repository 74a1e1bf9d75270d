"""Taking a confirmed file in, page by page: killed, it goes on where it stood."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import DataError, IntegrityError, transaction

from postroom.base.periods import local_day
from postroom.base.refusals import Refused
from postroom.base.tenancy import as_operator
from postroom.domain.customers.actions import add_customer, change_customer, name_recipients
from postroom.domain.customers.models import Customer, Mailbox
from postroom.domain.moving_in.judging import Judged, details_of, judge, setting_of
from postroom.domain.moving_in.keeping import TAKEN_IN, line_of, said_of
from postroom.domain.moving_in.models import MovingIn, MovingRow, Outcome, State
from postroom.domain.moving_in.rows import Rent
from postroom.domain.operators.models import Operator
from postroom.domain.subscriptions.actions import assign
from postroom.domain.users.models import User

PAGE = 100


class NotAsShown(Refused):
    """Something changed after this was shown, so the row was left out. Bring the file again."""


class ValueRefused(Refused):
    """A value in this row cannot be stored."""


def take_in(
    operator: Operator, moving_in_id: int, *, clock: Callable[[], datetime], page: int = PAGE
) -> None:
    """Will take in what a confirmed file showed, each good row by itself.

    The driver: a short transaction a page. Run again, or twice at once, each row is done once.
    """
    more = True
    while more:
        with as_operator(operator.pk):
            at = clock()
            more = take_in_page(operator, moving_in_id, at=at, page=page)


@transaction.atomic
def take_in_page(operator: Operator, moving_in_id: int, *, at: datetime, page: int) -> bool:
    """Will take in the next rows, and tell whether any may be left."""
    kept = (
        MovingIn.objects.select_for_update(of=("self",)).select_related("by").get(pk=moving_in_id)
    )
    if kept.state != State.RUNNING:
        return False
    left = MovingRow.objects.filter(moving_in=kept, outcome__in=TAKEN_IN, done_at__isnull=True)
    rows = list(left.order_by("number")[:page])
    if not rows:
        kept.state, kept.finished_at = State.DONE, at
        kept.save(update_fields=["state", "finished_at"])
        return False
    on = local_day(at, operator.time_zone)
    # On the day on which it was shown, so that a file confirmed at midnight is still the same.
    judged = judge(
        operator,
        map(line_of, rows),
        setting=setting_of(operator, on=local_day(kept.confirmed_at or at, operator.time_zone)),
    )
    for row, now in zip(rows, judged, strict=True):
        _take_in_row(operator, row, now, by=kept.by, at=at, on=on)
        row.done_at = at
    MovingRow.objects.bulk_update(rows, ["outcome", "problems", "changes", "done_at"])
    return True


def _take_in_row(
    operator: Operator, row: MovingRow, judged: Judged, *, by: User, at: datetime, on: date
) -> None:
    said = said_of(judged)
    try:
        if (said["outcome"], said["changes"]) != (row.outcome, row.changes):
            if said["problems"]:
                row.problems = said["problems"]
                row.outcome, row.changes = Outcome.ERROR, []
                return
            raise NotAsShown()
        with transaction.atomic():
            _write(operator, judged, by=by, at=at, on=on)
    except Refused as refusal:
        _refuse(row, refusal)
    except (DataError, IntegrityError):
        _refuse(row, ValueRefused())


def _refuse(row: MovingRow, refusal: Refused) -> None:
    row.outcome, row.changes = Outcome.ERROR, []
    row.problems = [["", str(refusal)]]


def _write(operator: Operator, judged: Judged, *, by: User, at: datetime, on: date) -> None:
    row = judged.row
    # A row above may have added them a moment ago.
    customer = Customer.objects.filter(external_id=row.external_id).first()
    details = details_of(row, customer)
    if customer is None:
        customer = add_customer(
            operator, details=details, by=by, at=at, external_id=row.external_id
        )
    else:
        customer = change_customer(customer, details=details, seen=customer.revision, by=by, at=at)
    if row.recipients is not None:
        name_recipients(customer, names=row.recipients, at=at)
    if judged.to_rent and row.rent is not None:
        _rent(customer, row.rent, judged, by=by, at=at, on=on)


def _rent(
    customer: Customer, rent: Rent, judged: Judged, *, by: User, at: datetime, on: date
) -> None:
    mailbox, _ = Mailbox.objects.get_or_create(
        operator_id=customer.operator_id, location_id=rent.location_id, number=rent.number
    )
    assert judged.version is not None
    assign(
        customer,
        mailbox=mailbox,
        plan=judged.version.plan,
        months=rent.months,
        starts_on=rent.starts_on,
        billing_day=rent.billing_day,
        paid_until=rent.paid_until,
        agreed=judged.version,
        counted_from=on,
        by=by,
        at=at,
    )
