"""What the tests of billing share: a shop that is theirs alone, and its plan."""

from collections.abc import Iterator

import pytest

from postroom.base.tenancy import as_operator
from postroom.domain.plans.models import Plan
from tests.rooms.billing_worlds import Shop, assert_gapless, open_shop


@pytest.fixture
def shop(db: None) -> Iterator[Shop]:
    """An operator without customers, worked as; whatever is billed, its numbers have no gap."""
    shop = open_shop()
    with as_operator(shop.operator.pk):
        yield shop
        assert_gapless(shop.operator)


@pytest.fixture
def bare_shop(db: None) -> Iterator[Shop]:
    """An operator whose numbers a test may spoil, with a second location."""
    shop = open_shop(zones=("America/New_York", "America/New_York"))
    with as_operator(shop.operator.pk):
        yield shop


@pytest.fixture
def gold(shop: Shop) -> Plan:
    return shop.plan()
