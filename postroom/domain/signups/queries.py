"""Finding signups, and what is known beside them."""

from django.db.models import Q, QuerySet

from postroom.domain.customers.models import Customer, Mailbox
from postroom.domain.signups.models import HOLDING, Signup, SignupState
from postroom.domain.signups.signed_links import Holder


def signup_of(holder: Holder) -> Signup | None:
    """Will return a link's signup with all that its pages name. Works in the operator's scope."""
    return (
        Signup.objects.filter(pk=holder.signup_id, operator_id=holder.operator_id)
        .select_related("operator", "location", "plan", "version", "mailbox", "subscription")
        .first()
    )


def find_signups(*, state: str = "", words: str = "") -> QuerySet[Signup]:
    """Will return the signups in a state, or with part of a name or address."""
    found = Signup.objects.select_related("location", "plan", "version", "mailbox", "customer")
    if state:
        found = found.filter(state=state)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(email__icontains=words))
    return found


def waiting_signups() -> int:
    """Will count the signups that staff have to decide on."""
    return Signup.objects.filter(state=SignupState.WAITING).count()


def others_with_address(signup: Signup) -> list[Customer]:
    """Will return the customers who have the same e-mail address already, but for the pending."""
    same = Customer.objects.filter(email=signup.email).exclude(pk=signup.customer_id or 0)
    return list(same.exclude(email="")[:5])


def holder_of(mailbox: Mailbox) -> Signup | None:
    """Will return the signup that a number is on hold for."""
    return find_signups().filter(mailbox=mailbox, state__in=HOLDING).first()


def signup_by(customer: Customer) -> Signup | None:
    """Will return how a customer signed up online, if they did."""
    return find_signups().filter(customer=customer).first()
