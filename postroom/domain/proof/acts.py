"""The proof: page by page, each in its own short transactions, going on where it was ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F

from postroom.base.periods import local_day
from postroom.base.tenancy import as_operator, as_worker
from postroom.domain.operators.models import Operator
from postroom.domain.operators.queries import all_operators
from postroom.domain.proof.faults import Looked, Page
from postroom.domain.proof.models import Difference, Proof
from postroom.domain.proof.steps import AFTER, BY_NAME, STEPS
from postroom.domain.users.models import User

#: Rows a page.
PAGE = 5_000
#: How many differences a proof keeps; the rest are only counted.
MOST = 1_000
COUNTS = ("invoices", "lines", "terms", "documents", "waiting")

#: Says what time it is: a proof takes minutes, and ``at`` is when it was asked for.
Clock = Callable[[], datetime]


def prove_everybody(*, at: datetime, clock: Clock | None = None, page: int = PAGE) -> list[Proof]:
    """Will prove the books of every operator, once on each local day however often it is called.

    Raises an ExceptionGroup of what the database refused, once every operator has had a turn.
    """
    with as_worker():
        operators = all_operators()
    proofs, failed = list[Proof](), list[DatabaseError]()
    for operator in operators:
        try:
            if not _proved_today(operator, at):
                proofs.append(prove(operator, at=at, clock=clock, page=page))
        except DatabaseError as error:
            error.add_note(f"while proving {operator.slug}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("proofs failed", failed)
    return proofs


def _proved_today(operator: Operator, at: datetime) -> bool:
    """Will tell whether the timetable has proved an operator's day already."""
    today = local_day(at, operator.time_zone)
    finished = Proof.objects.filter(on=today, started_by=None, finished_at__isnull=False)
    with as_operator(operator.pk):
        return finished.exists()


def prove(
    operator: Operator,
    *,
    at: datetime,
    by: User | None = None,
    clock: Clock | None = None,
    page: int = PAGE,
) -> Proof:
    """Will look at everything that an operator has stored, and note what differs.

    What was begun that day and ended by a kill is gone on with; what is left of an earlier day is
    finished first. ``clock`` says when each page was looked at; without it that is ``at``.
    """
    clock = clock or (lambda: at)
    while True:
        proof = begin(operator, at=at, by=by)
        while look_at_next(operator, proof, at=clock(), page=page):
            pass
        if proof.on == local_day(at, operator.time_zone):
            return proof


def begin(operator: Operator, *, at: datetime, by: User | None = None) -> Proof:
    """Will begin a proof, or return the one that is under way."""
    with as_operator(operator.pk):
        proof, _ = Proof.objects.get_or_create(
            operator=operator,
            finished_at=None,
            defaults={
                "on": local_day(at, operator.time_zone),
                "check_name": STEPS[0].name,
                "started_by": by,
                "started_at": at,
                "moved_at": at,
            },
        )
    return proof


def look_at_next(operator: Operator, proof: Proof, *, at: datetime, page: int = PAGE) -> bool:
    """Will look at one page more and note what came of it; False once the proof is finished.

    Where somebody else looked at that page meanwhile, what came of it here is dropped.
    """
    with one_picture(operator):
        proof.refresh_from_db()
        if proof.finished_at is not None:
            return False
        step = BY_NAME[proof.check_name]
        looked = step.look(Page(operator, proof.after, page))
    with as_operator(operator.pk):
        _note(proof, looked, at=at)
    return True


@contextmanager
def one_picture(operator: Operator) -> Iterator[None]:
    """Will read an operator's rows as of one instant, between the pages of a billing run."""
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        with as_operator(operator.pk):
            yield


def _note(proof: Proof, looked: Looked, *, at: datetime) -> None:
    """Will count a page and keep what it found, if nobody has counted it yet."""
    here = proof.check_name
    looked_at = proof.looked_at | {here: proof.looked_at.get(here, 0) + looked.looked_at}
    moved: dict[str, Any] = {"moved_at": at, "looked_at": looked_at, "after": looked.last}
    if looked.last is None:
        later = AFTER[proof.check_name]
        moved |= {"after": 0, "check_name": later.name if later else ""}
        moved |= {} if later else {"finished_at": at}
    counted = {name: F(name) + looked.counts.get(name, 0) for name in COUNTS}
    mine = Proof.objects.filter(
        pk=proof.pk, check_name=proof.check_name, after=proof.after, finished_at=None
    ).update(**moved, **counted, differences=F("differences") + len(looked.faults))
    if mine:
        _keep(proof, looked)


def _keep(proof: Proof, looked: Looked) -> None:
    Difference.objects.bulk_create(
        Difference(
            operator_id=proof.operator_id,
            proof=proof,
            check_name=proof.check_name,
            kind=it.kind,
            invoice_id=it.invoice,
            payment_id=it.payment,
            subscription_id=it.subscription,
            sentence=it.sentence[:400],
            stored=it.stored[:400],
            right=it.right[:400],
        )
        for it in looked.faults[: max(0, MOST - proof.differences)]
    )
