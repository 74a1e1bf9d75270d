"""The pages of a proof reach what they look at by index, under the application's role.

Sequential scans are made dear, so a plan that still has one has no index that it could use.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from postroom.base.sql import statement
from postroom.domain import proof
from postroom.domain.billing.models import Invoice
from postroom.domain.subscriptions.models import Subscription, Term
from postroom.domain.usage.queries import COUNTS
from tests.rooms.billing_worlds import Shop, day
from tests.rooms.proof_worlds import keep_books

FILES = sorted((Path(proof.__file__).parent / "sql").glob("*.sql"))
#: What grows with the number of customers and of years.
LARGE = "subscriptions_", "usage_", "billing_", "customers_"
#: A row an operator.
SMALL = {"billing_numberseries"}


@pytest.fixture
def page(bare_shop: Shop) -> Iterator[dict[str, Any]]:
    keep_books(bare_shop)
    ids = list(Subscription.objects.values_list("pk", flat=True)[:3])
    yield {
        "operator": bare_shop.operator.pk,
        "after": 0,
        "up_to": Invoice.objects.latest("pk").pk,
        "size": 3,
        "subscriptions": ids,
        "terms": list(Term.objects.values_list("pk", flat=True)[:3]),
        "first_days": [day("24-01-01")] * 3,
        "end_days": [day("24-02-01")] * 3,
        "instants": [bare_shop.at("24-02-01")] * 3,
        "services": ["shred"] * 3,
        "counts": COUNTS,
    }


@pytest.mark.parametrize("file", FILES, ids=lambda it: it.stem)
def test_nothing_large_is_scanned(page: dict[str, Any], file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("postroom_app",)
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement(file)}", page)
        plan = [row[0] for row in cursor.fetchall()]
    scanned = [it.split("Seq Scan on ")[1].split()[0] for it in plan if "Seq Scan on " in it]
    assert [it for it in scanned if it.startswith(LARGE) and it not in SMALL] == []
    assert any("Index" in it for it in plan)


def test_every_statement_is_looked_at() -> None:
    assert len(FILES) == 21
