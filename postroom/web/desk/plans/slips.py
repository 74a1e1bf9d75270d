"""What looks like a slip, with a box for each to say that it is right."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from postroom.domain.plan_changes.guards import RateSlip, Slip
from postroom.domain.plans.plain_words import Show, term_in_words
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest


@dataclass(frozen=True)
class Box:
    """A slip as the form asks about it; ``prefix`` tells two forms of one page apart."""

    id: str
    key: str
    sentence: str
    ticked: bool


def boxes(request: DeskRequest, slips: Iterable[Slip], *, prefix: str = "") -> list[Box]:
    """Will return the boxes for slips, ticked where they were sent so."""
    operator, sure = request.operator, said_sure(request)
    return [
        Box(
            f"sure-{prefix}{place}",
            it.key,
            slip_in_words(it, operator.show, lambda on: day(on, operator)),
            it.key in sure,
        )
        for place, it in enumerate(slips)
    ]


def said_sure(request: DeskRequest) -> Collection[str]:
    """Will return the keys of the slips that somebody said yes to."""
    return request.POST.getlist("sure")


def slip_in_words(slip: Slip, show: Show, day: Callable[[date], str]) -> str:
    """Will say what looks like a slip, as something to say yes to."""
    if isinstance(slip, RateSlip):
        term = f"{term_in_words(slip.months)} rate"
        return f"The {term} goes from {show(slip.old_minor)} to {show(slip.new_minor)}."
    one = slip.customers == 1
    return (
        f"{slip.customers:,} {'customer renews' if one else 'customers renew'} before"
        f" {day(slip.until)} and cannot be told in time:"
        f" {'this one keeps' if one else 'they keep'} the old terms until the renewal after."
    )
