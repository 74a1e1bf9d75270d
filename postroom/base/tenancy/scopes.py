"""The six scopes in which anything is read or written."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction


@dataclass(frozen=True)
class Scope:
    """A role and whose rows it may see, for the length of one transaction."""

    role: str
    operator_id: int | None = None
    user_id: int | None = None
    #: A reader of the knowledge base who is not signed in.
    visitor: UUID | None = None


#: What a connection has before anybody said who is asking: the application's role, no rows.
NOBODY = Scope("postroom_app")


@contextmanager
def as_operator(operator_id: int, *, snapshot: bool = False) -> Iterator[None]:
    """Will work as one operator: his rows and nobody else's; in a ``snapshot`` as of one instant.

    A scope within another sees what that one sees.
    """
    outermost = not connection.in_atomic_block
    with _scope(Scope("postroom_app", operator_id=operator_id), snapshot=snapshot and outermost):
        yield


@contextmanager
def as_member(user_id: int) -> Iterator[None]:
    """Will see a signed-in person's own memberships and the operators they are with."""
    with _scope(Scope("postroom_app", user_id=user_id)):
        yield


@contextmanager
def as_reader(user_id: int | None, visitor: UUID | None) -> Iterator[None]:
    """Will see the knowledge base, and what this reader said of it: signed in, or a visitor."""
    with _scope(Scope("postroom_app", user_id=user_id, visitor=visitor)):
        yield


@contextmanager
def as_public_reader() -> Iterator[None]:
    """Will see what is published, all of it as of one instant, so that nobody sees half a flip."""
    outermost = not connection.in_atomic_block
    with _scope(Scope("postroom_public"), snapshot=outermost):
        yield


@contextmanager
def as_worker() -> Iterator[None]:
    """Will see which operators there are, to then work as each."""
    with _scope(Scope("postroom_worker")):
        yield


@contextmanager
def as_platform() -> Iterator[None]:
    """Will see and write every operator's rows: for the platform's own staff."""
    with _scope(Scope("postroom_platform")):
        yield


@contextmanager
def _scope(scope: Scope, *, snapshot: bool = False) -> Iterator[None]:
    before: Scope = getattr(connection, "postroom_scope", NOBODY)
    nested = connection.in_atomic_block
    with transaction.atomic():
        if snapshot:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _enter(scope)
        try:
            yield
        finally:
            connection.postroom_scope = before  # type: ignore[attr-defined]
        # A commit, or a rollback to the savepoint, forgets the settings by itself; leaving an
        # inner scope normally does not.
        if nested:
            _enter(before)


def _enter(scope: Scope) -> None:
    """Will set the role and the three settings until the transaction ends, in one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('postroom.operator_id', %s, true),"
            " set_config('postroom.user_id', %s, true),"
            " set_config('postroom.visitor', %s, true)",
            [
                scope.role,
                str(scope.operator_id or ""),
                str(scope.user_id or ""),
                str(scope.visitor or ""),
            ],
        )
    connection.postroom_scope = scope  # type: ignore[attr-defined]
