"""Every line of an invoice explains itself: a plain sentence of what it was worked out from.

Nothing here touches the database. ``show`` writes minor units as the operator does; days and
counts follow the locale. People read a span's last day; ``ends_on`` is the day after it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from babel.dates import format_date, format_interval
from babel.numbers import format_decimal

from postroom.domain.plans.services import Service
from postroom.domain.usage.allowances import blocks_of

Show = Callable[[int], str]

#: What a term is called, and what its rate is for; others by their number of months.
LENGTHS = {1: ("1 month", "a month"), 12: ("1 year", "a year")}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a line was worked out from. The fields are those of ``InvoiceLine``, with more of tax.

    ``months`` is how long the whole term is that a rate is for.
    """

    kind: str
    starts_on: date
    ends_on: date
    amount_minor: int = 0
    plan_name: str = ""
    months: int | None = None
    rate_minor: int | None = None
    days: int | None = None
    whole_days: int | None = None
    service: str = ""
    revision: int = 0
    used_before: int | None = None
    used: int | None = None
    limit: int | None = None
    over: int | None = None
    extra_count: int | None = None
    extra_fee_minor: int | None = None
    billed_before_minor: int = 0
    text: str = ""
    tax_percent: Decimal | None = None
    tax_name: str = "Tax"
    #: The sum that a line of tax is on.
    taxed_minor: int = 0


@dataclass(frozen=True)
class Pen:
    """Writes amounts, counts and days in one operator's way."""

    show: Show
    locale: str

    def count(self, number: int | None) -> str:
        return format_decimal(number or 0, locale=self.locale)

    def percent(self, percent: Decimal | None) -> str:
        """Will write a percentage without idle zeros: “8.875%”."""
        return format_decimal(percent or 0, format="#,##0.####", locale=self.locale) + "%"

    def day(self, on: date) -> str:
        return format_date(on, format="medium", locale=self.locale)

    def span(self, line: Facts) -> str:
        """Will write the days of a line: “Mar 12 – Apr 11, 2025”."""
        last = max(line.starts_on, line.ends_on - timedelta(days=1))
        if last == line.starts_on:
            return self.day(last)
        written = format_interval(line.starts_on, last, "yMMMd", locale=self.locale)
        # Its thin spaces are lost where people search or copy.
        return written.replace("\N{THIN SPACE}", " ")

    def rate(self, line: Facts) -> str:
        """Will write what a whole term costs: “$9.99 a month”."""
        months = line.months or 1
        per = LENGTHS.get(months, ("", f"for {months} months"))[1]
        return f"{self.show(line.rate_minor or 0)} {per}"


def sentence(line: Facts, *, show: Show, locale: str = "en_US") -> str:
    """Will say what a line is for and how its amount came about."""
    return SENTENCES[line.kind](line, Pen(show, locale))


def _rate(line: Facts, pen: Pen) -> str:
    if line.days == line.whole_days:
        months = line.months or 1
        length = LENGTHS.get(months, (f"{months} months", ""))[0]
        return f"{line.plan_name}, {length}: {pen.span(line)}."
    return f"{line.plan_name}, {_share(line, pen)}: {pen.span(line)}."


def _credit(line: Facts, pen: Pen) -> str:
    """Will say what is given back; ``days`` are also those that were credited before."""
    said = f"{line.plan_name}, not used: {_share(line, pen)}"
    if line.billed_before_minor:
        said += f", less {pen.show(-line.billed_before_minor)} credited before"
    return f"{said}: {pen.span(line)}."


def _share(line: Facts, pen: Pen) -> str:
    days, whole = pen.count(line.days), pen.count(line.whole_days)
    return f"{days} of {whole} days at {pen.rate(line)}"


def _extra(line: Facts, pen: Pen) -> str:
    """Will say what was used, included and over; of a late one also what was billed before."""
    what = f"{Service(line.service).label}, {pen.span(line)}"
    if not line.revision:
        return f"{what}: {_counted(line, pen)}."
    now = pen.show(line.amount_minor + line.billed_before_minor)
    before = pen.show(line.billed_before_minor)
    return f"{what}, came late: now {_counted(line, pen)}, {now}; billed before {before}."


def _counted(line: Facts, pen: Pen) -> str:
    # Recipients are a level: what is billed is the highest number held.
    word = "held" if line.service == Service.RECIPIENTS else "used"
    said = f"{pen.count(line.used)} {word}"
    if line.used_before:
        said = f"{pen.count(line.used)} more {word} after {pen.count(line.used_before)} before"
    if line.limit is None:
        return f"{said}, not offered: no fee"
    included = pen.count(line.limit) if line.limit else "none"
    return f"{said}, {included} included, {_over(line, pen)}"


def _over(line: Facts, pen: Pen) -> str:
    over, block, fee = line.over or 0, line.extra_count or 1, pen.show(line.extra_fee_minor or 0)
    if not over:
        return "none over"
    if block == 1:
        return f"{pen.count(over)} over at {fee} each"
    blocks = blocks_of(over, block)
    many = f"{pen.count(blocks)} blocks" if blocks > 1 else "1 block"
    each = " each" if blocks > 1 else ""
    return f"{pen.count(over)} over, {many} of {pen.count(block)} at {fee}{each}"


def _storage(line: Facts, pen: Pen) -> str:
    return f"Storage: {pen.span(line)}."


def _setup(line: Facts, pen: Pen) -> str:
    return f"{line.plan_name}, setup fee, paid once."


def _deposit(line: Facts, pen: Pen) -> str:
    return f"{line.plan_name}, deposit, returned with the last bill."


def _deposit_return(line: Facts, pen: Pen) -> str:
    return f"{line.plan_name}, deposit returned."


def _charge(line: Facts, pen: Pen) -> str:
    return f"{line.text.rstrip('.')}, {pen.day(line.starts_on)}."


def _tax(line: Facts, pen: Pen) -> str:
    return f"{line.tax_name} {pen.percent(line.tax_percent)} on {pen.show(line.taxed_minor)}."


#: By the words of ``LineKind``.
SENTENCES: dict[str, Callable[[Facts, Pen], str]] = {
    "rate": _rate,
    "credit": _credit,
    "extra": _extra,
    "storage": _storage,
    "setup": _setup,
    "deposit": _deposit,
    "deposit_return": _deposit_return,
    "charge": _charge,
    "adjustment": _charge,
    "tax": _tax,
}


@dataclass(frozen=True)
class SetAsideWords:
    """Why a subscription could not be billed, in words, and what to do about it."""

    why: str
    do: str


#: By a part of what the database said.
REASONS = {
    'null value in column "amount_minor"': SetAsideWords(
        "Their plan has no rate for a term of this length.",
        "Switch them to a plan or a length of term that has one.",
    ),
    "out of range": SetAsideWords(
        "A count or an amount is larger than an invoice can hold.",
        "Correct what was counted or charged for them.",
    ),
    "worse terms need a clearance": SetAsideWords(
        "Their next term would be on worse terms that they were not told of.",
        "Record that they were told, or lock their price.",
    ),
}
WHATEVER = "Nothing was billed for them, and nothing is lost: they stay due."


def set_aside_in_words(reason: str) -> SetAsideWords:
    """Will put what the database said into words; what is not known is quoted."""
    for part, words in REASONS.items():
        if part in reason:
            return words
    return SetAsideWords(f"A rule of the database would be broken: {reason}.", WHATEVER)
