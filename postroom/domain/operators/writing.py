"""What documents and letters share: letterheads as templates take them, days and amounts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.core import Locale
from babel.dates import format_date

from postroom.base.typesetting import picture
from postroom.domain.operators.letterheads import heading_of
from postroom.domain.operators.models import Letterhead, Operator

#: Where people write on Letter; everywhere else it is A4.
ON_LETTER = {"US", "CA", "MX", "CL", "CO", "CR", "GT", "NI", "PA", "PH", "PR", "SV", "VE"}


@dataclass(frozen=True)
class Pen:
    """Writes days in one operator's way."""

    operator: Operator

    def day(self, on: date) -> str:
        return format_date(on, format="medium", locale=self.operator.locale)

    def money(self, minor: int) -> str:
        return self.operator.show(minor)

    def local(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.operator.time_zone)).date()


def head_facts(operator: Operator, letterhead: Letterhead | None) -> dict[str, Any]:
    """Will return a letterhead as a template takes it; without one, the operator's name alone."""
    heading = heading_of(operator, letterhead)
    logo = None
    if letterhead is not None and letterhead.logo:
        logo = picture(bytes(letterhead.logo), letterhead.logo_kind)
    contacts = [heading.phone, heading.email, heading.website] if letterhead else []
    return {
        "name": heading.name,
        "address": heading.address.splitlines(),
        "color": heading.color,
        "contacts": [it for it in contacts if it],
        "how_to_pay": heading.how_to_pay.splitlines(),
        "logo": logo,
    }


def page_facts(operator: Operator, *, title: str, author: str, at: datetime) -> dict[str, Any]:
    """Will return what a document is called, by whom and when, and the size of its paper."""
    on = Pen(operator).local(at)
    letter = Locale.parse(operator.locale).territory in ON_LETTER
    return {
        "title": title,
        "author": author,
        "date": [on.year, on.month, on.day],
        "paper": "us-letter" if letter else "a4",
    }
