"""Harbor Mail's story: real plans, a legacy plan, changes, who was told, and a year of bills."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice

from postroom.base.tenancy import as_operator
from postroom.demo import changes, customers, payments
from postroom.demo.calendar import Calendar, at
from postroom.demo.cast import BRONZE, House, open_house
from postroom.demo.letterheads import HARBOR, give_letterhead, sail_over_waves
from postroom.demo.nights import Act, Day, Nights, live
from postroom.demo.people import people
from postroom.demo.showing import show_locations
from postroom.demo.tables import published
from postroom.demo.use import use
from postroom.domain.customers.actions import Details, add_customer
from postroom.domain.customers.models import Mailbox
from postroom.domain.operators.taxing import set_tax
from postroom.domain.plan_changes.importing.apply import apply_sheet
from postroom.domain.plans.models import Plan
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.models import Subscription

SEEN_BY_ALL = {"visible_signup": "yes", "visible_lead_gen": "yes"}

#: Rows of ``plans.csv`` that Harbor Mail sells, and where they are seen.
SOLD = {
    ("Anytime Mailbox", "Silver"): SEEN_BY_ALL,
    ("Anytime Mailbox", "Gold"): SEEN_BY_ALL,
    ("Anytime Mailbox", "Personal"): {},
    ("iPostal1", "Virtual Business Address Green"): SEEN_BY_ALL,
    ("MailNetwork", "Plan A"): {"visible_signup": "yes"},
}

#: What Silver and Gold include was not in the published table: added by hand after the import.
ITEMS = {"Silver": 80, "Gold": 150}
#: Gold comes with a key to the building: NOHO Mailbox in Los Angeles takes so much for one (2026).
KEY_FEE, KEY_DEPOSIT = 1500, 5000
#: Sales tax in New York City: state 4, city 4.5 and commuter district 0.375 percent.
NEW_YORK_CITY = Decimal("8.875")
#: Of what is included, the cast uses so much: Bo is far over, and Cy pays by the year.
APPETITES = {"ana": 1.1, "bo": 1.6, "cy": 1.3, "di": 0.6}


@dataclass(frozen=True)
class Move:
    """Who moves in: so many of the forty, on a plan, in the months from … to … ago."""

    plan: str
    count: int
    oldest: int
    newest: int
    months: tuple[int, ...] = (1,)


@dataclass(frozen=True)
class Arrival:
    """Somebody who comes to a mailbox and a plan, and uses it up to a day."""

    details: Details
    mailbox: Mailbox
    plan: str
    months: int
    until: date

    def join(self, day: Day) -> Subscription:
        customer = add_customer(day.house.operator, details=self.details, by=day.by, at=day.at)
        subscription = assign(
            customer,
            mailbox=self.mailbox,
            plan=Plan.objects.get(name=self.plan),
            months=self.months,
            starts_on=day.on,
            by=day.by,
            at=day.at,
        )
        terms = terms_of([subscription.version])[subscription.version_id]
        day.nights.will_use(use(subscription, terms, until=self.until))
        return subscription


MOVES = (
    Move("Gold", 7, oldest=13, newest=6),
    Move("Silver", 10, oldest=12, newest=2),
    Move("Bronze", 8, oldest=14, newest=1, months=(1, 1, 12)),
    Move("Virtual Business Address Green", 5, oldest=9, newest=2),
    Move("Plan A", 3, oldest=10, newest=3, months=(12, 12, 6)),
    Move("Personal", 2, oldest=7, newest=6),
    # These came after the change of Gold.
    Move("Gold", 3, oldest=2, newest=1),
)


def open_harbor(calendar: Calendar, *, password: str) -> House:
    """Will open Harbor Mail and live through its story day by day, with the bills of each night."""
    house = open_house(
        name="Harbor Mail",
        slug="harbor",
        at=at(calendar.first(-32)),
        on=calendar.first(-8),
        password=password,
        service_email="service@harbor.example",
    )
    nights, yesterday = Nights(house.operator), calendar.days(-1)
    with as_operator(house.operator.pk):
        _tax_new_york(house)
        show_locations(house)
        opened_at = house.operator.opened_at
        give_letterhead(house.operator, HARBOR, sail_over_waves(), by=house.owner, at=opened_at)
        for who, it in house.subscriptions.items():
            nights.will_use(use(it, BRONZE, until=yesterday, appetite=APPETITES.get(who)))
        moves = list(_moves(house, calendar))
    acts: list[tuple[date, Act]] = [
        (calendar.first(-18), import_plans),
        *((calendar.first(-17), partial(_include, name, items)) for name, items in ITEMS.items()),
        *moves,
        *changes.acts(calendar),
        *customers.acts(calendar),
        *payments.acts(calendar),
    ]
    live(house, nights, acts, until=yesterday)
    return house


def _tax_new_york(house: House) -> None:
    """Will set a tax in Brooklyn; in Beverly Hills none is set."""
    set_tax(
        house.locations[0],
        percent=NEW_YORK_CITY,
        included=False,
        name="Sales tax",
        by=house.owner,
        at=house.operator.opened_at,
    )


def import_plans(day: Day) -> None:
    """Will import the real plans that Harbor Mail sells, as on the page for it."""
    sheet = published(SOLD)
    apply_sheet(day.house.operator, sheet, file_name="plans.csv", by=day.by, at=day.at, on=day.on)


def _include(name: str, items: int, day: Day) -> None:
    """Will say what a plan includes: Bronze's services, with more of each."""
    allowances = {
        **BRONZE.allowances,
        Service.INCOMING_MAIL: Allowance(Offer.RESTRICTED, items, 1, 30),
        Service.OPEN_AND_SCAN: Allowance(Offer.RESTRICTED, items // 4, 1, 80),
        Service.SCANNED_PAGES: Allowance(Offer.RESTRICTED, items, 1, 40),
    }
    key = {"setup_fee_minor": KEY_FEE, "deposit_minor": KEY_DEPOSIT} if name == "Gold" else {}
    changes.update_terms(
        day,
        name,
        reason="The published table did not say what is included.",
        allowances=allowances,
        storage=BRONZE.storage,
        **key,
    )


def _moves(house: House, calendar: Calendar) -> Iterator[tuple[date, Act]]:
    """Will say who moves in and when; the last of the forty ask for a mailbox and wait."""
    everybody, mailboxes = iter(people()), iter(_free_mailboxes(house))
    for move in MOVES:
        span = move.oldest - move.newest
        for count, details in enumerate(islice(everybody, move.count)):
            ago = move.oldest - span * count // max(move.count - 1, 1)
            day = calendar.first(-ago).replace(day=1 + 3 * ((3 * count + ago) % 9))
            months = move.months[count % len(move.months)]
            yesterday = calendar.days(-1)
            yield day, Arrival(details, next(mailboxes), move.plan, months, yesterday).join
    for details in everybody:
        yield calendar.days(-2), partial(_ask, details)


def _ask(details: Details, day: Day) -> None:
    add_customer(day.house.operator, details=details, by=day.by, at=day.at)


def _free_mailboxes(house: House) -> list[Mailbox]:
    """Every second from each location."""
    taken = Subscription.objects.values("mailbox_id")
    by_location = [
        list(Mailbox.objects.filter(location=location).exclude(pk__in=taken).order_by("sort_key"))
        for location in house.locations
    ]
    return [box for pair in zip(*by_location, strict=False) for box in pair]
