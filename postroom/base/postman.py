"""Handing mails to a mail server over one connection, and what its answers mean.

Knows nothing of what the mails are about.
"""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import formataddr, parseaddr
from types import TracebackType
from typing import Self

from anymail.exceptions import AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import TextChoices

#: As much of an answer as is kept.
SAID = 300
#: Answers to who sends that are about this one mail: it is too large.
TOO_LARGE = {523, 552}
#: The server closes the connection with this.
GOING = 421
#: The server wants us to sign in, whoever the mail is for.
SIGN_IN = {530, 534, 535, 538}
#: What a mail service answers about one mail, and not about all.
ABOUT_ONE = {400, 406, 413, 422}
#: What a mail service says of a recipient whom it will not write to.
NOT_TAKEN = {"invalid", "rejected", "failed"}


class Outcome(TextChoices):
    """What came of a try."""

    ACCEPTED = "accepted", "Accepted"
    PUT_OFF = "put_off", "Put off"
    REFUSED = "refused", "Refused"


@dataclass(frozen=True)
class Answer:
    """What came of handing a mail over; ``trouble`` if the server takes no mail at all."""

    outcome: Outcome
    code: int | None = None
    said: str = ""
    trouble: bool = False


class Copied(EmailMultiAlternatives):
    """A mail of which others get a copy: what becomes of the copy says nothing of the mail.

    A mail server takes a mail as soon as it takes it for one of its recipients; so the copy is
    handed over for itself. A mail service says of each what came of it.
    """

    bound_for: Sequence[str] = ()

    def recipients(self) -> list[str]:
        """Will return whom it is handed over for."""
        return [*self.bound_for] or super().recipients()


class Postman:
    """One connection for many mails, opened with the first and again where it broke."""

    def __init__(self, backend: str | None = None) -> None:
        """Will mail through another backend than that of the settings, if one is named."""
        self._backend = backend
        self._connection: BaseEmailBackend | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up()

    def hand_over(self, mail: EmailMessage) -> Answer:
        """Will hand a mail to the server and return its answer, whatever that is."""
        try:
            if self._connection is None:
                connection = get_connection(self._backend)
                connection.open()
                self._connection = connection
        except OSError as error:
            code, said = _code_and_words(error)
            return Answer(Outcome.PUT_OFF, code, said, trouble=True)
        mail.connection = self._connection
        if isinstance(mail, Copied) and mail.cc and not hasattr(self._connection, "esp_name"):
            return self._copied(mail)
        return self._sent(mail)

    def _copied(self, mail: Copied) -> Answer:
        """Will hand a mail over, and once it is taken its copy."""
        mail.bound_for = mail.to
        answer = self._sent(mail)
        if answer.outcome != Outcome.ACCEPTED or self._connection is None:
            return answer
        mail.bound_for = mail.cc
        copy = self._sent(mail)
        if copy.outcome == Outcome.ACCEPTED:
            return answer
        return replace(answer, said=f"The copy was not taken: {copy.said}"[:SAID])

    def _sent(self, mail: EmailMessage) -> Answer:
        try:
            mail.send()
        except OSError as error:
            answer = answer_to(error)
            if answer.trouble or answer.code is None or answer.code == GOING:
                self._hang_up()
            return answer
        except AnymailRecipientsRefused:
            return Answer(Outcome.REFUSED, said="The mail service does not write to this address.")
        except ValueError:
            return Answer(Outcome.REFUSED, said="No mail can be sent to such an address.")
        except AnymailError as error:
            return Answer(Outcome.PUT_OFF, said=one_line(str(error))[:SAID], trouble=True)
        return _of_the_first(mail)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError:
                return


def answer_to(error: OSError) -> Answer:
    """Will tell what an error in sending means: for good, for now, or for all mails."""
    code, said = _code_and_words(error)
    if isinstance(error, AnymailRequestsAPIError):
        # The answers of a mail service are those of HTTP.
        about_one = code in ABOUT_ONE
        return Answer(
            Outcome.REFUSED if about_one else Outcome.PUT_OFF, code, said, trouble=not about_one
        )
    permanent = code is not None and code >= 500
    if code in SIGN_IN or isinstance(
        error, smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError
    ):
        return Answer(Outcome.PUT_OFF, code, said, trouble=True)
    if isinstance(error, smtplib.SMTPSenderRefused):
        # Unless it is too large, it is who writes that is not liked, and so every mail.
        if code in TOO_LARGE:
            return Answer(Outcome.REFUSED, code, said)
        return Answer(Outcome.PUT_OFF, code, said, trouble=True)
    return Answer(Outcome.REFUSED if permanent else Outcome.PUT_OFF, code, said)


def _code_and_words(error: OSError) -> tuple[int | None, str]:
    """Will return the number and the words of an answer; without a number it was none."""
    code: int | None = None
    words: bytes | str = str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    elif isinstance(error, AnymailRequestsAPIError):
        code = error.status_code
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return (code if code and code > 0 else None), one_line(text)[:SAID]


def _of_the_first(mail: EmailMessage) -> Answer:
    """Will tell whether a mail was taken for whom it is to, as a mail service says of each."""
    status = getattr(mail, "anymail_status", None)
    of_it = status.recipients.get(mail.to[0]) if status is not None else None
    if of_it is not None and of_it.status in NOT_TAKEN:
        return Answer(Outcome.REFUSED, said=f"The mail service said: {of_it.status}.")
    return Answer(Outcome.ACCEPTED)


def one_line(text: str) -> str:
    """Will bring a text onto one line of a header, without what could end it."""
    return " ".join("".join(it if it.isprintable() else " " for it in text).split())


def sender(name: str) -> str:
    """Will return who a mail is from: the installation's address under an operator's name."""
    return formataddr((one_line(name), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def own_domain() -> str:
    """Will return the domain that our mails come from, for their Message-IDs."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
