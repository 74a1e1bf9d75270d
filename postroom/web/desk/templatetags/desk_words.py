"""What a customer rents, in words."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template

from postroom.base.percent import show as show_percent
from postroom.domain.operators.models import Operator
from postroom.domain.plans.plain_words import rate_in_words, term_in_words
from postroom.domain.subscriptions.models import Subscription, Term
from postroom.domain.subscriptions.pending import Coming
from postroom.domain.subscriptions.queries import Held
from postroom.domain.subscriptions.signed_links import my_plan_url

register = template.Library()


@register.filter
def pays(held: Held, operator: Operator) -> str:
    """Will say what he pays: “$9.99 a month”."""
    if held.rate_minor is None:
        return "–"
    return rate_in_words(held.subscription.months, held.rate_minor, operator.show)


@register.filter
def costs(coming: Coming, operator: Operator) -> str:
    """Will say what a switch that waits will cost: “$19.99 a month”."""
    return rate_in_words(coming.switch.months, coming.rate_minor or 0, operator.show)


@register.filter
def percent(value: Decimal, operator: Operator) -> str:
    """Will write a percentage in the operator's format: “8.875%”."""
    return show_percent(value, operator.locale)


@register.simple_tag
def rate_of(months: int, amount_minor: int | None, operator: Operator) -> str:
    """Will say what a term costs: “$9.99 a month”."""
    return "–" if amount_minor is None else rate_in_words(months, amount_minor, operator.show)


@register.filter
def cycle(months: int) -> str:
    """Will name a billing cycle: “Monthly”."""
    return term_in_words(months).capitalize()


@register.filter
def my_plan(subscription: Subscription, at: datetime) -> str:
    """Will return the link that opens this customer's own “my plan and other plans”."""
    return my_plan_url(subscription, at)


@register.filter
def last_day(term: Term) -> date:
    """Will return the last day of a term, whose end is the day after."""
    return term.ends_on - timedelta(days=1)
