"""Tenancy: who may see and write which rows, said once for each transaction.

The database decides: every tenant table has forced row-level security, and every request and job
works under a role that is neither superuser, owner nor BYPASSRLS. The scopes are six, and named.
"""

from postroom.base.tenancy.scopes import (
    as_member,
    as_operator,
    as_platform,
    as_public_reader,
    as_reader,
    as_worker,
)

__all__ = ["as_member", "as_operator", "as_platform", "as_public_reader", "as_reader", "as_worker"]
