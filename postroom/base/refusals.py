"""Refusals: a broken rule as a class whose docstring is the sentence people read."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db import IntegrityError


class Refused(Exception):
    """This cannot be done."""

    #: The form field that the sentence belongs to, if it belongs to one.
    field: ClassVar[str | None] = None

    def __init__(self, **facts: Any) -> None:
        """Will format the class's docstring with ``facts`` and keep them for the caller."""
        self.facts = facts
        sentence = " ".join((type(self).__doc__ or "").split())
        super().__init__(sentence.format(**facts))

    @property
    def code(self) -> str:
        """The refusal's name as the API says it: ``NameTaken`` is ``name_taken``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()


def constraint_of(error: IntegrityError) -> str | None:
    """Will return the name of the constraint that the database says was broken."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None)


@contextmanager
def refusing(refusals: Mapping[str, Refused]) -> Iterator[None]:
    """Will raise the refusal that stands for the named constraint when the database breaks it.

    The caller must hold a savepoint outside of this block (every act does), since the failed
    statement has ended the innermost transaction.
    """
    try:
        yield
    except IntegrityError as error:
        refusal = refusals.get(constraint_of(error) or "")
        if refusal is None:
            raise
        raise refusal from error
