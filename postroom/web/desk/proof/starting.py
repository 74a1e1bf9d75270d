"""Asking a worker to check the books: once, however often somebody clicks."""

from postroom.web.desk.access import DeskRequest
from postroom.web.worker import ask_worker, waiting_jobs


def start_proof(request: DeskRequest) -> bool:
    """Will ask for a proof; False if that was asked and waits."""
    facts = {"operator_id": request.operator.pk, "by": request.user.pk}
    return ask_worker("prove_books", once=_lock(request), **facts)


def is_waiting(request: DeskRequest) -> bool:
    """Will tell whether a proof was asked for and no worker has taken it yet."""
    return _lock(request) in waiting_jobs(_lock(request))


def _lock(request: DeskRequest) -> str:
    return f"prove {request.operator.pk}"
