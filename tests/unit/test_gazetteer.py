"""Where a ZIP, a city or a state is, whichever way it is typed."""

import pytest

from postroom.base.gazetteer import spot_of_zip, spots_of_city, state_of
from postroom.domain.plans.searching import Kind, understand


@pytest.mark.parametrize(
    ("typed", "kind", "name"),
    [
        ("", Kind.NOTHING, ""),
        ("Texas", Kind.STATE, "Texas"),
        (" tx ", Kind.STATE, "Texas"),
        ("New York", Kind.STATE, "New York"),
        ("Austin", Kind.SPOT, "Austin, TX"),
        ("austin  tx", Kind.SPOT, "Austin, TX"),
        ("Austin, Minnesota", Kind.SPOT, "Austin, MN"),
        ("Kansas City", Kind.SPOT, "Kansas City, MO"),
        ("Kansas City KS", Kind.SPOT, "Kansas City, KS"),
        ("st. louis mo", Kind.SPOT, "Saint Louis, MO"),
        ("New York, New York", Kind.SPOT, "New York, NY"),
        ("Washington DC", Kind.SPOT, "Washington, DC"),
        ("78701", Kind.SPOT, "78701, Austin, TX"),
        ("78701-1234", Kind.SPOT, "78701, Austin, TX"),
        ("00000", Kind.UNKNOWN_ZIP, "00000"),
        ("٧٨٧٠١", Kind.NAME, "٧٨٧٠١"),
        ("Austin, Ontario", Kind.NAME, "Austin, Ontario"),
        ("Xyzzy", Kind.NAME, "Xyzzy"),
    ],
)
def test_what_is_typed_is_understood(typed: str, kind: Kind, name: str) -> None:
    sought = understand(typed)
    assert (sought.kind, sought.name) == (kind, name)


def test_a_name_that_several_have_offers_the_others() -> None:
    assert "Austin, MN" in {str(it) for it in spots_of_city("Austin")}
    assert understand("Springfield").others
    assert understand("New York").others == ("New York, NY",)
    assert understand("TX").others == ()


def test_a_city_lies_in_the_middle_of_its_zips() -> None:
    city, code = spots_of_city("Austin, TX")[0], spot_of_zip("78701")
    assert code is not None
    assert abs(city.latitude - code.latitude) < 0.1
    assert abs(city.longitude - code.longitude) < 0.1


def test_states_go_by_code_and_name() -> None:
    assert (state_of("nh"), state_of("New Hampshire"), state_of("Hampshire")) == ("NH", "NH", "")
