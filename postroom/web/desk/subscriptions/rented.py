"""A subscription as the desk shows it: what it is, and what lies ahead of it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from postroom.base.periods import local_day
from postroom.domain.billing.charges import waiting_charges
from postroom.domain.billing.models import Charge
from postroom.domain.customers.models import Customer
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.pending import Coming, coming_for, renewals_of
from postroom.domain.subscriptions.queries import Held, held_by
from postroom.web.desk.access import DeskRequest

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rented:
    """A subscription on a customer's page, with what waits for it."""

    held: Held
    #: Today where its mailbox is.
    today: date
    #: The day after the whole period that he is in.
    renews_on: date
    coming: Coming | None = None
    charges: list[Charge] = field(default_factory=list)

    @property
    def subscription(self) -> Subscription:
        return self.held.subscription

    @property
    def closed(self) -> bool:
        """Whether the last day used has passed."""
        return has_closed(self.subscription, self.today)

    @property
    def leaves(self) -> bool:
        """Whether the last day used is set and has not passed."""
        return self.subscription.closes_on is not None and not self.closed

    @property
    def begun(self) -> bool:
        return self.subscription.starts_on <= self.today

    @property
    def renews(self) -> bool:
        """Whether another term comes after this one."""
        closes_on = self.subscription.closes_on
        return closes_on is None or closes_on >= self.renews_on

    @property
    def changes_on(self) -> date | None:
        """The day inside his period from which other terms hold for him."""
        its = self.subscription
        inside = its.next_term_on < self.renews_on
        return its.next_term_on if inside and its.closes_on is None else None

    @property
    def month_ends(self) -> date:
        """The last day of the running month of allowances."""
        return self.subscription.month_ends_on - ONE_DAY

    @property
    def final_bill_on(self) -> date | None:
        closes_on = self.subscription.closes_on
        return closes_on + ONE_DAY if closes_on else None

    @property
    def bills_last(self) -> bool:
        """Whether the next bill is the last one, as long as nothing is charged by hand."""
        its = self.subscription
        if its.closes_on is None:
            return False
        return its.next_bill_on is None or its.next_bill_on > its.closes_on

    @property
    def overdue(self) -> bool:
        """Whether something is due that the billing run has not come to."""
        due = self.subscription.next_bill_on
        return due is not None and due < self.today


def rented_by(request: DeskRequest, customer: Customer) -> list[Rented]:
    """Will return what a customer rents or rented, in the same queries however much it is."""
    held = held_by(customer, on=request.on)
    ids = [it.subscription.pk for it in held]
    charges, renewals, coming = waiting_charges(ids), renewals_of(ids), coming_for(ids)
    return [
        Rented(
            it,
            local_day(request.at, it.subscription.mailbox.location.time_zone),
            renewals.get(it.subscription.pk, it.subscription.next_term_on),
            coming.get(it.subscription.pk),
            charges[it.subscription.pk],
        )
        for it in held
    ]


def has_closed(subscription: Subscription, today: date) -> bool:
    return subscription.closes_on is not None and subscription.closes_on < today


def find(subscription_id: int) -> Subscription:
    """Will return a subscription with what its pages say of it. Raises Http404."""
    return get_object_or_404(whole(), pk=subscription_id)


def whole() -> QuerySet[Subscription]:
    return Subscription.objects.select_related(
        "customer", "plan", "version", "mailbox__location", "operator"
    )


def today_of(request: DeskRequest, subscription: Subscription) -> date:
    """Will return the day it is where the mailbox is."""
    return local_day(request.at, subscription.mailbox.location.time_zone)


def to_customer(request: DeskRequest, subscription: Subscription) -> HttpResponse:
    return redirect("desk:customer", request.operator.slug, subscription.customer_id)
