"""What somebody types to find a location: a ZIP, a city or a state; and what it means."""

from dataclasses import dataclass
from enum import Enum

from postroom.base.gazetteer import STATES, Spot, spot_of_zip, spots_of_city, state_of, zip_of


class Kind(Enum):
    """What was typed."""

    NOTHING = "nothing"
    STATE = "state"
    SPOT = "spot"
    #: A city that no ZIP has, perhaps of another country: it is looked for by its name.
    NAME = "name"
    UNKNOWN_ZIP = "unknown_zip"


@dataclass(frozen=True)
class Sought:
    """What was typed, understood."""

    typed: str
    kind: Kind
    #: A state's code.
    state: str = ""
    spot: Spot | None = None
    #: Other places that have the same name.
    others: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called on the page."""
        if self.kind == Kind.STATE:
            return STATES[self.state]
        return str(self.spot) if self.spot else self.typed

    @property
    def states(self) -> list[str]:
        """Ways in which locations may have the state written."""
        return spelled(self.state, STATES[self.state]) if self.state else []


def spelled(*names: str) -> list[str]:
    """Will return names as people write them: as they are, and in small and large letters."""
    return sorted({way for it in names if it for way in (it, it.lower(), it.upper(), it.title())})


#: Places of one name that are offered beside the one that is taken.
OTHERS = 4


def understand(typed: str) -> Sought:
    """Will say what was typed: a ZIP, a state by code or name, else a city."""
    typed = " ".join(typed.split())
    if not typed:
        return Sought("", Kind.NOTHING)
    if zip_of(typed):
        spot = spot_of_zip(typed)
        return Sought(typed, Kind.SPOT if spot else Kind.UNKNOWN_ZIP, spot=spot)
    cities = spots_of_city(typed)
    if state := state_of(typed):
        same = [str(it) for it in cities if len(typed) > 2][:OTHERS]
        return Sought(typed, Kind.STATE, state=state, others=tuple(same))
    if cities:
        others = tuple(str(it) for it in cities[1 : OTHERS + 1])
        return Sought(typed, Kind.SPOT, spot=cities[0], others=others)
    return Sought(typed, Kind.NAME)
