"""Agreeing to the terms and sending it; confirming the address, which hands it to staff."""

from datetime import datetime, timedelta

from django.db import transaction

from postroom.base.refusals import Refused
from postroom.domain.customers.actions import add_customer, change_customer, name_recipients
from postroom.domain.customers.models import Customer, Standing
from postroom.domain.events.actions import in_the_name_of, record
from postroom.domain.plans.models import PlanVersion
from postroom.domain.plans.published import Offered, offers
from postroom.domain.signups.choosing import OfferChangedMeanwhile, SignupIsSent
from postroom.domain.signups.filling import details_of, is_filled_in
from postroom.domain.signups.models import IN_HAND, Consent, Signup, SignupState, Source

#: For how long a number stays on hold for who has sent it and is to confirm the address.
HOLD_TO_CONFIRM = timedelta(days=3)


class NumberLapsed(Refused):
    """Your number was on hold for a while only, and is free again. Choose it once more."""


class NotFilledIn(Refused):
    """Say who you are first."""


class AddressHasChanged(Refused):
    """This link was for another address. Use the one in the mail that was sent last."""


class NothingAsked(Refused):
    """Nothing was asked of you."""


@transaction.atomic
def send(
    signup: Signup, *, version_id: int, words: str, agreed_from: str | None, at: datetime
) -> Signup:
    """Will keep that somebody agrees to a version, in ``words``, and wants the mailbox.

    Its address is to be confirmed then; sent once more, it is the same. Raises SignupIsSent,
    NotFilledIn, NumberLapsed, or OfferChangedMeanwhile where the version that was shown is not
    the one on sale.
    """
    signup = Signup.objects.select_for_update(of=("self",)).get(pk=signup.pk)
    if signup.state not in IN_HAND:
        raise SignupIsSent()
    if not is_filled_in(signup):
        raise NotFilledIn()
    if signup.mailbox_id is None:
        raise NumberLapsed()
    offered = still_offered(signup)
    if offered is None or offered.version_id != version_id:
        raise OfferChangedMeanwhile()
    signup.version = PlanVersion.objects.get(pk=version_id)
    signup.state = SignupState.TO_VERIFY
    signup.agreed_words, signup.agreed_at, signup.agreed_from = words, at, agreed_from
    signup.seen_at, signup.held_until = at, at + HOLD_TO_CONFIRM
    signup.save()
    return signup


@transaction.atomic
def confirm(signup: Signup, *, email: str, at: datetime) -> Signup:
    """Will note that mail to an address is read, which makes a pending customer with the consent.

    Confirmed twice, it is once. Raises AddressHasChanged, or NumberLapsed where too much time has
    passed: then a number is to be chosen again.
    """
    signup = Signup.objects.select_for_update(of=("self",)).get(pk=signup.pk)
    if signup.email != email or signup.state == SignupState.STARTED:
        raise AddressHasChanged()
    if signup.state != SignupState.TO_VERIFY:
        return signup
    if signup.mailbox_id is None:
        raise NumberLapsed()
    customer = add_customer(
        signup.operator,
        details=details_of(signup),
        standing=Standing.PENDING,
        by=None,
        at=at,
        form=signup.started_by_form,
    )
    name_recipients(customer, names=signup.recipients, at=at)
    signup.customer, signup.state = customer, SignupState.WAITING
    signup.email_confirmed_at, signup.held_until = at, None
    signup.save(update_fields=["customer", "state", "email_confirmed_at", "held_until"])
    _keep_consent(signup, customer)
    facts = {"plan": signup.plan.name, "source": Source(signup.source).label}
    with in_the_name_of(signup.name):
        record("customer.signed_up", customer, by=None, at=at, facts=facts)
    return signup


@transaction.atomic
def answer(signup: Signup, *, words: str, at: datetime) -> Signup:
    """Will hand a signup back to staff with what they asked for. Raises NothingAsked."""
    signup = Signup.objects.select_for_update(of=("self",)).get(pk=signup.pk)
    if signup.state != SignupState.ASKED or signup.customer is None:
        raise NothingAsked()
    signup.state, signup.answered = SignupState.WAITING, words
    signup.save(update_fields=["state", "answered"])
    customer = signup.customer
    details = details_of(signup)
    with in_the_name_of(signup.name):
        change_customer(customer, details=details, seen=customer.revision, by=None, at=at)
        name_recipients(customer, names=signup.recipients, at=at)
        facts = {"words": words}
        record("customer.answered_signup", customer, by=None, at=at, facts=facts)
    return signup


def still_offered(signup: Signup) -> Offered | None:
    """Will return the plan as it is sold now where and how it was chosen, if it is."""
    found = offers(
        signup.operator_id, Source(signup.source).channel, location_id=signup.location_id
    )
    offered = next((it for it in found if it.id == signup.plan_id), None)
    return offered if offered and signup.months in offered.terms.rates else None


def _keep_consent(signup: Signup, customer: Customer) -> None:
    assert signup.agreed_at is not None, "what is sent is agreed to"
    Consent.objects.create(
        operator_id=signup.operator_id,
        customer=customer,
        signup=signup,
        version_id=signup.version_id,
        months=signup.months,
        words=signup.agreed_words,
        email=signup.email,
        agreed_at=signup.agreed_at,
        agreed_from=signup.agreed_from,
    )
