"""A mail server on this machine, which keeps what it takes and answers what a test says."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings

TAKEN = "250 OK"


class MailServer:
    """What aiosmtpd asks at each step, and what was taken."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        #: What it says to a recipient or to a mail's content; the first is said first.
        self.to_recipient: dict[str, list[str]] = {}
        self.to_content: list[str] = []
        self.connections = 0

    async def handle_EHLO(  # noqa: N802  # the names are aiosmtpd's
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        said = self.to_recipient.get(address)
        if said:
            return said.pop(0)
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.to_content:
            return self.to_content.pop(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(mail)  # type: ignore[arg-type]
        return TAKEN

    def recipients(self) -> list[str]:
        return [str(it["To"]) for it in self.mails]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def serving(server: MailServer | None = None) -> Iterator[tuple[MailServer, int]]:
    """Will serve on a free port and have Django mail through it."""
    server = server or MailServer()
    port = free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        with override_settings(EMAIL_BACKEND=smtp, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
            yield server, port
    finally:
        controller.stop()


def pdf_of(mail: EmailMessage) -> bytes:
    """Will return the one PDF that a mail brings."""
    [attached] = [it for it in mail.iter_attachments() if it.get_content_type() != "text/html"]
    assert attached.get_content_type() == "application/pdf"
    content: bytes = attached.get_content()
    return content


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
