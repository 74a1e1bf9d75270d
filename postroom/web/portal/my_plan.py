"""My plan and other plans: what a customer has, and what else he could have."""

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from postroom.domain.plans.plain_words import (
    InWords,
    Show,
    difference_in_words,
    in_words,
    rate_in_words,
    term_in_words,
    terms_in_words,
)
from postroom.domain.plans.published import Offered, offers
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.services import Channel, Service
from postroom.domain.plans.terms import Difference, Term, Terms, Verdict, differences
from postroom.web.offers import rates_in_words
from postroom.web.portal.access import CustomerRequest, customer

#: In the order in which a customer wants to know them.
HEADINGS = {Verdict.BETTER: "Better", Verdict.WORSE: "Worse", Verdict.NEUTRAL: "Also different"}


@dataclass(frozen=True)
class Other:
    """A plan beside mine: its rate for my cycle, and how it differs."""

    offered: Offered
    url: str
    rate: str
    #: Whether there is a rate for terms as long as mine.
    for_my_cycle: bool
    #: Whether it is my plan, as it is sold to new customers today.
    is_mine: bool
    differences: list[tuple[str, list[InWords]]]


@customer
def my_plan(request: CustomerRequest) -> HttpResponse:
    """Will show a customer's plan, his terms, and the plans on the signup channel beside it."""
    subscription, operator = request.subscription, request.operator
    mine = terms_of([subscription.version])[subscription.version_id]
    location = subscription.mailbox.location
    term = (
        subscription.terms.filter(starts_on__lte=request.on).order_by("-seq").first()
        or subscription.terms.order_by("seq").first()
    )
    found = offers(operator.pk, Channel.SIGNUP, location_id=location.pk)
    page = {
        "operator": operator,
        "subscription": subscription,
        "location": location,
        "rate": rate_in_words(subscription.months, mine.rates[subscription.months], operator.show),
        "cycle": term_in_words(subscription.months),
        "lines": terms_in_words(mine, operator.show),
        "term": term,
        "last_day": term.ends_on - timedelta(days=1) if term else None,
        "others": [
            _beside(request, mine, it) for it in found if it.version_id != subscription.version_id
        ],
    }
    return render(request, "portal/my_plan.html", page)


def _beside(request: CustomerRequest, mine: Terms, offered: Offered) -> Other:
    months, show = request.subscription.months, request.operator.show
    amount = offered.terms.rates.get(months)
    mattering = [
        it
        for it in differences(mine, offered.terms)
        if not isinstance(it.what, Term) or it.what.months == months
    ]
    return Other(
        offered=offered,
        url=reverse("signup:plan", args=[request.operator.slug, offered.link]),
        rate=", ".join(rates_in_words(offered.terms, show))
        if amount is None
        else rate_in_words(months, amount, show),
        for_my_cycle=amount is not None,
        is_mine=offered.id == request.subscription.plan_id,
        differences=[
            (heading, [_said(it, mine, offered, show) for it in mattering if it.verdict is verdict])
            for verdict, heading in HEADINGS.items()
            if any(it.verdict is verdict for it in mattering)
        ],
    )


def _said(difference: Difference, mine: Terms, offered: Offered, show: Show) -> InWords:
    """Will say a difference; of a service offered in another way, all that is offered of it."""
    said, what = difference_in_words(difference, show), difference.what
    if not isinstance(what, Service) or difference.aspect != "offer":
        return said
    return said._replace(
        before=in_words(what, mine.allowance(what), show),
        after=in_words(what, offered.terms.allowance(what), show),
    )
