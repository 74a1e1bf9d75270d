"""Having a letter mailed to somebody who signs up."""

from postroom.domain.signups.mails import Letter
from postroom.domain.signups.models import Signup
from postroom.web.worker import ask_worker


def mail(signup: Signup, letter: Letter) -> None:
    """Will have a letter mailed, if the transaction that gives cause for it stands."""
    ask_worker(
        "mail_signup",
        operator_id=signup.operator_id,
        signup_id=signup.pk,
        letter=letter.value,
    )
