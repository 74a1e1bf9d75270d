"""Writing a notice: its wording as HTML, by MJML, and as plain text, under an operator's name.

Nothing in it is fetched from anywhere: no picture, no font, nothing that tells who read it when.
The logo comes in the mail itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template import Context, Engine, Template
from mjml import mjml2html

from postroom.base.postman import one_line
from postroom.domain.customers.models import Customer
from postroom.domain.notices.facts import Facts
from postroom.domain.notices.models import Subject
from postroom.domain.notices.wording import Month, Part, Wording, worded
from postroom.domain.operators.colors import INK
from postroom.domain.operators.kinds import LogoKind
from postroom.domain.operators.letterheads import answers_to, heading_of, newest_letterhead
from postroom.domain.operators.models import Letterhead, Operator
from postroom.domain.operators.writing import Pen
from postroom.domain.plans.models import Plan

#: The layouts of mails, letters and evidence.
PAPERS = Path(__file__).parent / "papers"
#: Mail programs draw no SVG.
DRAWN = {LogoKind.PNG, LogoKind.JPEG}
#: What the logo's part of a mail is called.
LOGO = "logo"


@dataclass(frozen=True)
class Written:
    """A notice as it goes out and is kept."""

    title: str
    text: str
    html: str


@dataclass(frozen=True)
class Stationery:
    """What a mail shows of its operator."""

    name: str
    replies_to: str
    has_logo: bool
    #: Of the name, of titles and of the button.
    color: str


def stationery_of(operator: Operator) -> Stationery:
    """Will return what mails show now, by the newest letterhead."""
    letterhead = newest_letterhead()
    heading = heading_of(operator, letterhead)
    replies_to = answers_to(heading, operator)
    return Stationery(heading.name, replies_to, has_logo(letterhead), heading.color or INK)


def has_logo(letterhead: Letterhead | None) -> bool:
    """Will tell whether there is a logo that mail programs draw."""
    return bool(letterhead and letterhead.logo and letterhead.logo_kind in DRAWN)


def write(
    operator: Operator,
    *,
    subject: Subject,
    plan: Plan,
    words: str,
    customer: Customer,
    enclosed: Sequence[Facts],
    link: str,
    paper: Stationery | None = None,
) -> Written:
    """Will write what a customer is told of all their mailboxes that have the same first day.

    ``words`` is one paragraph of the operator's own, ``link`` the customer's page; ``paper`` saves
    a query where many are written.
    """
    paper, pen = paper or stationery_of(operator), Pen(operator)
    said = worded(
        subject,
        plan=plan.name,
        words=words,
        customer=customer.name,
        name=paper.name,
        may_answer=bool(paper.replies_to and customer.email),
        enclosed=enclosed,
        link=link,
        show=pen.money,
        day=pen.day,
    )
    return Written(one_line(said.title)[:200], as_text(said), as_html(said, paper))


def write_letter(
    paper: Stationery,
    *,
    title: str,
    to: str,
    opening: Sequence[str],
    ways: Sequence[str],
    link: str = "",
    link_says: str = "",
) -> Written:
    """Will write a mail that is no notice, under the operator's name: to whom it greets by name."""
    said = Wording(
        title=f"{title}: {paper.name}",
        greeting=f"Hello {to},",
        opening=tuple(opening),
        words=(),
        parts=(),
        ways=tuple(ways),
        link=link,
        link_says=link_says,
        questions="Questions? Answer this mail." if paper.replies_to else "",
        name=paper.name,
    )
    return Written(one_line(said.title)[:200], as_text(said), as_html(said, paper))


def as_html(said: Wording, paper: Stationery) -> str:
    """Will write a notice as HTML; nothing in it is read as markup."""
    facts = {"said": said, "logo": LOGO if paper.has_logo else "", "color": paper.color}
    html: str = mjml2html(_layout().render(Context(facts)))
    return html


@cache
def _layout() -> Template:
    return Engine().from_string((PAPERS / "notice.mjml").read_text(encoding="utf-8"))


def as_text(said: Wording) -> str:
    """Will write a notice for those who read text alone, and for paper."""
    parts = [
        said.greeting,
        *said.opening,
        *said.words,
        *(_part(it) for it in said.parts),
        *said.ways,
        said.link and f"{said.link_says}:\n{said.link}",
        said.questions,
        said.name,
    ]
    return "\n\n".join(it for it in parts if it) + "\n"


def _part(part: Part) -> str:
    rows = []
    for it in part.rows:
        rows += [f"{it.what}", f"  Now: {it.before}", f"  {part.starts}: {it.after}"]
    lines = [part.title, *rows, part.keeps]
    month = [_month(part.month)] if part.month else []
    return "\n\n".join(["\n".join(it for it in lines if it), *month])


def _month(month: Month) -> str:
    rows = [f"- {it.what}: {it.before} now, {it.after} then" for it in month.rows]
    return "\n".join(it for it in [month.title, *rows, month.note] if it)
