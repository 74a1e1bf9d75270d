"""Which rules on notice apply to a customer."""

from datetime import date

from django.db.models import Q

from postroom.domain.notices.models import NoticeRule
from postroom.domain.notices.windows import Place, Rule, that_apply
from postroom.domain.subscriptions.models import Subscription


def rules_in_force(*, on: date) -> list[NoticeRule]:
    """Will return the rules that keep new terms away on a day; reminders do not."""
    begun = Q(in_force_from__isnull=True) | Q(in_force_from__lte=on)
    going_on = Q(in_force_until__isnull=True) | Q(in_force_until__gte=on)
    return list(NoticeRule.objects.filter(begun, going_on, reminder=False).order_by("pk"))


def rules_for(subscription: Subscription, *, on: date) -> list[Rule]:
    """Will return what applies to a subscription: at its location and at its customer's address.

    ``subscription`` comes with its mailbox's location and its customer.
    """
    return that_apply([it.rule for it in rules_in_force(on=on)], places_of(subscription))


def places_of(subscription: Subscription) -> list[Place]:
    """Will return where a customer's mailbox is, and where they live as far as that is known."""
    location, customer = subscription.mailbox.location, subscription.customer
    return [
        Place(location.country, location.state),
        Place(customer.country, customer.state),
    ]
