"""Reading proofs: the last one, the nights before it, and what they found."""

from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from postroom.domain.proof.models import Difference, Proof

#: A proof under way that has looked at nothing for so long has been left by its worker.
STUCK_AFTER = timedelta(minutes=10)


def last_proof() -> Proof | None:
    """Will return the proof that was finished last."""
    finished = Proof.objects.filter(finished_at__isnull=False)
    return finished.select_related("started_by").order_by("-pk").first()


def proof_under_way() -> Proof | None:
    """Will return the proof that is not finished."""
    return Proof.objects.filter(finished_at__isnull=True).first()


def is_stuck(proof: Proof, *, at: datetime) -> bool:
    """Will tell whether a proof under way has been left by its worker."""
    return proof.finished_at is None and at - proof.moved_at > STUCK_AFTER


def nights(count: int) -> list[Proof]:
    """Will return the last proof of each of the last days that had one, the oldest first."""
    finished = Proof.objects.filter(finished_at__isnull=False)
    newest = finished.order_by("-on", "-pk").distinct("on")[:count]
    return list(newest)[::-1]


def differences_of(proof: Proof) -> QuerySet[Difference]:
    """Will return what a proof found, in its order, with what each is about."""
    return Difference.objects.filter(proof=proof).select_related(
        "invoice", "payment__customer", "subscription__customer", "subscription__mailbox__location"
    )


def differences_by_check(proof: Proof) -> dict[str, int]:
    """Will count what each check of a proof found, of the differences that are kept."""
    found = Difference.objects.filter(proof=proof).order_by().values_list("check_name")
    return dict(found.annotate(count=Count("pk")))
