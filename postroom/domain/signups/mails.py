"""What is mailed to somebody who signs up, and how it goes out."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import TextChoices

from postroom.base.postman import Answer, Outcome
from postroom.domain.notices.mails import send_letter
from postroom.domain.notices.writing import Stationery, Written, stationery_of, write_letter
from postroom.domain.operators.models import Operator
from postroom.domain.operators.writing import Pen
from postroom.domain.signups.models import Signup
from postroom.domain.signups.signed_links import confirm_url, desk_url, signup_url
from postroom.domain.subscriptions.signed_links import my_plan_url


class Letter(TextChoices):
    """Which mail it is."""

    CONFIRM = "confirm", "Confirm your address"
    RECEIVED = "received", "We have your signup"
    ASKED = "asked", "We need something more"
    APPROVED = "approved", "Your mailbox is ready"
    REFUSED = "refused", "About your signup"
    TO_STAFF = "to_staff", "Somebody has signed up"


def mail_letter(signup: Signup, letter: Letter, *, at: datetime) -> Answer | None:
    """Will mail a letter to somebody who signs up; that it was refused for good is written down.

    The one to staff goes where customers' answers go, if there is such an address. It waits for
    the mail server, so a job calls it. Raises MailPutOff.
    """
    paper = stationery_of(signup.operator)
    to_staff = letter == Letter.TO_STAFF
    to = paper.replies_to if to_staff else signup.email
    if not to:
        return None
    answer = send_letter(_write(signup, letter, paper, at), paper, to=to, at=at)
    if not to_staff:
        trouble = answer.said if answer.outcome == Outcome.REFUSED else ""
        Signup.objects.filter(pk=signup.pk).update(mail_trouble=trouble)
    return answer


def _write(signup: Signup, letter: Letter, paper: Stationery, at: datetime) -> Written:
    opening, ways, link_says, link = SAY[letter](signup, signup.operator, at)
    return write_letter(
        paper,
        title=letter.label,
        to=paper.name if letter == Letter.TO_STAFF else signup.name,
        opening=opening,
        ways=ways,
        link=link,
        link_says=link_says,
    )


#: What is said before and after the link, what the link says, and where it leads.
Said = tuple[list[str], list[str], str, str]


def _what(signup: Signup) -> str:
    number = f"mailbox #{signup.mailbox.number} at " if signup.mailbox else ""
    return f"{number}{signup.location.name}, on {signup.plan.name}"


def _confirm(signup: Signup, operator: Operator, at: datetime) -> Said:
    opening = [f"You asked for {_what(signup)}. Confirm that mail to this address reaches you."]
    ways = ["The number is kept for you for three days. If this was not you, do nothing."]
    return opening, ways, "Confirm this address", confirm_url(signup)


def _received(signup: Signup, operator: Operator, at: datetime) -> Said:
    opening = [f"We have your signup for {_what(signup)}. We look at it and write to you."]
    ways = ["You pay nothing before that. What you agreed to is behind the link."]
    return opening, ways, "See how it stands", signup_url(signup)


def _asked(signup: Signup, operator: Operator, at: datetime) -> Said:
    opening = ["Before we can give you the mailbox, we need something more:", signup.asked]
    return opening, ["Your number stays on hold meanwhile."], "Answer", signup_url(signup)


def _approved(signup: Signup, operator: Operator, at: datetime) -> Said:
    subscription = signup.subscription
    assert subscription is not None, "what is approved has a subscription"
    place, number = signup.location, subscription.mailbox.number
    starts = Pen(operator).day(subscription.starts_on)
    opening = [
        f"Your mailbox is yours from {starts}.",
        f"Your address: {signup.name}, {place.street}, PMB {number},"
        f" {place.city}, {place.state} {place.postal_code}.",
    ]
    ways = ["The link shows your plan, what you use of it, and what other plans there are."]
    return opening, ways, "My plan", my_plan_url(subscription, at)


def _refused(signup: Signup, operator: Operator, at: datetime) -> Said:
    opening = [f"We cannot give you {_what(signup)}.", signup.reason]
    return opening, ["You have paid nothing, and the number is free again."], "", ""


def _to_staff(signup: Signup, operator: Operator, at: datetime) -> Said:
    opening = [f"{signup.name} has signed up for {_what(signup)}, and waits for you."]
    return opening, ["The number is on hold until you decide."], "Look at it", desk_url(signup)


SAY: dict[Letter, Callable[[Signup, Operator, datetime], Said]] = {
    Letter.CONFIRM: _confirm,
    Letter.RECEIVED: _received,
    Letter.ASKED: _asked,
    Letter.APPROVED: _approved,
    Letter.REFUSED: _refused,
    Letter.TO_STAFF: _to_staff,
}
