"""The link in a notice: signed, so that it opens the page of one envelope and of no other."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from postroom.domain.notices.models import Announcement, Envelope

#: For how long a link works after the first day of what it tells of.
GOOD_AFTER = timedelta(days=30)
SALT = "postroom.notice"
#: The signed part of a link, wherever it stands in what was written.
SIGNED = re.compile(r"(?<=/notice/)[\w=-]+:[\w-]+")


@dataclass(frozen=True)
class Holder:
    """Which envelope a link is of: known before the envelope is written, and never another's."""

    operator_id: int
    announcement_id: int
    about_id: int
    first_day: date

    def is_over(self, at: datetime) -> bool:
        """Will tell whether the link has stopped working."""
        return at.date() > self.first_day + GOOD_AFTER


def answer_url(announcement: Announcement, about_id: int, first_day: date) -> str:
    """Will return the address where a customer reads and answers what they are told.

    ``about_id`` is the first of the subscriptions in the envelope. Good until 30 days after its
    first day.
    """
    here = reverse("notice:page", args=[answer_token(announcement, about_id, first_day)])
    return f"{settings.BASE_URL}{here}"


def answer_token(announcement: Announcement, about_id: int, first_day: date) -> str:
    """Will sign which envelope it is, so that the link is the same however often it is written."""
    facts = [announcement.operator_id, announcement.pk, about_id, first_day.toordinal()]
    return Signer(salt=SALT).sign_object(facts)


def read_answer_token(token: str) -> Holder | None:
    """Will return whose page a link opens, or nothing where it is forged or torn."""
    try:
        operator_id, announcement_id, about_id, first_day = Signer(salt=SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return Holder(operator_id, announcement_id, about_id, date.fromordinal(first_day))


def without_links(written: str) -> str:
    """Will leave the signed part of links out: whoever reads along is not the customer."""
    return SIGNED.sub("…", written)


def envelope_of(holder: Holder, at: datetime) -> Envelope | None:
    """Will return a link's envelope while the link is good. Works in the operator's scope."""
    if holder.is_over(at):
        return None
    return (
        Envelope.objects.filter(
            operator_id=holder.operator_id,
            announcement=holder.announcement_id,
            about=holder.about_id,
            first_day=holder.first_day,
        )
        .select_related("operator", "customer", "announcement__plan", "announcement__version")
        .first()
    )
