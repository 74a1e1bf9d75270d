"""What is done to a subscription: begun, told, protected."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from postroom.base.refusals import Refused, refusing
from postroom.base.text import tidy
from postroom.domain.customers.models import Customer, Mailbox, MailboxState, Standing
from postroom.domain.events.actions import record
from postroom.domain.operators.models import Location
from postroom.domain.plans.models import Plan, PlanVersion, Rate
from postroom.domain.plans.queries import ticked_locations, version_on_sale
from postroom.domain.subscriptions.first_term import Charge, first_bill, first_month, first_term
from postroom.domain.subscriptions.models import (
    Basis,
    Clearance,
    ClearanceVoid,
    Means,
    Subscription,
    Switch,
    SwitchState,
    Term,
)
from postroom.domain.users.models import User

#: The fewest days between telling a customer and the first day of worse terms: what Regulation E
#: asks of a changed debit, and more than California, New York and the card networks ask.
NOTICE_DAYS = 10


class CustomerNotActive(Refused):
    """{customer} is {standing}: approve what they sent when they signed up, then they may rent."""


class PlanNotForStaff(Refused):
    """“{plan}” is not ticked Internal, so staff cannot assign it."""

    field = "plan"


class PlanNotOnSale(Refused):
    """“{plan}” is not sold on {day}."""

    field = "plan"


class PlanNotAtLocation(Refused):
    """“{plan}” is not offered at {location}."""

    field = "plan"


class NoRateForTerm(Refused):
    """“{plan}” has no rate for a term of {months} months."""

    field = "months"


class StartOutOfReach(Refused):
    """{day} is out of reach. Check the year."""

    field = "starts_on"


class MailboxTaken(Refused):
    """Mailbox {mailbox} at {location} is not free."""

    field = "mailbox"


class ToldInTheFuture(Refused):
    """Enter the day on which the customer was told; it cannot lie ahead."""

    field = "told_on"


class VersionOfAnotherPlan(Refused):
    """That version does not belong to the plan that this customer is on or moves to."""

    field = "version"


class AlreadyVoid(Refused):
    """This clearance is void already."""


@transaction.atomic
def assign(
    customer: Customer,
    *,
    mailbox: Mailbox,
    plan: Plan,
    months: int,
    starts_on: date,
    by: User | None,
    at: datetime,
    billing_day: int | None = None,
    paid_until: date | None = None,
    agreed: PlanVersion | None = None,
    charge: Charge = Charge.NOW,
    counted_from: date | None = None,
) -> Subscription:
    """Will give a customer a mailbox on a plan, with the version on sale on ``starts_on``.

    Where they ``agreed`` to a version before, it is that one, whatever is on sale by now.
    ``months`` is the billing cycle. ``billing_day`` defaults to the day of ``paid_until`` or of
    the start. With ``paid_until`` the first term is what he has paid for elsewhere, up to that
    day, and usage is counted from the month of ``counted_from`` on; else ``charge`` says whether a
    first term that is shorter than a whole one is billed with the start, or together with the
    next. Raises StartOutOfReach, CustomerNotActive, PlanNotForStaff, PlanNotOnSale,
    PlanNotAtLocation, NoRateForTerm, MailboxTaken, PaidUntilOffBillingDay or PaidUntilTooEarly.
    """
    _refuse_out_of_reach(starts_on, at)
    if customer.standing != Standing.ACTIVE:
        raise CustomerNotActive(customer=customer, standing=customer.get_standing_display().lower())
    # Update takes this row for itself: nobody joins between its look and its save.
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    mailbox = (
        Mailbox.objects.select_for_update(of=("self",))
        .select_related("location")
        .get(pk=mailbox.pk)
    )
    billing_day = billing_day or (paid_until or starts_on).day
    version = agreed or _version_to_join(plan, mailbox, months=months, on=starts_on)
    own, whole = first_term(starts_on, months, billing_day, paid_until)
    month = first_month(own, billing_day, counted_from or starts_on)
    taken = MailboxTaken(mailbox=mailbox, location=mailbox.location)
    if mailbox.state not in {MailboxState.AVAILABLE, MailboxState.RESERVED}:
        raise taken
    with refusing({"mailbox_has_one_open_subscription": taken}):
        subscription = Subscription.objects.create(
            operator_id=customer.operator_id,
            customer=customer,
            mailbox=mailbox,
            plan=plan,
            version=version,
            months=months,
            starts_on=starts_on,
            billing_day=billing_day,
            next_term_on=own.ends_on,
            month_starts_on=month.starts_on,
            month_ends_on=month.ends_on,
            next_bill_on=first_bill(month, billing_day, charge, paid_until),
            added_at=at,
        )
    Term.objects.create(
        operator_id=customer.operator_id,
        subscription=subscription,
        seq=1,
        version=version,
        months=months,
        billing_day=billing_day,
        starts_on=own.starts_on,
        ends_on=own.ends_on,
        whole_starts_on=whole.starts_on,
        whole_ends_on=whole.ends_on,
        basis=Basis.PAID_BEFORE if paid_until else Basis.JOINED,
        opened_at=at,
    )
    mailbox.state = MailboxState.ASSIGNED
    mailbox.save(update_fields=["state"])
    facts = {"plan": plan.name, "version": version.number, "months": months}
    record("subscription.began", subscription, by=by, at=at, facts=facts)
    record("customer.joined_plan", customer, by=by, at=at, facts=facts)
    return subscription


@transaction.atomic
def clear_by_hand(
    subscription: Subscription,
    *,
    version: PlanVersion,
    told_on: date,
    means: Means,
    told_by: str,
    reason: str,
    by: User,
    at: datetime,
    on: date,
    first_day: date | None = None,
    last_day: date | None = None,
) -> Clearance:
    """Will record that staff told a customer of a version, so that their terms may open under it.

    Holds for terms that start from ``first_day``, without it ``NOTICE_DAYS`` on, to ``last_day``.
    Recorded twice in the same words, it is one. Raises ToldInTheFuture or VersionOfAnotherPlan.
    """
    if told_on > on:
        raise ToldInTheFuture()
    if version.plan_id != subscription.plan_id and not _moves_to(subscription, version):
        raise VersionOfAnotherPlan()
    said = {"version": version, "told_on": told_on, "means": means, "recorded_by": by}
    said |= {"told_by": tidy(told_by), "reason": tidy(reason)}
    if (same := _told_already(subscription, said)) is not None:
        return same
    clearance = Clearance.objects.create(
        operator_id=subscription.operator_id,
        subscription=subscription,
        first_day=first_day or told_on + timedelta(days=NOTICE_DAYS),
        last_day=last_day,
        recorded_at=at,
        **said,
    )
    facts = {
        "version": version.number,
        "told_on": told_on.isoformat(),
        "reason": clearance.reason,
    }
    record("subscription.told", subscription, by=by, at=at, facts=facts)
    return clearance


def _moves_to(subscription: Subscription, version: PlanVersion) -> bool:
    waiting = Switch.objects.filter(subscription=subscription, state=SwitchState.PENDING)
    return waiting.filter(moves_to=version).exists()


def _told_already(subscription: Subscription, said: dict[str, Any]) -> Clearance | None:
    """Will find what the first half of a double click recorded, once that is done."""
    Subscription.objects.select_for_update(no_key=True, of=("self",)).get(pk=subscription.pk)
    void = ClearanceVoid.objects.filter(clearance=OuterRef("pk"))
    return Clearance.objects.filter(~Exists(void), subscription=subscription, **said).first()


@transaction.atomic
def void_clearance(clearance: Clearance, *, reason: str, by: User, at: datetime) -> ClearanceVoid:
    """Will end a clearance for every term not yet opened. Raises AlreadyVoid."""
    with refusing({"clearance_is_voided_once": AlreadyVoid()}):
        void = ClearanceVoid.objects.create(
            operator_id=clearance.operator_id,
            clearance=clearance,
            reason=tidy(reason),
            by=by,
            at=at,
        )
    facts = {"reason": void.reason}
    record("subscription.clearance_voided", clearance.subscription, by=by, at=at, facts=facts)
    return void


def _version_to_join(plan: Plan, mailbox: Mailbox, *, months: int, on: date) -> PlanVersion:
    if not plan.internal:
        raise PlanNotForStaff(plan=plan)
    return version_sold(plan, mailbox.location, months=months, on=on)


def version_sold(plan: Plan, location: Location, *, months: int, on: date) -> PlanVersion:
    """Will return what is on sale at a location on a day, for terms of so many months.

    Raises PlanNotAtLocation, PlanNotOnSale or NoRateForTerm.
    """
    ticked = ticked_locations(plan)
    if ticked and location.pk not in ticked:
        raise PlanNotAtLocation(plan=plan, location=location)
    version = version_on_sale(plan, on=on)
    if version is None:
        raise PlanNotOnSale(plan=plan, day=f"{on:%d %B %Y}")
    if not Rate.objects.filter(version=version, months=months).exists():
        raise NoRateForTerm(plan=plan, months=months)
    return version


def _refuse_out_of_reach(starts_on: date, at: datetime) -> None:
    """Will refuse a start whose terms the calendar could not follow, or that nobody can mean."""
    if abs(starts_on.year - at.year) > 100:
        raise StartOutOfReach(day=starts_on)
