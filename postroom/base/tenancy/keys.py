"""Keys between tables, made in migrations so that they carry the operator and an English name."""

from typing import Any

from django.db import models


class Reference(models.ForeignKey[Any, Any]):
    """A foreign key whose constraint the migration's ``Isolate`` makes.

    Foreign keys ignore row-level security: a plain one would let an operator point at a
    neighbour's row. ``Isolate`` writes (operator_id, …_id) for a tenant table and a plain key for
    the others. There is no index by default, since hot queries want one that starts with the
    operator.
    """

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **options: Any) -> None:
        options.setdefault("db_constraint", False)
        options.setdefault("db_index", False)
        options.setdefault("related_name", "+")
        super().__init__(to, on_delete, **options)
