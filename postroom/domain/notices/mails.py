"""The mail that an envelope goes out as, and a sample of it."""

from datetime import datetime
from email.mime.image import MIMEImage
from email.utils import formataddr

from postroom.base.postman import Answer, Copied, Outcome, Postman, one_line, sender
from postroom.base.refusals import Refused
from postroom.domain.notices.models import Envelope
from postroom.domain.notices.writing import LOGO, Stationery, Written, has_logo, stationery_of
from postroom.domain.operators.letterheads import letterhead_at
from postroom.domain.operators.models import Letterhead, Operator


class SampleNotTaken(Refused):
    """The mail server did not take the sample: {said}"""


class MailPutOff(Exception):
    """The mail server takes no mail at the moment; the job that sends it tries again."""


def mail_of(envelope: Envelope, operator: Operator, *, address: str, paper: Stationery) -> Copied:
    """Will make an envelope a mail to an address, with a copy to the operator's service address."""
    written = Written(envelope.title, envelope.text, envelope.html)
    copy = operator.service_email if operator.service_email != address else ""
    mail = put_on_letterhead(written, paper, address=address, copy=copy, at=envelope.written_at)
    mail.extra_headers["Message-ID"] = envelope.message_id
    # A mail service has a name of its own for it, and says this beside it when it bounces.
    mail.metadata = {"notice": envelope.message_id}  # type: ignore[attr-defined]
    return mail


def send_sample(operator: Operator, *, written: Written, to: str, at: datetime) -> None:
    """Will send what a customer would get to somebody of the staff. Raises SampleNotTaken.

    It is no notice: nothing of it is kept. It waits for the mail server, so a job calls it.
    """
    titled = Written(f"Sample: {written.title}", written.text, written.html)
    mail = put_on_letterhead(titled, stationery_of(operator), address=to, copy="", at=at)
    with Postman() as postman:
        answer = postman.hand_over(mail)
    if answer.outcome != Outcome.ACCEPTED:
        raise SampleNotTaken(said=answer.said or "it does not answer")


def send_letter(written: Written, paper: Stationery, *, to: str, at: datetime) -> Answer:
    """Will hand a letter over and return the answer, unless it is put off: raises MailPutOff.

    It waits for the mail server, so a job calls it.
    """
    mail = put_on_letterhead(written, paper, address=to, copy="", at=at)
    with Postman() as postman:
        answer = postman.hand_over(mail)
    if answer.outcome == Outcome.PUT_OFF:
        raise MailPutOff(answer.said)
    return answer


def put_on_letterhead(
    written: Written, paper: Stationery, *, address: str, copy: str, at: datetime
) -> Copied:
    """Will make what is written a mail from the operator, with the logo of the letterhead."""
    replies = paper.replies_to
    mail = Copied(
        subject=one_line(written.title),
        body=written.text,
        from_email=sender(paper.name),
        to=[address],
        cc=[copy] if copy else None,
        reply_to=[formataddr((one_line(paper.name), replies))] if replies else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(written.html, "text/html")
    if f"cid:{LOGO}" in written.html:
        _enclose_logo(mail, letterhead_at(at))
    return mail


def _enclose_logo(mail: Copied, letterhead: Letterhead | None) -> None:
    """Will put the logo into the mail itself, so that nothing is fetched to show it."""
    if letterhead is None or not has_logo(letterhead):
        return
    image = MIMEImage(bytes(letterhead.logo or b""), letterhead.logo_kind)
    image.add_header("Content-ID", f"<{LOGO}>")
    image.add_header("Content-Disposition", "inline", filename=f"logo.{letterhead.logo_kind}")
    mail.attach(image)
    mail.mixed_subtype = "related"  # type: ignore[attr-defined]
