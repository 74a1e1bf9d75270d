"""What looks like a slip, with a box for each to say that it is right."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from postroom.domain.plan_changes.guards import Slip
from postroom.ui.plain_words import slip_in_words
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
