"""The customer's link to his own plan: signed, so that it opens his page and no other."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from postroom.base.periods import local_day
from postroom.domain.subscriptions.models import Subscription

#: For how long a link works, counted from the day on which it was issued.
GOOD_FOR = timedelta(days=60)
SALT = "postroom.my-plan"


@dataclass(frozen=True)
class Holder:
    """Whose page a link opens."""

    operator_id: int
    subscription_id: int


def my_plan_url(subscription: Subscription, at: datetime) -> str:
    """Will return the address of a customer's “my plan and other plans”, good for 60 days."""
    here = reverse("portal:my_plan", args=[my_plan_token(subscription, at)])
    return f"{settings.BASE_URL}{here}"


def my_plan_token(subscription: Subscription, at: datetime) -> str:
    """Will sign whose page it is and the day of issue, so that all links of a day are one."""
    facts = [subscription.operator_id, subscription.pk, at.date().toordinal()]
    return Signer(salt=SALT).sign_object(facts)


def read_my_plan_token(token: str, at: datetime) -> Holder | None:
    """Will return whose page a link opens, or nothing where it is forged, torn or too old."""
    try:
        operator_id, subscription_id, issued = Signer(salt=SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    age = at.date() - date.fromordinal(issued)
    return Holder(operator_id, subscription_id) if age <= GOOD_FOR else None


def subscription_of(holder: Holder, at: datetime) -> Subscription | None:
    """Will return a link's subscription with all that its page names, while it is open.

    Works in the operator's scope, so that a link can never show a neighbour's row.
    """
    found = (
        Subscription.objects.filter(pk=holder.subscription_id, operator_id=holder.operator_id)
        .select_related("operator", "customer", "plan", "version", "mailbox__location")
        .first()
    )
    if found is None:
        return None
    today = local_day(at, found.mailbox.location.time_zone)
    return found if found.closes_on is None or found.closes_on >= today else None
