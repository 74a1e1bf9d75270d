"""What each line of an invoice says of itself."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from postroom.base import money
from postroom.domain.billing.models import LineKind
from postroom.domain.billing.sentences import (
    SENTENCES,
    Facts,
    sentence,
    set_aside_in_words,
)


def said(kind: str, starts_on: str, ends_on: str, **facts: Any) -> str:
    """Will return the sentence of a line, in dollars and American."""
    line = Facts(
        kind=kind,
        starts_on=date.fromisoformat(starts_on),
        ends_on=date.fromisoformat(ends_on),
        **{"plan_name": "Bronze"} | facts,
    )
    return sentence(line, show=lambda minor: money.show(minor, "USD"))


def share(days: int, whole_days: int, months: int = 1, rate_minor: int = 999) -> dict[str, int]:
    return {"days": days, "whole_days": whole_days, "months": months, "rate_minor": rate_minor}


def extra(service: str = "open_and_scan", **facts: Any) -> str:
    return said("extra", "2025-05-12", "2025-06-12", **{"service": service} | facts)


def over(used: int, limit: int | None, over: int, fee: int = 150, block: int = 1) -> dict[str, Any]:
    return {
        "used": used,
        "limit": limit,
        "over": over,
        "extra_fee_minor": fee,
        "extra_count": block,
    }


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "facts", "words"),
    [
        ("2025-03-12", "2025-04-12", share(31, 31), "1 month: Mar 12 – Apr 11, 2025."),
        ("2025-01-31", "2025-02-28", share(28, 28), "1 month: Jan 31 – Feb 27, 2025."),
        (
            "2025-12-16",
            "2026-12-16",
            share(365, 365, 12),
            "1 year: Dec 16, 2025 – Dec 15, 2026.",
        ),
        ("2025-01-01", "2025-04-01", share(90, 90, 3), "3 months: Jan 1 – Mar 31, 2025."),
        (
            "2025-08-16",
            "2025-09-01",
            share(16, 31),
            "16 of 31 days at $9.99 a month: Aug 16 – 31, 2025.",
        ),
        ("2025-08-31", "2025-09-01", share(1, 31), "1 of 31 days at $9.99 a month: Aug 31, 2025."),
        (
            "2025-08-16",
            "2025-09-01",
            share(16, 365, 12, 10999),
            "16 of 365 days at $109.99 a year: Aug 16 – 31, 2025.",
        ),
        (
            "2025-08-16",
            "2025-09-01",
            share(16, 184, 6, 5000),
            "16 of 184 days at $50.00 for 6 months: Aug 16 – 31, 2025.",
        ),
    ],
)
def test_a_rate_says_how_long(
    starts_on: str, ends_on: str, facts: dict[str, int], words: str
) -> None:
    assert said("rate", starts_on, ends_on, **facts) == f"Bronze, {words}"


def test_a_credit_says_what_is_not_used() -> None:
    assert said("credit", "2025-06-20", "2025-07-01", **share(11, 30)) == (
        "Bronze, not used: 11 of 30 days at $9.99 a month: Jun 20 – 30, 2025."
    )


def test_a_second_credit_says_what_the_first_gave() -> None:
    facts = share(21, 30) | {"billed_before_minor": -366}
    assert said("credit", "2025-06-10", "2025-06-20", **facts) == (
        "Bronze, not used: 21 of 30 days at $9.99 a month, less $3.66 credited before:"
        " Jun 10 – 19, 2025."
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (over(12, 10, 2), "12 used, 10 included, 2 over at $1.50 each."),
        (over(17, 10, 7, 200, 3), "17 used, 10 included, 7 over, 3 blocks of 3 at $2.00 each."),
        (over(11, 10, 1, 200, 3), "11 used, 10 included, 1 over, 1 block of 3 at $2.00."),
        (over(2, 0, 2), "2 used, none included, 2 over at $1.50 each."),
        (
            over(1_234_567, 10, 1_234_557),
            "1,234,567 used, 10 included, 1,234,557 over at $1.50 each.",
        ),
        (
            over(4, 10, 2) | {"used_before": 8},
            "4 more used after 8 before, 10 included, 2 over at $1.50 each.",
        ),
        ({"used": 3, "over": 0}, "3 used, not offered: no fee."),
    ],
)
def test_an_extra_says_what_was_counted(facts: dict[str, Any], words: str) -> None:
    assert extra(**facts) == f"Open & scan, May 12 – Jun 11, 2025: {words}"


def test_recipients_are_held() -> None:
    assert extra("recipients", **over(6, 4, 2, 1000)) == (
        "Authorized recipients, May 12 – Jun 11, 2025: 6 held, 4 included, 2 over at $10.00 each."
    )


@pytest.mark.parametrize(
    ("amount", "facts", "words"),
    [
        (150, over(12, 10, 2), "12 used, 10 included, 2 over at $1.50 each, $3.00"),
        (-150, over(10, 10, 0), "10 used, 10 included, none over, $0.00"),
    ],
)
def test_what_came_late_says_what_was_billed_before(
    amount: int, facts: dict[str, Any], words: str
) -> None:
    facts |= {"revision": 1, "amount_minor": amount, "billed_before_minor": 150}
    assert extra(**facts) == (
        f"Open & scan, May 12 – Jun 11, 2025, came late: now {words}; billed before $1.50."
    )


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        ("setup", {}, "Bronze, setup fee, paid once."),
        ("deposit", {}, "Bronze, deposit, returned with the last bill."),
        ("deposit_return", {}, "Bronze, deposit returned."),
        ("charge", {"text": "Key replaced"}, "Key replaced, May 3, 2025."),
        ("charge", {"text": "Key replaced."}, "Key replaced, May 3, 2025."),
        ("adjustment", {"text": "The scanner was down"}, "The scanner was down, May 3, 2025."),
        ("storage", {}, "Storage: May 3, 2025."),
        (
            "tax",
            {
                "tax_name": "Sales tax",
                "tax_percent": Decimal("8.8750"),
                "taxed_minor": 999,
            },
            "Sales tax 8.875% on $9.99.",
        ),
        (
            "tax",
            {"tax_name": "VAT", "tax_percent": Decimal("20.0000"), "taxed_minor": -999},
            "VAT 20% on -$9.99.",
        ),
    ],
)
def test_the_other_lines(kind: str, facts: dict[str, Any], words: str) -> None:
    assert said(kind, "2025-05-03", "2025-05-04", **facts) == words


def test_numbers_and_days_follow_the_locale() -> None:
    line = Facts(
        kind="extra",
        starts_on=date(2025, 3, 12),
        ends_on=date(2025, 4, 12),
        service="forward",
        **over(1200, 1000, 200),
    )
    written = sentence(line, show=lambda minor: money.show(minor, "EUR", "de_DE"), locale="de_DE")
    assert written == (
        "Forward, 12. März – 11. Apr. 2025: 1.200 used, 1.000 included,"
        " 200 over at 1,50\N{NO-BREAK SPACE}€ each."
    )


def test_every_kind_of_line_has_its_sentence() -> None:
    assert set(SENTENCES) == set(LineKind.values)


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (
            'null value in column "amount_minor" of relation "draft_line" violates'
            " not-null constraint",
            "Their plan has no rate",
        ),
        ("bigint out of range", "larger than an invoice can hold"),
        ("worse terms need a clearance", "worse terms that they were not told of"),
        (
            "invoice takes no more credit than it owes",
            "would be broken: invoice takes no more credit",
        ),
    ],
)
def test_why_a_subscription_was_set_aside_is_said_in_words(reason: str, why: str) -> None:
    words = set_aside_in_words(reason)
    assert why in words.why
    assert words.do
