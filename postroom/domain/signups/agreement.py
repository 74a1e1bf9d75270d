"""What somebody agrees to, word for word: shown before they say yes, and kept as evidence."""

from collections.abc import Callable
from dataclasses import dataclass

from babel.numbers import format_percent

from postroom.domain.operators.models import Location
from postroom.domain.plans.plain_words import Line, rate_in_words, terms_in_words
from postroom.domain.plans.terms import Terms

#: What a customer says yes to, beside the terms of the plan.
PROMISES = (
    "The rate is billed in advance, and what goes beyond the allowances after each month.",
    "The mailbox renews by itself at the end of each term until you leave, which you may any time.",
    "Dearer or smaller terms reach you only after a notice sent in time, and never within a term"
    " that is longer than a month.",
)


@dataclass(frozen=True)
class Agreement:
    """A plan's terms for somebody, in lines."""

    title: str
    rate: str
    lines: list[Line]
    promises: tuple[str, ...] = PROMISES

    def as_text(self) -> str:
        """Will write it down as it is kept."""
        lines = [f"{it.what}: {it.words}" for it in self.lines]
        return "\n".join([self.title, self.rate, *lines, *self.promises])


def agreement(
    terms: Terms,
    *,
    plan: str,
    number: int,
    months: int,
    place: str,
    mailbox: str,
    tax: str,
    show: Callable[[int], str],
) -> Agreement:
    """Will say what somebody agrees to: version ``number`` of a plan, for a mailbox at a place.

    ``tax`` says what is added to the amounts, if anything is.
    """
    return Agreement(
        title=f"{plan}, version {number}, mailbox #{mailbox} at {place}",
        rate=f"{rate_in_words(months, terms.rates[months], show)}, {_renewed(months)}",
        lines=[*terms_in_words(terms, show), *([Line("Tax", tax)] if tax else [])],
    )


def tax_in_words(location: Location, locale: str) -> str:
    """Will say what tax is added at a location, or nothing: “Sales tax of 8.875% is added”."""
    if not location.tax_percent or location.tax_included:
        return ""
    percent = format_percent(location.tax_percent / 100, format="#,##0.####%", locale=locale)
    return f"{location.tax_name} of {percent} is added"


def _renewed(months: int) -> str:
    every = {1: "month", 12: "year"}.get(months, f"{months} months")
    return f"renewed every {every}"
