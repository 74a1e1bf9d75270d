"""A mail with the link to a customer's own plan, when staff send it."""

from datetime import datetime

from django.db import transaction

from postroom.base.postman import Answer, Outcome
from postroom.base.refusals import Refused
from postroom.domain.events.actions import record
from postroom.domain.notices.mails import send_letter
from postroom.domain.notices.writing import Stationery, Written, stationery_of, write_letter
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.subscriptions.signed_links import my_plan_url
from postroom.domain.users.models import User


class NobodyToMail(Refused):
    """No e-mail address is entered for {customer}. Copy the link and give it to them yourself."""


@transaction.atomic
def ask_to_mail_link(subscription: Subscription, *, by: User, at: datetime) -> str:
    """Will note that somebody of the staff has the link mailed. Returns the address.

    Raises NobodyToMail.
    """
    customer = subscription.customer
    if not customer.email:
        raise NobodyToMail(customer=customer.name)
    record("subscription.link_asked", subscription, by=by, at=at, facts={"to": customer.email})
    address: str = customer.email
    return address


def mail_link(subscription: Subscription, *, to: str, at: datetime) -> Answer:
    """Will mail a customer the link to their plan; that it was refused for good is written down.

    It waits for the mail server, so a job calls it. Raises MailPutOff.
    """
    paper = stationery_of(subscription.operator)
    answer = send_letter(_write(subscription, paper, at), paper, to=to, at=at)
    if answer.outcome == Outcome.REFUSED:
        facts = {"to": to, "said": answer.said}
        record("subscription.link_refused", subscription, by=None, at=at, facts=facts)
    return answer


def _write(subscription: Subscription, paper: Stationery, at: datetime) -> Written:
    box = subscription.mailbox
    return write_letter(
        paper,
        title="My plan and other plans",
        to=subscription.customer.name,
        opening=[
            f"The link shows your plan for mailbox #{box.number} at {box.location.name},"
            " what you use of it, and what other plans would have cost you."
        ],
        ways=[
            "You can take another plan there. You see the exact amount first.",
            "The link is yours alone and works for 60 days. Do not pass it on.",
        ],
        link=my_plan_url(subscription, at),
        link_says="My plan and other plans",
    )
