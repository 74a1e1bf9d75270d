"""Tables of figures that open, and how amounts and months are written in them and on plots."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from babel.dates import format_date
from babel.numbers import format_compact_currency, format_percent

from postroom.base import money
from postroom.base.money import round_half_away
from postroom.domain.operators.models import Operator
from postroom.domain.reports.months import Month
from postroom.ui.plots import Axis, Place


@dataclass(frozen=True)
class Cell:
    """A figure, where it opens to, and what is said below it."""

    text: str
    url: str = ""
    below: str = ""


@dataclass(frozen=True)
class Row:
    """What a row is of, and its figures."""

    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Figures:
    """A table of figures; ``total`` stands at its foot."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Row]
    total: Row | None = None


NOTHING = Cell("–")


class House:
    """How an operator writes."""

    def __init__(self, operator: Operator) -> None:
        self.operator = operator

    def amount(self, minor: int | Fraction) -> str:
        """Will write an amount, rounding a fraction once."""
        return self.operator.show(round_half_away(Fraction(minor)))

    def plain(self, minor: int | Fraction) -> str:
        """Will write an amount for a spreadsheet."""
        whole = round_half_away(Fraction(minor))
        return money.plain(whole, self.operator.currency, self.operator.locale)

    def percent(self, share: Fraction | None) -> str:
        """Will write a share with one decimal, or a dash where there is none."""
        if share is None:
            return NOTHING.text
        tenths = Fraction(round_half_away(share * 1000), 1000)
        return str(
            format_percent(
                tenths.numerator / tenths.denominator,
                format="#,##0.0%",
                locale=self.operator.locale,
            )
        )

    def month(self, month: Month) -> str:
        """Will name a month: “Nov 2026”."""
        return str(format_date(month.first_day, "MMM y", locale=self.operator.locale))

    @property
    def axis(self) -> Axis:
        return Axis(short=self._short, full=self.operator.show)

    def places(self, months: Sequence[Month]) -> list[Place]:
        """Will name months on an axis, the year below."""
        locale = self.operator.locale
        return [
            Place(
                str(format_date(it.first_day, "LLL", locale=locale)).rstrip("."),
                str(it.first_day.year),
                self.month(it),
            )
            for it in months
        ]

    def _short(self, minor: int) -> str:
        currency, locale = self.operator.currency, self.operator.locale
        amount = money.major(minor, currency)
        if abs(amount) < 10 and amount != amount.to_integral_value():
            return self.operator.show(minor)
        digits = 1 if abs(amount) >= 1000 else 0
        return str(
            format_compact_currency(
                round(amount) if digits == 0 else amount,
                currency,
                locale=locale,
                fraction_digits=digits,
            )
        )


def cell(
    minor: int | Fraction, write: Callable[[int | Fraction], str], url: str, below: str = ""
) -> Cell:
    """Will write a figure that opens; where there is nothing there is nothing to open."""
    return Cell(write(minor), url, below) if minor or below else NOTHING
