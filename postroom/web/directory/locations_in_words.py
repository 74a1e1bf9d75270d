"""A location as a line of a list."""

from dataclasses import dataclass

from django.urls import reverse

from postroom.domain.plans.directory import Listing
from postroom.domain.plans.plain_words import rate_in_words


@dataclass(frozen=True)
class Row:
    """A location in the list."""

    listing: Listing
    entry: str
    url: str

    @property
    def miles(self) -> str:
        """How far it is, as people say it."""
        miles = self.listing.miles
        if miles is None:
            return ""
        if miles < 1:
            return "less than a mile"
        return f"{miles:.1f} miles" if miles < 10 else f"{miles:.0f} miles"


def row(listing: Listing) -> Row:
    """Will put a location into the words of the list."""
    entry = rate_in_words(listing.months, listing.amount_minor, listing.host.show)
    url = reverse("directory:location", args=[listing.host.slug, listing.place.slug])
    return Row(listing, entry, url)
