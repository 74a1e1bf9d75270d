"""What tests of the desk share beside the world of all tests."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from postroom.base.periods import local_day
from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from tests.web.renting import Today, open_today


@pytest.fixture
def today(make_house: Callable[..., House]) -> Iterator[Today]:
    """Harbor Mail as of now, billed up to today, with the test working in its scope."""
    at = datetime.now(UTC)
    house = make_house(at=at, on=local_day(at, "America/New_York"))
    with as_operator(house.operator.pk):
        yield open_today(house)
