"""My plan and other plans: what a customer has, and what else they could have."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render

from postroom.base.periods import Period
from postroom.domain.billing.models import Invoice
from postroom.domain.billing.month_so_far import MonthSoFar, month_so_far
from postroom.domain.plan_changes.choosing import own_switch, plans_to_choose
from postroom.domain.plan_changes.own_months import Compared, compare, last_months
from postroom.domain.plans.plain_words import Show, rate_in_words, term_in_words, terms_in_words
from postroom.domain.plans.published import Offered
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.terms import Terms
from postroom.domain.subscriptions.models import Term
from postroom.domain.subscriptions.pending import coming_for
from postroom.ui.plots import Plot
from postroom.web.offers import rates_by_term
from postroom.web.portal.access import CustomerRequest, customer
from postroom.web.portal.comparing import Other, beside
from postroom.web.portal.months_seen import in_short, plot_of


@dataclass(frozen=True)
class Beside:
    """A plan beside mine, with my own last months under it."""

    other: Other
    #: Its rates for other terms than the one shown.
    other_rates: list[str]
    #: The rate that the months are compared at.
    at: str
    #: None without a whole month that has ended.
    compared: Compared | None
    in_short: str
    plot: Plot | None


@customer
def my_plan(request: CustomerRequest) -> HttpResponse:
    """Will show a customer's plan, their terms and use, and the plans on the signup channel."""
    subscription, operator = request.subscription, request.operator
    mine = terms_of([subscription.version])[subscription.version_id]
    found = plans_to_choose(subscription)
    own = next((it for it in found if it.version_id == subscription.version_id), None)
    page = {
        "operator": operator,
        "token": request.token,
        "subscription": subscription,
        "location": subscription.mailbox.location,
        "rate": rate_in_words(subscription.months, mine.rates[subscription.months], operator.show),
        "cycle": term_in_words(subscription.months),
        "lines": terms_in_words(mine, operator.show),
        "own": own,
        "own_rates": _rates(own, operator.show, besides=subscription.months) if own else [],
        "others": _others(request, mine, [it for it in found if it is not own]),
    }
    return render(request, "portal/my_plan.html", page | _standing(request))


def _rates(offered: Offered, show: Show, *, besides: int) -> list[str]:
    """Will say the rates for other terms than the customer's; none where theirs is not sold."""
    rates = rates_by_term(offered.terms)
    if besides not in offered.terms.rates:
        return []
    return [rate_in_words(months, amount, show) for months, amount in rates if months != besides]


def _standing(request: CustomerRequest) -> dict[str, object]:
    """Will return how things stand today: the term, the month so far, and what waits."""
    subscription = request.subscription
    term = (
        subscription.terms.filter(starts_on__lte=request.on).order_by("-seq").first()
        or subscription.terms.order_by("seq").first()
    )
    return {
        "term": term,
        "last_day": term.ends_on - timedelta(days=1) if term else None,
        "bill": _bill(term) if term else None,
        "month": _month(request),
        "month_ends": subscription.month_ends_on - timedelta(days=1),
        "coming": coming_for([subscription.pk]).get(subscription.pk),
        "own_switch": own_switch(subscription),
        "key": uuid4(),
    }


def _month(request: CustomerRequest) -> MonthSoFar | None:
    """Will return this month's use; none before the first day, nor while a bill is late."""
    subscription = request.subscription
    month = Period(subscription.month_starts_on, subscription.month_ends_on)
    return month_so_far(subscription, month, on=request.on) if request.on in month else None


def _bill(term: Term) -> Invoice | None:
    """Will return the last bill that has a term on it."""
    return Invoice.objects.filter(lines__term=term, lines__kind="rate").order_by("number").last()


def _others(request: CustomerRequest, mine: Terms, offered: list[Offered]) -> list[Beside]:
    """Will set each plan beside the customer's own, in a fixed number of queries for all."""
    subscription, operator = request.subscription, request.operator
    months, version = subscription.months, subscription.version_id
    rated = last_months(subscription, [version, *(it.version_id for it in offered)])
    beside_mine = partial(beside, months=months, operator=operator, plan_id=subscription.plan_id)
    found = []
    for it in offered:
        length = months if months in it.terms.rates else min(it.terms.rates)
        compared = compare(
            rated[version],
            rated[it.version_id],
            my_rate=(mine.rates[months], months),
            their_rate=(it.terms.rates[length], length),
        )
        found.append(
            Beside(
                other=beside_mine(mine, it),
                other_rates=_rates(it, operator.show, besides=months),
                at=rate_in_words(length, it.terms.rates[length], operator.show),
                compared=compared,
                in_short=in_short(compared, operator) if compared else "",
                plot=plot_of(f"months-{it.id}", it.name, compared, operator) if compared else None,
            )
        )
    return found
