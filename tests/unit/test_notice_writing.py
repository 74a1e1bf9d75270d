"""What a notice says: each number in plain words, and nothing that is fetched or read as markup."""

import re
from dataclasses import replace
from datetime import date

import pytest

from postroom.demo.cast import BRONZE
from postroom.domain.customers.models import Customer
from postroom.domain.notices.facts import Facts, LastMonth, Used
from postroom.domain.notices.models import Subject
from postroom.domain.notices.writing import Stationery, Written, write
from postroom.domain.operators.models import Operator
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import MailType, Offer, Service
from postroom.domain.plans.terms import Allowance, StorageRule

HARBOR = Operator(name="Harbor Mail", currency="USD", locale="en_US")
PAPER = Stationery("Harbor Mail", "desk@harbor.example", has_logo=True, color="#0b4f7a")
LINK = "https://mail.example/answer/abc?x=1&y=2"
DEARER = replace(
    BRONZE,
    rates={1: 1199, 12: 12999},
    setup_fee_minor=500,
    allowances={**BRONZE.allowances, Service.OPEN_AND_SCAN: Allowance(Offer.RESTRICTED, 3, 1, 150)},
    storage={MailType.LETTER: StorageRule(14, 5), MailType.PACKAGE: StorageRule(30, 5)},
)
MAY = LastMonth(
    date(2026, 5, 1),
    date(2026, 6, 1),
    (Used(Service.OPEN_AND_SCAN, 4, 0, 150), Used(Service.FORWARD, 2, 1000, 1000)),
)
FACTS = Facts(
    mailbox="101",
    location="Brooklyn",
    plan="Bronze",
    new_plan="Bronze",
    months=1,
    old=BRONZE,
    new=DEARER,
    first_day=date(2026, 7, 1),
    worse=True,
    last_month=MAY,
)


def told(
    *enclosed: Facts,
    subject: Subject = Subject.CHANGE,
    words: str = "Postage went up.",
    link: str = LINK,
    paper: Stationery = PAPER,
    customer: str = "Ana Alvarez",
) -> Written:
    return write(
        HARBOR,
        subject=subject,
        plan=Plan(name="Bronze"),
        words=words,
        customer=Customer(name=customer, email="ana@customers.example"),
        enclosed=enclosed or (FACTS,),
        link=link,
        paper=paper,
    )


def read(html: str) -> str:
    """Will return what a mail program shows of a notice, on one line."""
    body = html[html.index("<body") :]
    shown = re.sub(r"<!--.*?-->|<[^>]+>", " ", body, flags=re.DOTALL)
    return " ".join(shown.replace("&amp;", "&").replace("&#x27;", "'").split())


SAID = [
    "Hello Ana Alvarez,",
    "with your first renewal on or after Jul 1, 2026",
    "Postage went up.",
    "Mailbox 101, Brooklyn",
    "$9.99 a month",
    "$11.99 a month",
    "5 items opened & scanned a month, then $1.00 each",
    "3 items opened & scanned a month, then $1.50 each",
    "14 days free, then $0.05 a letter a day",
    "Your last month redone: May 1, 2026 to May 31, 2026",
    "$19.99",
    "$23.49",
    "accept this, take another plan, or leave and choose your last day",
    "Switch or leave before Jul 1, 2026, and the new terms never reach you.",
    "Answer this message",
    "Harbor Mail",
]


@pytest.mark.parametrize("said", SAID)
def test_html_and_text_say_the_same(said: str) -> None:
    written = told()
    assert written.title == "Your plan Bronze changes on Jul 1, 2026"
    assert said in written.text
    assert said in read(written.html)


def test_what_stays_is_not_listed() -> None:
    text = told().text
    assert "Forward\n" not in text
    assert "Setup fee" not in text
    assert "year" not in text
    assert "Your rate stays $9.99 a month." in told(replace(FACTS, new=BRONZE)).text


def test_who_pays_by_the_year_sees_the_years_rate_and_a_months_extras() -> None:
    text = told(replace(FACTS, months=12)).text
    assert "$109.99 a year" in text
    assert "Together: $10.00 now, $11.50 then" in text
    assert "$9.99" not in text


def test_a_month_without_extras() -> None:
    quiet = replace(MAY, used=(Used(Service.OPEN_AND_SCAN, 2, 0, 0),))
    text = told(replace(FACTS, last_month=quiet)).text
    assert "You used nothing beyond your plan; the new terms would add none." in text


def test_on_the_date_says_how_it_is_split() -> None:
    assert (
        "The days before it are billed under the terms" in told(replace(FACTS, on_date=True)).text
    )


def test_better_terms_ask_for_nothing() -> None:
    better = replace(FACTS, old=DEARER, new=BRONZE, worse=False)
    text = told(better).text
    assert "Nothing gets dearer or less for you." in text
    assert "You need do nothing." in text


@pytest.mark.parametrize(
    ("subject", "title", "said"),
    [
        (Subject.MOVE, "You move from Bronze to Silver on Jul 1, 2026", "to the plan Silver."),
        (
            Subject.CORRECTION,
            "The change of your plan Bronze does not come",
            "That change does not come",
        ),
        (Subject.MESSAGE, "About your plan Bronze", "Nothing changes in your plan."),
    ],
)
def test_the_other_subjects(subject: Subject, title: str, said: str) -> None:
    new_plan = "Silver" if subject == Subject.MOVE else "Bronze"
    written = told(replace(FACTS, new_plan=new_plan), subject=subject)
    assert written.title == title
    assert said in written.text
    assert said in read(written.html)
    assert ("$11.99" in written.text) == (subject == Subject.MOVE)


def test_nothing_is_fetched_from_anywhere() -> None:
    html = told().html
    fetched = re.findall(r"(?:src|href|background)\s*=\s*[\"']([^\"']+)", html)
    fetched += re.findall(r"url\(([^)]+)\)|@import", html)
    assert set(fetched) == {"cid:logo", LINK.replace("&", "&amp;")}
    assert "cid:" not in told(paper=replace(PAPER, has_logo=False)).html


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        '</mj-text><mj-raw><img src="https://evil.example/x.png"></mj-raw>',
        '<mj-include path="/etc/passwd" />',
        "{{ said.link }} {% include 'x' %}",
        "]]> --> <!-- & &amp; &lt;b&gt;",
    ],
)
def test_what_is_typed_stays_text(typed: str) -> None:
    plain = told(words="x", customer="x", paper=replace(PAPER, name="x"))
    written = told(words=typed, customer=typed, paper=replace(PAPER, name=typed))
    assert typed in written.text
    tags = [re.findall(r"<\s*/?\w+", it.html) for it in (plain, written)]
    assert tags[0] == tags[1]


@pytest.mark.parametrize("link", [LINK, ""])
def test_the_link_is_there_if_there_is_one(link: str) -> None:
    written = told(link=link)
    assert (LINK in written.text) == bool(link)
    assert ("See your plan and answer" in written.html) == bool(link)
