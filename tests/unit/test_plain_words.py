"""The words in which the desk and every public page say a plan's terms."""

import pytest

from postroom.base import money
from postroom.demo.cast import BRONZE
from postroom.domain.plans.plain_words import (
    difference_in_words,
    in_words,
    rate_in_words,
    storage_in_words,
    term_in_words,
    terms_in_words,
)
from postroom.domain.plans.services import MailType, Offer, Per, Service
from postroom.domain.plans.terms import Allowance, StorageRule, Terms, Verdict, differences


def show(minor: int) -> str:
    return money.show(minor, "USD")


@pytest.mark.parametrize(
    ("service", "allowance", "words"),
    [
        (
            Service.INCOMING_MAIL,
            Allowance(Offer.RESTRICTED, 30, 1, 35),
            "30 incoming mail items a month, then $0.35 each",
        ),
        (
            Service.INCOMING_MAIL,
            Allowance(Offer.RESTRICTED, 1, 1, 35),
            "1 incoming mail item a month, then $0.35 each",
        ),
        (
            Service.SCANNED_PAGES,
            Allowance(Offer.RESTRICTED, 1500, 10, 200),
            "1,500 scanned pages a month, then $2.00 for each 10 or fraction of it",
        ),
        (
            Service.RECIPIENTS,
            Allowance(Offer.RESTRICTED, 4, 1, 1000),
            "4 authorized recipients, then $10.00 a month each",
        ),
        (Service.FORWARD, Allowance(Offer.RESTRICTED, 0, 1, 500), "None included, $5.00 each"),
        (
            Service.SHRED,
            Allowance(Offer.RESTRICTED, 2),
            "2 items shredded a month, then no extra fee",
        ),
        (Service.PICKUP, Allowance(Offer.UNLIMITED), "Unlimited"),
        (Service.CHECK_DEPOSIT, Allowance(Offer.NOT_OFFERED), "Not offered"),
    ],
)
def test_allowance_is_a_sentence(service: Service, allowance: Allowance, words: str) -> None:
    assert in_words(service, allowance, show) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (StorageRule(30, 5), "30 days free, then $0.05 a letter a day"),
        (
            StorageRule(1, 100, Per.WEEK, 500),
            "1 day free, then $1.00 a letter a week, at most $5.00",
        ),
        (StorageRule(0, 100, Per.MONTH), "No free days, $1.00 a letter a month"),
        (StorageRule(30, 0), "Free"),
    ],
)
def test_storage_is_a_sentence(rule: StorageRule, words: str) -> None:
    assert storage_in_words(MailType.LETTER, rule, show) == words


def test_rates_and_terms_are_named_as_people_say_them() -> None:
    assert rate_in_words(1, 999, show) == "$9.99 a month"
    assert rate_in_words(12, 10999, show) == "$109.99 a year"
    assert rate_in_words(3, 3000, show) == "$30.00 for 3 months"
    assert [term_in_words(months) for months in (1, 12, 3)] == ["monthly", "annual", "3 months"]


def test_amounts_are_written_as_the_operator_writes_them() -> None:
    words = rate_in_words(1, 999, lambda minor: money.show(minor, "EUR", "de_DE"))
    assert words == "9,99\N{NO-BREAK SPACE}€ a month"


def test_every_plan_is_listed_in_the_same_lines() -> None:
    bronze, bare = terms_in_words(BRONZE, show), terms_in_words(Terms(rates={1: 1}), show)
    assert [line.what for line in bronze] == [line.what for line in bare]
    assert dict(bare)["Letter storage"] == "Not offered"
    assert dict(bronze)["Letter storage"] == "30 days free, then $0.05 a letter a day"


def test_differences_say_what_was_what_comes_and_whether_it_is_worse() -> None:
    new = Terms(
        rates={1: 1299},
        allowances={**BRONZE.allowances, Service.PICKUP: Allowance(Offer.NOT_OFFERED)},
        storage={MailType.LETTER: StorageRule(30, 5, Per.WEEK, 100)},
    )
    said = [difference_in_words(it, show) for it in differences(BRONZE, new)]
    assert said == [
        ("Monthly rate", "$9.99 a month", "$12.99 a month", Verdict.WORSE),
        ("Annual rate", "$109.99 a year", "Not sold", Verdict.NEUTRAL),
        ("Pickup", "Unlimited", "Not offered", Verdict.WORSE),
        ("Storage of a letter, charged by", "Day", "Week", Verdict.WORSE),
        ("Storage of a letter, at most", "No cap", "$1.00", Verdict.BETTER),
        (
            "Storage of a package",
            "30 days free, then $0.05 a package a day",
            "Free",
            Verdict.BETTER,
        ),
    ]
