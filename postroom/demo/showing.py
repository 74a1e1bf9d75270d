"""What Harbor Mail's locations show of themselves: plain examples, of nobody real."""

from postroom.demo.cast import House
from postroom.domain.operators.kinds import Feature
from postroom.domain.operators.showing import show_location

WEEK = {day: ["09:00", "18:00"] for day in ("mo", "tu", "we", "th", "fr")}
SHOWN = (
    {
        "description": "An example: mail is sorted by ten, parcels are behind the counter.",
        "phone": "+1 718 555 0142",
        "hours": WEEK | {"sa": ["10:00", "14:00"]},
        "features": [Feature.ACCESSIBLE, Feature.NOTARY, Feature.PRINTING],
    },
    {
        "description": "An example: ring at the side door after six.",
        "phone": "+1 310 555 0142",
        "hours": WEEK,
        "features": [Feature.PARKING, Feature.ALL_HOURS, Feature.PARCEL_LOCKERS],
    },
)


def show_locations(house: House) -> None:
    """Will put them on their public pages. Works in the house's scope."""
    for location, shown in zip(house.locations, SHOWN, strict=True):
        show_location(location, **shown, by=house.owner, at=house.operator.opened_at)  # type: ignore[arg-type]
