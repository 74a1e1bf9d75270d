"""What each row would do, worked out without writing anything."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date

from postroom.base.refusals import Refused
from postroom.base.sheets import Line
from postroom.domain.customers.actions import Details
from postroom.domain.customers.models import Customer, Kind, MailboxState
from postroom.domain.moving_in.cells import Problem
from postroom.domain.moving_in.known import Known, Offered, known_to
from postroom.domain.moving_in.models import Outcome
from postroom.domain.moving_in.prices import price_words
from postroom.domain.moving_in.rows import Rent, Row, Setting, read_row
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plans.models import PlanVersion

WORDS = {
    "email": "E-mail",
    "postal_code": "Postal code",
}


class NameMissing(Refused):
    """A new customer needs a name."""


class RowTwice(Refused):
    """Row {row} says this already. Keep one of the two rows."""


class NumberTwice(Refused):
    """Mailbox #{number} stands in row {row} already. Keep one of the two rows."""


class OtherwiseAbove(Refused):
    """A row above has “{above}” for this customer. Make the rows of one customer agree."""


class NumberTaken(Refused):
    """Mailbox #{number} is {state}. Choose a free one."""


class RentedByOther(Refused):
    """Mailbox #{number} is rented by {customer}. Choose a free one."""


class PlanUnknown(Refused):
    """You have no plan named “{name}”. Add it first, or correct the name."""


class PlanNotHere(Refused):
    """“{plan}” is not offered at this location. Tick the location on the plan's page."""


class NoSuchPrice(Refused):
    """No version of “{plan}” costs {price}. Have a plan made on this page, or correct the row."""


class OtherPlanNow(Refused):
    """They are on “{plan}”, {price}. Importing never moves anybody: switch them on their page."""


class PaidIsFixed(Refused):
    """They moved in paid until {day}. That cannot be changed by importing."""


class NotActive(Refused):
    """{name} is {standing} and cannot rent. Decide on what they sent when they signed up first."""


@dataclass
class Judged:
    """A row, what it finds here, and what it would do."""

    row: Row
    customer: Customer | None = None
    version: PlanVersion | None = None
    #: Whether the mailbox is to be rented; where it is theirs already it is not.
    to_rent: bool = False
    outcome: Outcome = Outcome.SAME
    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: Plan, months and rate that no version has.
    missing: tuple[int, int, int] | None = None

    def refuse(self, column: str, why: Refused) -> None:
        self.row.problems.append(Problem(column, str(why)))


def judge(operator: Operator, lines: Iterable[Line], *, setting: Setting) -> list[Judged]:
    """Will say of each line what it would do, in a constant number of queries."""
    rows = [read_row(line, setting) for line in lines]
    known = known_to(operator, rows, on=setting.on)
    return [_judge(operator, row, known, setting) for row in rows]


def setting_of(operator: Operator, *, on: date) -> Setting:
    """Will return what rows are read against."""
    locations: dict[str, int] = {}
    for pk, name, slug in Location.objects.values_list("pk", "name", "slug"):
        locations[slug.lower()] = pk
        locations[name.lower()] = pk
    return Setting(operator.currency, operator.locale, locations, on)


def _judge(operator: Operator, row: Row, known: Known, setting: Setting) -> Judged:
    judged = Judged(row, customer=known.customers.get(row.external_id))
    _compare_with_above(judged, known)
    _judge_customer(judged, known)
    if row.rent is not None:
        _judge_rent(operator, judged, row.rent, known)
        if row.rent.paid_until <= setting.on:
            judged.notes.append("What they paid for is over: the next run bills from then on.")
    if row.problems:
        judged.outcome, judged.changes = Outcome.ERROR, []
        # A row that has other errors is not helped by making a plan.
        judged.missing = judged.missing if len(row.problems) == 1 else None
        return judged
    details, recipients = known.above.get(row.external_id, ({}, None))
    known.above[row.external_id] = (details | row.details, row.recipients or recipients)
    return judged


def _compare_with_above(judged: Judged, known: Known) -> None:
    """Will refuse a row that stands above already, or says otherwise of its customer."""
    row = judged.row
    place: tuple[object, ...] = ("customer", row.external_id)
    if row.rent is not None:
        place = ("mailbox", row.rent.location_id, row.rent.number)
    first = known.places.setdefault(place, row.line.number)
    if first != row.line.number and row.external_id:
        if row.rent is not None:
            judged.refuse("mailbox", NumberTwice(number=row.rent.number, row=first))
        elif "mailbox" not in row.line.cells:
            judged.refuse("external_id", RowTwice(row=first))
    above, recipients = known.above.get(row.external_id, ({}, None))
    for column, value in row.details.items():
        if above.get(column, value) != value:
            judged.refuse(column, OtherwiseAbove(above=above[column]))
    if recipients is not None and row.recipients not in (None, recipients):
        judged.refuse("recipients", OtherwiseAbove(above="|".join(recipients)))


