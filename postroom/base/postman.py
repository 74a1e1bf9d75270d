"""Handing mails to a mail server over one connection, and what its answers mean.

Knows nothing of what the mails are about.
"""

import smtplib
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from django.core.mail import EmailMessage, get_connection
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


class Postman:
    """One connection for many mails, opened with the first and again where it broke."""

    def __init__(self) -> None:
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
                connection = get_connection()
                connection.open()
                self._connection = connection
        except OSError as error:
            code, said = _code_and_words(error)
            return Answer(Outcome.PUT_OFF, code, said, trouble=True)
        mail.connection = self._connection
        try:
            mail.send()
        except OSError as error:
            answer = answer_to(error)
            if answer.trouble or answer.code is None or answer.code == GOING:
                self._hang_up()
            return answer
        except ValueError:
            return Answer(Outcome.REFUSED, said="No mail can be sent to such an address.")
        return Answer(Outcome.ACCEPTED)

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
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    clean = " ".join("".join(it if it.isprintable() else " " for it in text).split())
    return (code if code and code > 0 else None), clean[:SAID]
