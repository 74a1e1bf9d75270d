"""What anybody may see of operators, locations and plans: the schema ``published``.

Works in the public reader's scope; everything is of one instant. An operator's own scope may read
it too, for what is shown beside a customer's own plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection

from postroom.base import money
from postroom.base.sql import rows
from postroom.domain.plans.services import Channel
from postroom.domain.plans.terms import Terms, unpack

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Host:
    """An operator as the public sees it."""

    id: int
    slug: str
    name: str
    currency: str
    locale: str
    time_zone: str

    def show(self, minor: int) -> str:
        """Will write an amount of minor units in this operator's currency and format."""
        return money.show(minor, self.currency, self.locale)


@dataclass(frozen=True)
class Place:
    """A location as the public sees it."""

    id: int
    slug: str
    name: str
    street: str
    city: str
    state: str
    postal_code: str
    country: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Offered:
    """A plan on a channel, with the version on sale today in its operator's calendar."""

    id: int
    link: str
    name: str
    description: str
    version_id: int
    number: int
    terms: Terms

    def is_still(self, seen: str) -> bool:
        """Will tell whether the version that a page carried is the one on sale."""
        return seen == str(self.version_id)


def host(slug: str) -> Host | None:
    """Will return the operator with that address, if there is one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, slug, name, currency, locale, time_zone"
            " FROM published.operators WHERE slug = %s",
            [slug],
        )
        row = cursor.fetchone()
    return Host(*row) if row else None


def offers(operator_id: int, channel: Channel, *, location_id: int | None = None) -> list[Offered]:
    """Will return the plans on a channel, cheapest first, perhaps only those at a location."""
    return sorted(_offers(operator_id, channel, location_id=location_id), key=_by_price)


def offer(
    operator_id: int, channel: Channel, link: str, *, location_id: int | None = None
) -> Offered | None:
    """Will return the plan with that link, if it is seen on the channel."""
    found = _offers(operator_id, channel, link=link, location_id=location_id)
    return found[0] if found else None


def landing(operator_id: int, channel: Channel, link: str) -> str | None:
    """Will return the link on which an old link lands: the plan's own or a descendant's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT link FROM published.plans WHERE operator_id = %s AND channel = %s"
            " AND id = published.landing(%s, %s, %s)",
            [operator_id, channel.value, operator_id, link, channel.value],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def places(
    operator_id: int, channel: Channel, *, plan_id: int | None = None, slug: str | None = None
) -> list[Place]:
    """Will return the locations, or the one of that name, where anything is offered on a channel.

    With ``plan_id`` that plan is meant.
    """
    facts = {"operator": operator_id, "channel": channel.value, "plan": plan_id, "slug": slug}
    return [Place(**row) for row in rows(SQL / "published_places.sql", facts)]


def _offers(
    operator_id: int,
    channel: Channel,
    *,
    link: str | None = None,
    location_id: int | None = None,
) -> list[Offered]:
    facts = {
        "operator": operator_id,
        "channel": channel.value,
        "link": link,
        "location": location_id,
    }
    return [_offered(row) for row in rows(SQL / "published_offers.sql", facts)]


def _offered(row: Mapping[str, Any]) -> Offered:
    of_plan = ("id", "link", "name", "description", "version_id", "number")
    return Offered(**{name: row[name] for name in of_plan}, terms=unpack(row))


def _by_price(offered: Offered) -> tuple[bool, float]:
    rates = offered.terms.rates
    return 1 not in rates, rates.get(1) or min(rates[months] / months for months in rates)