def _judge_customer(judged: Judged, known: Known) -> None:
    """Will say whether the customer is added, changed or as they are."""
    row, customer = judged.row, judged.customer
    above = known.above.get(row.external_id)
    if customer is None and above is None:
        if not row.details.get("name") and not any(it.column == "name" for it in row.problems):
            judged.refuse("name", NameMissing())
        judged.outcome = Outcome.ADDED
        judged.changes.append("Adds the customer")
        twin = known.entered_by_hand.get(row.details.get("email", ""))
        if twin:
            judged.notes.append(f"You have a customer with this e-mail already: {twin}.")
        return
    now = asdict(_now(customer)) | (above[0] if above else {})
    for column, value in row.details.items():
        if now[column] != value:
            label = WORDS.get(column, column.capitalize())
            judged.changes.append(f"{label}: {now[column] or 'none'} → {value}")
    there = known.recipients.get(customer.pk, []) if customer else []
    there = above[1] if above and above[1] is not None else there
    if row.recipients is not None and _same(row.recipients) != _same(there):
        said = ", ".join(there) or "none"
        judged.changes.append(f"Recipients: {said} → {', '.join(row.recipients) or 'none'}")
    if judged.changes:
        judged.outcome = Outcome.CHANGED


def _same(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def _judge_rent(operator: Operator, judged: Judged, rent: Rent, known: Known) -> None:
    """Will say whether the mailbox is theirs already, or can be, on that plan at that price."""
    offered = known.plans.get(rent.plan.lower())
    if offered is None:
        return judged.refuse("plan", PlanUnknown(name=rent.plan))
    if judged.customer is not None and judged.customer.standing != "active":
        standing = judged.customer.get_standing_display().lower()
        judged.refuse("external_id", NotActive(name=judged.customer, standing=standing))
    mailbox = known.mailboxes.get((rent.location_id, rent.number))
    rented = known.rented.get(mailbox.pk) if mailbox else None
    if rented is not None and rented.subscription.customer == judged.customer:
        return _compare_rented(operator, judged, rent, offered, known)
    if rented is not None:
        who = rented.subscription.customer
        judged.refuse("mailbox", RentedByOther(number=rent.number, customer=who))
    elif mailbox and mailbox.state not in {MailboxState.AVAILABLE, MailboxState.RESERVED}:
        state = mailbox.get_state_display().lower()
        judged.refuse("mailbox", NumberTaken(number=rent.number, state=state))
    _find_version(operator, judged, rent, offered, known)
    judged.to_rent = True
    judged.outcome = Outcome.ADDED
    if mailbox is None:
        judged.changes.append(f"Makes mailbox #{rent.number}")
    if judged.version is not None:
        price = price_words(operator, rent.months, rent.price_minor)
        plan = judged.version.plan.name
        judged.changes.append(f"Rents mailbox #{rent.number} on {plan}, {price}")
    return None


def _find_version(
    operator: Operator, judged: Judged, rent: Rent, offered: Offered, known: Known
) -> None:
    """Will find the newest version at just that price, of the plan or one made for the price."""
    at_price = (rent.months, rent.price_minor)
    for each in [offered, *known.copies.get(offered.plan.pk, ())]:
        if at_price in each.versions and (each is offered or not each.plan.signup):
            judged.version = each.versions[at_price]
            if each.ticked and rent.location_id not in each.ticked:
                judged.refuse("plan", PlanNotHere(plan=each.plan))
            return
    judged.missing = (offered.plan.pk, *at_price)
    price = price_words(operator, *at_price)
    judged.refuse("price", NoSuchPrice(plan=offered.plan, price=price))


def _compare_rented(
    operator: Operator, judged: Judged, rent: Rent, offered: Offered, known: Known
) -> None:
    """Will refuse to change what somebody pays: that is a switch, and theirs to know of."""
    mailbox = known.mailboxes[rent.location_id, rent.number]
    rented = known.rented[mailbox.pk]
    plan = rented.subscription.plan
    same_plan = offered.plan.pk in {plan.pk, plan.copied_from_id}
    now = (rented.subscription.months, rented.price_minor)
    if not same_plan or now != (rent.months, rent.price_minor):
        price = price_words(operator, rented.subscription.months, rented.price_minor or 0)
        judged.refuse("plan", OtherPlanNow(plan=plan, price=price))
    elif rented.paid_until is not None and rented.paid_until != rent.paid_until:
        judged.refuse("paid_through", PaidIsFixed(day=rented.paid_until))


def details_of(row: Row, customer: Customer | None) -> Details:
    """Will return a customer's details as the row leaves them."""
    said = {**asdict(_now(customer)), **row.details}
    return Details(**{**said, "kind": Kind(said["kind"])})


def _now(customer: Customer | None) -> Details:
    """Will return what is known of a customer; of a new one, what stands in an empty form."""
    empty = Details(Kind.PERSON, "")
    if customer is None:
        return empty
    return Details(**{it: getattr(customer, it) for it in asdict(empty)})
