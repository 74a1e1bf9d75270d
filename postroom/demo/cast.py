"""The cast: a few named people whom demo, tests and screenshots share.

Harbor Mail runs the mailboxes; its owner, manager, clerk and viewer sign in. Ana rents plainly;
Bo is a company; Cy pays by the year; Di moved in with months already paid elsewhere. Neighbor
Post, next door, should never see or touch any of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from postroom.base.periods import billing_date
from postroom.base.tenancy import as_operator, as_platform
from postroom.domain.customers.actions import Details, add_customer
from postroom.domain.customers.models import Customer, Kind, Mailbox, MailboxState
from postroom.domain.customers.numbers import make_mailboxes
from postroom.domain.operators.actions import add_location, add_staff, open_operator
from postroom.domain.operators.models import Location, Operator, Staff
from postroom.domain.operators.permissions import Role
from postroom.domain.plans.actions import Words, create_plan
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import MailType, Offer, Service
from postroom.domain.plans.terms import Allowance, StorageRule, Terms
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.users.models import User

#: The terms of one typical US location's Bronze in mid-2024 (``data/plans.csv``, first row).
BRONZE = Terms(
    rates={1: 999, 12: 10999},
    allowances={
        Service.INCOMING_MAIL: Allowance(Offer.RESTRICTED, 30, 1, 35),
        Service.OPEN_AND_SCAN: Allowance(Offer.RESTRICTED, 5, 1, 100),
        Service.SCANNED_PAGES: Allowance(Offer.RESTRICTED, 5, 1, 50),
        Service.FORWARD: Allowance(Offer.RESTRICTED, 0, 1, 500),
        Service.SHRED: Allowance(Offer.RESTRICTED, 0, 1, 15),
        Service.RECYCLE: Allowance(Offer.UNLIMITED),
        Service.PICKUP: Allowance(Offer.UNLIMITED),
        Service.RECIPIENTS: Allowance(Offer.RESTRICTED, 4, 1, 1000),
        Service.STORAGE: Allowance(Offer.RESTRICTED),
    },
    storage={MailType.LETTER: StorageRule(30, 5), MailType.PACKAGE: StorageRule(30, 5)},
)

ADDRESSES = (
    ("Brooklyn - Henry St", "495 Henry St", "Brooklyn", "NY", "11231"),
    ("Beverly Hills - Lasky Dr", "132 S Lasky Dr #200", "Beverly Hills", "CA", "90212"),
)


@dataclass(frozen=True)
class House:
    """An operator with what stands in it, for a test or the demo to start from."""

    operator: Operator
    owner: User
    locations: list[Location]
    bronze: Plan
    customers: dict[str, Customer]
    subscriptions: dict[str, Subscription]


def open_house(
    *,
    name: str,
    slug: str,
    at: datetime,
    on: date,
    password: str | None = None,
    addresses: Sequence[tuple[str, str, str, str, str]] = ADDRESSES,
    **facts: str,
) -> House:
    """Will open an operator with staff, two locations, a Bronze plan and four customers on it.

    Accounts are ``owner@SLUG.example`` and so on, with that password or none. ``facts`` are more
    of the operator's own, such as its service address.
    """
    with as_platform():
        operator = open_operator(name=name, slug=slug, at=at, by=None, **facts)
    with as_operator(operator.pk):
        staff = {role: hire(operator, role, at=at, password=password) for role in Role}
        owner = staff[Role.OWNER].user
        locations = [
            add_location(
                operator,
                name=title,
                street=street,
                city=city,
                state=state,
                postal_code=code,
                at=at,
                by=owner,
            )
            for title, street, city, state, code in addresses
        ]
        for location in locations:
            make_mailboxes(
                location, first=100, last=139, state=MailboxState.AVAILABLE, by=owner, at=at
            )
        bronze = create_plan(
            operator,
            words=Words(
                name="Bronze",
                description="A street address, with your mail a click away.",
                signup=True,
                lead_gen=True,
            ),
            terms=BRONZE,
            by=owner,
            at=at,
            on=billing_date(on, -24, 1),
        )
        customers = {
            key: add_customer(operator, details=details, by=owner, at=at)
            for key, details in PEOPLE.items()
        }
        subscriptions = _move_in(customers, bronze, locations[0], owner, at=at, on=on)
    return House(operator, owner, locations, bronze, customers, subscriptions)


PEOPLE = {
    "ana": Details(Kind.PERSON, "Ana Alvarez", "ana@customers.example", "+1 212 555 0141"),
    "bo": Details(Kind.COMPANY, "Bo Berg Imports LLC", "bo@customers.example", "+1 212 555 0142"),
    "cy": Details(Kind.PERSON, "Cy Castellanos", "cy@customers.example", "+1 310 555 0143"),
    "di": Details(Kind.PERSON, "Di Dvořák", "", "+1 310 555 0144", notes="Prefers letters."),
}


def hire(operator: Operator, role: Role, *, at: datetime, password: str | None) -> Staff:
    """Will add somebody in that role, who signs in with that password."""
    staff = add_staff(
        operator,
        email=f"{role.value}@{operator.slug}.example",
        name=f"{operator.name} {role.label}",
        role=role,
        at=at,
        by=None,
    )
    if password:
        staff.user.set_password(password)
        staff.user.save(update_fields=["password"])
    return staff


def _move_in(
    customers: dict[str, Customer],
    plan: Plan,
    location: Location,
    by: User,
    *,
    at: datetime,
    on: date,
) -> dict[str, Subscription]:
    numbers = {
        box.number: box for box in Mailbox.objects.filter(location=location).order_by("number")
    }
    first = billing_date(on, -5, 1)
    cycles = {"ana": 1, "bo": 1, "cy": 12, "di": 12}
    return {
        key: assign(
            customers[key],
            mailbox=numbers[str(100 + count)],
            plan=plan,
            months=months,
            starts_on=first.replace(day=1 + 6 * count),
            paid_until=billing_date(on, 3, 1) if key == "di" else None,
            by=by,
            at=at,
        )
        for count, (key, months) in enumerate(cycles.items())
    }
