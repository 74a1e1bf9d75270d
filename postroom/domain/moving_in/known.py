"""What is known already of the customers, mailboxes and plans that rows speak of."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from postroom.domain.customers.models import Customer, Mailbox, Recipient
from postroom.domain.moving_in.rows import Row
from postroom.domain.operators.models import Operator
from postroom.domain.plans.models import Plan, PlanVersion, Rate
from postroom.domain.plans.queries import all_standing_versions, ticked_by_plan
from postroom.domain.subscriptions.models import Basis, Subscription, Term


@dataclass(frozen=True)
class Offered:
    """A plan, with its standing versions by rate: the newest that asks just so much."""

    plan: Plan
    ticked: Collection[int]
    #: By months and rate.
    versions: Mapping[tuple[int, int], PlanVersion]


@dataclass(frozen=True)
class Rented:
    """What a mailbox is rented for now."""

    subscription: Subscription
    price_minor: int | None
    #: Until when it was paid when it moved in, if it did.
    paid_until: date | None


@dataclass
class Known:
    """What rows are compared with; rows that were judged good are added to it."""

    customers: dict[str, Customer]
    recipients: dict[int, list[str]]
    #: Names by e-mail, of customers without an external id.
    entered_by_hand: dict[str, str]
    mailboxes: dict[tuple[int, str], Mailbox]
    rented: dict[int, Rented]
    plans: dict[str, Offered]
    #: Plans that were made for a price of another plan, by that one's id.
    copies: dict[int, list[Offered]]
    #: Details and recipients that good rows above gave of a customer.
    above: dict[str, tuple[dict[str, str], list[str] | None]] = field(default_factory=dict)
    #: The rows that each customer alone, and each mailbox, stands in.
    places: dict[tuple[object, ...], int] = field(default_factory=dict)


def known_to(operator: Operator, rows: Iterable[Row], *, on: date) -> Known:
    """Will read what those rows are compared with, in a constant number of queries."""
    rows = list(rows)
    ids = {it.external_id for it in rows if it.external_id}
    customers = {it.external_id: it for it in Customer.objects.filter(external_id__in=ids)}
    emails = {it.details["email"] for it in rows if "email" in it.details}
    by_hand = Customer.objects.filter(external_id="", email__in=emails)
    numbers = {it.rent.number for it in rows if it.rent}
    mailboxes = Mailbox.objects.filter(number__in=numbers).select_related("location")
    by_place = {(it.location_id, it.number): it for it in mailboxes}
    plans = _plans(operator, on=on)
    copies = defaultdict(list)
    for offered in plans.values():
        if offered.plan.copied_from_id is not None:
            copies[offered.plan.copied_from_id].append(offered)
    return Known(
        customers=customers,
        recipients=_recipients(customers.values()),
        entered_by_hand={it.email: it.name for it in by_hand},
        mailboxes=by_place,
        rented=_rented(by_place.values()),
        plans=plans,
        copies=copies,
    )


def _recipients(customers: Iterable[Customer]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    ids = [it.pk for it in customers]
    for it in Recipient.objects.filter(customer_id__in=ids).order_by("id"):
        names[it.customer_id].append(it.name)
    return names


def _rented(mailboxes: Iterable[Mailbox]) -> dict[int, Rented]:
    """Will return the open subscriptions of mailboxes, by the mailbox's id."""
    found = Subscription.objects.filter(
        Q(closes_on__isnull=True), mailbox_id__in=[it.pk for it in mailboxes]
    ).select_related("plan", "customer")
    subscriptions = list(found)
    rates = {
        (it.version_id, it.months): it.amount_minor
        for it in Rate.objects.filter(version_id__in={it.version_id for it in subscriptions})
    }
    moved_in = Term.objects.filter(
        subscription_id__in=[it.pk for it in subscriptions], seq=1, basis=Basis.PAID_BEFORE
    )
    paid = dict(moved_in.values_list("subscription_id", "whole_ends_on"))
    return {
        it.mailbox_id: Rented(it, rates.get((it.version_id, it.months)), paid.get(it.pk))
        for it in subscriptions
    }


def _plans(operator: Operator, *, on: date) -> dict[str, Offered]:
    """Will return the plans by name in lower case, with the versions that are sold by now."""
    versions = (
        all_standing_versions()
        .filter(operator=operator, sold_from__lte=on)
        .select_related("plan__operator")
        .order_by("number")
    )
    by_id = {it.pk: it for it in versions}
    rates: dict[int, dict[tuple[int, int], PlanVersion]] = defaultdict(dict)
    # The newest last, so that it is the one that stays.
    sold = Rate.objects.filter(version_id__in=by_id).order_by("version__number")
    for rate in sold:
        version = by_id[rate.version_id]
        rates[version.plan_id][rate.months, rate.amount_minor] = version
    ticked = ticked_by_plan()
    plans = {it.plan_id: it.plan for it in by_id.values()}
    return {
        plan.name.lower(): Offered(plan, ticked.get(plan.pk, ()), rates[plan.pk])
        for plan in plans.values()
    }
