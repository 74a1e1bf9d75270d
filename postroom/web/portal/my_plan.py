"""My plan and other plans: what a customer has, and what else he could have."""

from datetime import timedelta
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render

from postroom.domain.plans.plain_words import rate_in_words, term_in_words, terms_in_words
from postroom.domain.plans.published import offers
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.services import Channel
from postroom.web.portal.access import CustomerRequest, customer
from postroom.web.portal.comparing import beside


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
    beside_mine = partial(
        beside, months=subscription.months, operator=operator, plan_id=subscription.plan_id
    )
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
            beside_mine(mine, it) for it in found if it.version_id != subscription.version_id
        ],
    }
    return render(request, "portal/my_plan.html", page)
