import pytest

from postroom.demo.cast import House
from tests.conftest import AT, ON
from tests.everything import fill


@pytest.fixture
def full(in_harbor: House) -> House:
    """Harbor Mail with a row in every table, the test working in its scope."""
    return fill(in_harbor, at=AT, on=ON)
