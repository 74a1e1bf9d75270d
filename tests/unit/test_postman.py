"""What a mail server's answers mean: for good, for now, or that it takes no mail at all."""

import smtplib
from email.utils import getaddresses

import pytest
from anymail.exceptions import AnymailRequestsAPIError
from anymail.message import AnymailRecipientStatus
from django.core.mail import EmailMessage
from django.test import override_settings
from requests import Response

from postroom.base.postman import (
    SAID,
    Answer,
    Copied,
    Outcome,
    Postman,
    answer_to,
    one_line,
    sender,
)
from tests.mail_server import free_port, serving

ACCEPTED, REFUSED, PUT_OFF = Outcome.ACCEPTED, Outcome.REFUSED, Outcome.PUT_OFF


def to_recipient(code: int, said: bytes = b"No") -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"a@b.example": (code, said)})


@pytest.mark.parametrize(
    ("error", "outcome", "trouble"),
    [
        (to_recipient(550), REFUSED, False),
        (to_recipient(552), REFUSED, False),
        (to_recipient(450), PUT_OFF, False),
        (to_recipient(421), PUT_OFF, False),
        (to_recipient(530), PUT_OFF, True),
        (smtplib.SMTPDataError(554, b"Spam"), REFUSED, False),
        (smtplib.SMTPDataError(451, b"Later"), PUT_OFF, False),
        (smtplib.SMTPSenderRefused(552, b"Too large", "a@b.example"), REFUSED, False),
        (smtplib.SMTPSenderRefused(553, b"Not you", "a@b.example"), PUT_OFF, True),
        (smtplib.SMTPAuthenticationError(535, b"Who?"), PUT_OFF, True),
        (smtplib.SMTPHeloError(501, b"What?"), PUT_OFF, True),
        (smtplib.SMTPServerDisconnected("gone"), PUT_OFF, False),
        (TimeoutError("timed out"), PUT_OFF, False),
    ],
)
def test_each_answer(error: OSError, outcome: Outcome, trouble: bool) -> None:
    answer = answer_to(error)
    assert (answer.outcome, answer.trouble) == (outcome, trouble)


def test_words_are_kept_short_and_plain() -> None:
    said = answer_to(to_recipient(550, b"No\r\n\x1b[31m\xff" + b"x" * 1000)).said
    assert said.startswith("No [31m")
    assert len(said) == SAID
    assert said.isprintable()


def test_a_server_that_is_not_there_is_trouble() -> None:
    smtp = "django.core.mail.backends.smtp.EmailBackend"
    nobody = {"EMAIL_BACKEND": smtp, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": free_port()}
    with override_settings(**nobody), Postman() as postman:
        answer = postman.hand_over(message())
    assert (answer.outcome, answer.trouble) == (PUT_OFF, True)
    assert "refused" in answer.said


def message(to: str = "ana@customers.example") -> EmailMessage:
    return EmailMessage("Subject", "Text", "a@b.example", [to])


def test_one_connection_serves_many_mails() -> None:
    with serving() as (server, _), Postman() as postman:
        answers = [postman.hand_over(message()).outcome for _ in range(3)]
    assert answers == [Outcome.ACCEPTED] * 3
    assert server.connections == 1


def test_after_a_refusal_the_next_mail_goes() -> None:
    with serving() as (server, _), Postman() as postman:
        server.to_recipient["bo@customers.example"] = ["550 No such mailbox"]
        refused = postman.hand_over(message("bo@customers.example"))
        accepted = postman.hand_over(message())
    assert (refused.outcome, refused.code, refused.said) == (REFUSED, 550, "No such mailbox")
    assert accepted.outcome == Outcome.ACCEPTED


def test_an_address_that_is_none_is_refused() -> None:
    with serving(), Postman() as postman:
        answer = postman.hand_over(message("ana@customers.example\nBcc: all@evil.example"))
    assert answer.outcome == REFUSED
    assert answer.said == "No mail can be sent to such an address."


@pytest.mark.parametrize(
    "name", ["A\r\nBcc: all@evil.example", 'A" <b@evil.example>, "C', "株式会社\u2028x", "\x00"]
)
def test_a_name_stays_a_name(name: str) -> None:
    assert "\n" not in one_line(name)
    assert "\r" not in one_line(name)
    written = sender(name)
    assert [address for _, address in getaddresses([written])] == ["postroom@localhost"]


SERVICE = override_settings(EMAIL_BACKEND="anymail.backends.test.EmailBackend")


def copied(**statuses: str) -> Copied:
    """Will write a mail with a copy, of which a mail service says what comes of each."""
    mail = Copied("Hello", "Text", to=["a@b.example"], cc=["c@d.example"])
    of = {f"{it}.example": AnymailRecipientStatus("1", said) for it, said in statuses.items()}
    named = {it.replace("_", "@"): said for it, said in of.items()}
    mail.anymail_test_response = {"recipient_status": named}  # type: ignore[attr-defined]
    return mail


@SERVICE
def test_a_mail_service_takes_both_at_once() -> None:
    mail = copied(a_b="sent", c_d="rejected")
    with Postman() as postman:
        assert postman.hand_over(mail) == Answer(ACCEPTED)
    assert mail.recipients() == ["a@b.example", "c@d.example"]


@SERVICE
def test_a_mail_service_that_takes_the_copy_alone_has_refused() -> None:
    with Postman() as postman:
        answer = postman.hand_over(copied(a_b="rejected", c_d="sent"))
    assert (answer.outcome, answer.said) == (REFUSED, "The mail service said: rejected.")


@SERVICE
def test_a_mail_service_that_takes_nothing_has_refused() -> None:
    with Postman() as postman:
        assert postman.hand_over(copied(a_b="invalid", c_d="rejected")).outcome == REFUSED


@pytest.mark.parametrize(
    ("status", "outcome", "trouble"),
    [(422, REFUSED, False), (401, PUT_OFF, True), (429, PUT_OFF, True), (503, PUT_OFF, True)],
)
def test_answers_of_a_mail_service(status: int, outcome: Outcome, trouble: bool) -> None:
    response = Response()
    response.status_code, response.reason = status, "No"
    answer = answer_to(AnymailRequestsAPIError("No", response=response))
    assert (answer.outcome, answer.trouble, answer.code) == (outcome, trouble, status)
