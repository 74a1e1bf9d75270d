"""The other operators: Neighbor Post next door, and a network of three hundred real locations."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date

from postroom.base import money
from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.calendar import Calendar, at
from postroom.demo.cast import BRONZE, House, open_house
from postroom.demo.letterheads import NEIGHBOR, give_letterhead, two_houses
from postroom.demo.nights import Nights
from postroom.demo.tables import DATA
from postroom.demo.use import use
from postroom.domain.customers.models import MailboxState
from postroom.domain.customers.numbers import make_mailboxes
from postroom.domain.operators.actions import add_location, add_staff, open_operator
from postroom.domain.operators.models import Operator
from postroom.domain.operators.permissions import Role
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.plans.terms import Terms
from postroom.domain.users.models import User

NEIGHBOR_ADDRESSES = (
    ("Oakland - Broadway", "123 Broadway", "Oakland", "CA", "94607"),
    ("Chicago - Monroe St", "73 W Monroe St 5th Fl", "Chicago", "IL", "60603"),
)

#: What a published address has where the mailbox number goes, with the word before it.
NUMBER = re.compile(r"(?:[\s,#-]|\bUnit\b|\bPMB|\bSte(?=[\s#]*MAILBOX))*A?MAILBOX\b")
MONTHS = {"month": 1, "year": 12}


def open_neighbor(calendar: Calendar, *, password: str, viewer: User) -> House:
    """Will open Neighbor Post, where Harbor Mail's owner may look but not touch."""
    house = open_house(
        name="Neighbor Post",
        slug="neighbor",
        at=at(calendar.first(-12)),
        on=calendar.on,
        password=password,
        addresses=NEIGHBOR_ADDRESSES,
    )
    with as_operator(house.operator.pk):
        add_staff(
            house.operator,
            email=viewer.email,
            name=viewer.name,
            role=Role.VIEWER,
            at=at(calendar.first(-12)),
            by=house.owner,
        )
        opened_at = house.operator.opened_at
        give_letterhead(house.operator, NEIGHBOR, two_houses(), by=house.owner, at=opened_at)
        nights, yesterday = Nights(house.operator), calendar.days(-1)
        for it in house.subscriptions.values():
            nights.will_use(use(it, BRONZE, until=yesterday))
    nights.pass_until(yesterday)
    return house


def open_network(calendar: Calendar, *, say: Callable[[str], None]) -> Operator:
    """Will open a network with the real locations, and a plan for each entry price there."""
    with (DATA / "locations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    on = calendar.first(-12)
    with as_platform():
        network = open_operator(name="Street Address Network", slug="network", at=at(on), by=None)
    with as_operator(network.pk):
        places = _locations(network, rows, on=on, say=say)
        for (price, months), locations in sorted(places.items()):
            _entry_plan(network, price, months, frozenset(locations), on=on)
    return network


def _locations(
    network: Operator, rows: list[dict[str, str]], *, on: date, say: Callable[[str], None]
) -> dict[tuple[int, int], set[int]]:
    """Will add every location and return the ids by entry price and months."""
    shared = Counter(row["location"] for row in rows)
    places = defaultdict[tuple[int, int], set[int]](set)
    for count, row in enumerate(rows, start=1):
        name = row["location"]
        location = add_location(
            network,
            name=f"{name}, {row['state']}" if shared[name] > 1 else name,
            street=NUMBER.sub("", row["street"]).strip(" ,-"),
            city=row["city"],
            state=row["state"],
            postal_code=row["zip"],
            at=at(on),
            by=None,
        )
        make_mailboxes(
            location, first=100, last=115, state=MailboxState.RESERVED, by=None, at=at(on)
        )
        price = row["from_price_2024_11"] or row["from_price_2024_06"]
        entry = money.parse(price, network.currency, network.locale), MONTHS[row["period"]]
        places[entry].add(location.pk)
        if count % 100 == 0:
            say(f"  {count} of {len(rows)} locations")
    return places


def _entry_plan(
    network: Operator, price: int, months: int, locations: frozenset[int], *, on: date
) -> None:
    amount = money.plain(price, network.currency, network.locale)
    create_plan(
        network,
        words=Words(
            name=f"Entry {amount}" if months == 1 else f"Entry {amount} a year",
            description="The lowest published price at these locations in 2024.",
            signup=True,
            lead_gen=True,
            locations=locations,
        ),
        terms=Terms(rates={months: price}),
        by=None,
        at=at(on),
        on=on,
    )
