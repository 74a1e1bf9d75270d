"""Harbor Mail's story: real plans imported, a legacy plan, a change ahead, who was told and not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from postroom.base.tenancy import as_operator
from postroom.demo.calendar import Calendar, at
from postroom.demo.cast import BRONZE, House, open_house
from postroom.demo.people import people
from postroom.domain.customers.actions import Details, add_customer
from postroom.domain.customers.models import Mailbox
from postroom.domain.plan_changes.answers import grandfather, publish
from postroom.domain.plan_changes.importing.apply import apply_sheet
from postroom.domain.plan_changes.importing.reading import Sheet, read
from postroom.domain.plan_changes.update import Seen, Updated, update
from postroom.domain.plans.actions import words_of
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.plans.services import Offer, Service
from postroom.domain.plans.terms import Allowance, Terms
from postroom.domain.subscriptions.actions import assign, clear_by_hand
from postroom.domain.subscriptions.models import Means, Subscription

DATA = Path(__file__).parent / "data"
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


@dataclass(frozen=True)
class Move:
    """Who moves in: so many of the forty, on a plan, in the months from … to … ago."""

    plan: str
    count: int
    oldest: int
    newest: int
    months: tuple[int, ...] = (1,)


EARLIER = (
    Move("Gold", 7, oldest=13, newest=6),
    Move("Silver", 10, oldest=12, newest=2),
    Move("Bronze", 8, oldest=20, newest=1, months=(1, 1, 12)),
    Move("Virtual Business Address Green", 5, oldest=9, newest=2),
    Move("Plan A", 3, oldest=10, newest=3, months=(12, 12, 6)),
    Move("Personal", 2, oldest=7, newest=6),
)
LATER = (Move("Gold", 3, oldest=2, newest=1),)


def open_harbor(calendar: Calendar, *, password: str) -> House:
    """Will open Harbor Mail with everything that its story needs, by the acts, on their days."""
    house = open_house(
        name="Harbor Mail",
        slug="harbor",
        at=at(calendar.first(-24)),
        on=calendar.on,
        password=password,
        service_email="service@harbor.example",
    )
    with as_operator(house.operator.pk):
        import_plans(house, on=calendar.first(-18))
        for name, items in ITEMS.items():
            _include(house, name, items, on=calendar.first(-17))
        everybody = iter(people())
        mailboxes = iter(_free_mailboxes(house))
        for move in EARLIER:
            _move_in(house, move, everybody, mailboxes, calendar)
        _make_gold_legacy(house, on=calendar.first(-3))
        for move in LATER:
            _move_in(house, move, everybody, mailboxes, calendar)
        _raise_personal(house, calendar)
        _raise_silver(house, calendar)
        # The last of the forty have asked for a mailbox and have none yet.
        for details in everybody:
            add_customer(house.operator, details=details, by=house.owner, at=at(calendar.days(-2)))
    return house


def import_plans(house: House, *, on: date) -> None:
    """Will import the real plans that Harbor Mail sells, as on the page for it."""
    sheet = read((DATA / "plans.csv").read_bytes())
    lines = [
        replace(line, cells=line.cells | SOLD[key])
        for line in sheet.lines
        if (key := (line.cells["provider"], line.cells["plan"])) in SOLD
    ]
    apply_sheet(
        house.operator,
        Sheet(sheet.columns, lines),
        file_name="plans.csv",
        by=house.owner,
        at=at(on),
        on=on,
    )


def _include(house: House, name: str, items: int, *, on: date) -> None:
    """Will say what a plan includes: Bronze's services, with more of each."""
    allowances = {
        **BRONZE.allowances,
        Service.INCOMING_MAIL: Allowance(Offer.RESTRICTED, items, 1, 30),
        Service.OPEN_AND_SCAN: Allowance(Offer.RESTRICTED, items // 4, 1, 80),
        Service.SCANNED_PAGES: Allowance(Offer.RESTRICTED, items, 1, 40),
    }
    plan = Plan.objects.get(name=name)
    terms = replace(_terms(plan), allowances=allowances, storage=BRONZE.storage)
    _update(house, plan, terms, on=on, reason="The published table did not say what is included.")


def _move_in(
    house: House,
    move: Move,
    everybody: Iterator[Details],
    mailboxes: Iterator[Mailbox],
    calendar: Calendar,
) -> None:
    plan = Plan.objects.get(name=move.plan)
    span = move.oldest - move.newest
    for count, (details, mailbox) in enumerate(
        zip(islice(everybody, move.count), islice(mailboxes, move.count), strict=True)
    ):
        months_ago = move.oldest - span * count // max(move.count - 1, 1)
        day = calendar.first(-months_ago).replace(day=1 + (9 * count + months_ago) % 28)
        customer = add_customer(house.operator, details=details, by=house.owner, at=at(day))
        assign(
            customer,
            mailbox=mailbox,
            plan=plan,
            months=move.months[count % len(move.months)],
            starts_on=day,
            by=house.owner,
            at=at(day),
        )


def _make_gold_legacy(house: House, *, on: date) -> None:
    """NO: those on Gold keep it as Gold Legacy; a dearer Gold takes its place."""
    question = _ask_for_rates(house, "Gold", {1: 5999}, on=on, reason="Scans cost us more now.")
    grandfather(question, legacy_name="Gold Legacy", by=house.owner, at=at(on), on=on)


def _raise_personal(house: House, calendar: Calendar) -> None:
    """YES, two months ago: one customer was told by phone, the other by nobody and is deferred."""
    asked_on, told_on = calendar.first(-3), calendar.first(-2)
    rates = {1: 1299, 12: 11999}
    question = _ask_for_rates(house, "Personal", rates, on=asked_on, reason="Our rent went up.")
    version = publish(
        question,
        sold_from=asked_on,
        existing_from=calendar.first(-1),
        by=house.owner,
        at=at(asked_on),
        on=asked_on,
    )
    told = Subscription.objects.filter(plan=version.plan).order_by("id")[0]
    clear_by_hand(
        told,
        version=version,
        told_on=told_on,
        means=Means.PHONE,
        told_by=str(house.owner),
        reason="Called; fine with the new rate.",
        by=house.owner,
        at=at(told_on),
        on=told_on,
    )


def _raise_silver(house: House, calendar: Calendar) -> None:
    """YES, last week, with both days still ahead."""
    on = calendar.days(-6)
    question = _ask_for_rates(house, "Silver", {1: 3999}, on=on, reason="Our rent went up.")
    publish(
        question,
        sold_from=calendar.days(14),
        existing_from=calendar.first(2),
        by=house.owner,
        at=at(on),
        on=on,
    )


def _ask_for_rates(
    house: House, name: str, rates: dict[int, int], *, on: date, reason: str
) -> Draft:
    plan = Plan.objects.get(name=name)
    done = _update(house, plan, replace(_terms(plan), rates=rates), on=on, reason=reason)
    if done.question is None:
        raise RuntimeError(f"nobody is on {name}, so nothing was asked")
    return done.question


def _update(house: House, plan: Plan, terms: Terms, *, on: date, reason: str) -> Updated:
    seen = Seen(plan.revision, latest_version(plan).number)
    return update(
        plan,
        words=words_of(plan),
        terms=terms,
        seen=seen,
        by=house.owner,
        at=at(on),
        on=on,
        reason=reason,
    )


def _terms(plan: Plan) -> Terms:
    version = latest_version(plan)
    return terms_of([version])[version.pk]


def _free_mailboxes(house: House) -> list[Mailbox]:
    """Every second from each location."""
    taken = Subscription.objects.values("mailbox_id")
    by_location = [
        list(Mailbox.objects.filter(location=location).exclude(pk__in=taken).order_by("sort_key"))
        for location in house.locations
    ]
    return [box for pair in zip(*by_location, strict=False) for box in pair]
