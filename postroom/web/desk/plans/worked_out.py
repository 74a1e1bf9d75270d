"""A sheet as the question's page shows it: sentences first, then figures that open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from postroom.domain.plan_changes.models import Outcome, Sheet
from postroom.domain.plan_changes.reading import Line, Wanted, find_rows, named
from postroom.domain.plan_changes.sums import AtPlace, Bar, Sums, unpack
from postroom.ui.plots import Axis, Place, Plot, Series, stacked_bars
from postroom.ui.templatetags.ui import day
from postroom.web.desk.reports.figures import House

#: The customers whose month changes most, shown as examples.
EXAMPLES = 5
#: The places listed; the others are a filter of the customers' list.
PLACES = 10

#: What becomes of those who end so, as said to a shop owner.
MEANINGS = {
    Outcome.CHANGED: "They get the new terms on their own first day.",
    Outcome.JOINED: "They came to the plan with the new terms. Nothing changes for them.",
    Outcome.LOCKED: "You promised them their terms until a day. Then they follow.",
    Outcome.PINNED: "You promised them their terms for good.",
    Outcome.NOT_CHOSEN: "They keep what they have, since they are not in the group.",
    Outcome.PAID_TERM: "They have paid ahead. It reaches them when that term ends.",
    Outcome.NO_RATE: "The new terms have no rate for their length of term. They keep theirs.",
    Outcome.DEFERRED: "They cannot be told in time for this renewal. It reaches them at the next.",
    Outcome.NO_LAWFUL_DAY: "No day is both early and late enough to tell them. They keep theirs.",
    Outcome.MOVED: "They have chosen another plan.",
    Outcome.LEAVING: "They leave before it would reach them.",
    Outcome.UNDELIVERABLE: "They have no e-mail address that works. A letter has to reach them.",
}


@dataclass(frozen=True)
class Ending:
    """How some of the customers end, and where they are listed."""

    outcome: Outcome
    meaning: str
    customers: int
    url: str


@dataclass(frozen=True)
class There:
    """A place with whose rules apply there, and where its customers are listed."""

    where: str
    whose: str
    customers: int
    first_day: date
    url: str


@dataclass(frozen=True)
class Step:
    """A bar of the plot, in words."""

    words: str
    customers: int


class WorkedOut:
    """What a change does, with a link to the customers behind each figure."""

    def __init__(self, sheet: Sheet, house: House) -> None:
        """Will read the sums that the sheet keeps; its lines are read page by page."""
        self.sheet, self.house = sheet, house
        self.sums: Sums = unpack(sheet.sums)
        self.kept = self.sums.customers - self.sums.reached - self.sums.ending(Outcome.JOINED)

    def rows(self, **wanted: object) -> str:
        """Will return the address of the customers, all or some."""
        args = [self.house.operator.slug, self.sheet.plan_id, self.sheet.pk]
        query = f"?{urlencode(wanted)}" if wanted else ""
        return reverse("desk:sheet", args=args) + query

    @property
    def all(self) -> str:
        return self.rows()

    @property
    def dearer(self) -> str:
        return self.rows(who="dearer")

    @property
    def cheaper(self) -> str:
        return self.rows(who="cheaper")

    @property
    def above(self) -> str:
        return self.rows(who="above")

    @property
    def days(self) -> str:
        """From which day to which it starts for somebody."""
        return self._from_to(self.sums.first_day, self.sums.last_day)

    @property
    def notices(self) -> str:
        """From which day to which notices go out."""
        return self._from_to(self.sums.first_notice_on, self.sums.last_notice_on)

    def _from_to(self, first: date | None, last: date | None) -> str:
        show = self.house.operator
        if first == last:
            return f"on {day(first, show)}"
        return f"from {day(first, show)} to {day(last, show)}"

    @property
    def least(self) -> str:
        return self._more(lambda it: it.spread.least_minor if it.spread else 0)

    @property
    def median(self) -> str:
        return self._more(lambda it: it.spread.median_minor if it.spread else 0)

    @property
    def most(self) -> str:
        return self._more(lambda it: it.spread.most_minor if it.spread else 0)

    @property
    def total(self) -> str:
        return self._more(lambda it: it.spread.total_minor if it.spread else 0)

    def _more(self, read: Callable[[Sums], int]) -> str:
        return more(self.house, read(self.sums))

    @property
    def endings(self) -> list[Ending]:
        """Every way in which somebody ends, those who get the change first."""
        return [self.ending(it) for it in self.sums.outcomes]

    def ending(self, outcome: Outcome) -> Ending:
        """How many end so, nobody perhaps."""
        url = self.rows(outcome=outcome.value)
        return Ending(outcome, MEANINGS[outcome], self.sums.ending(outcome), url)

    @property
    def places(self) -> list[There]:
        """The places with the most customers who have to be told."""
        largest = sorted(self.sums.places, key=lambda it: -it.customers)
        return [
            There(it.where, whose(it), it.customers, it.first_day, self.rows(place=it.number))
            for it in largest[:PLACES]
        ]

    @property
    def other_places(self) -> int:
        return max(0, len(self.sums.places) - PLACES)

    @property
    def rules(self) -> list[str]:
        """Every rule on notice that applies to somebody, in full."""
        return list(dict.fromkeys(rule for it in self.sums.places for rule in it.rules))

    @property
    def steps(self) -> list[Step]:
        return [Step(self._span(it), it.customers) for it in self.sums.bars]

    def _span(self, bar: Bar) -> str:
        least, most = more(self.house, bar.least_minor), more(self.house, bar.most_minor)
        return least if least == most else f"{least} to {most}"

    @property
    def plot(self) -> Plot | None:
        """How many customers' months change by about how much; None where all are alike."""
        bars = self.sums.bars
        if len(bars) < 2:
            return None
        short = self.house.axis.short
        places = [
            Place(("+" if it.least_minor > 0 else "") + short(it.least_minor), "", self._span(it))
            for it in bars
        ]
        return stacked_bars(
            "a-month",
            title="Customers by what a month costs them more or less",
            about=f"From {self.least} to {self.most}; the middle one {self.median}.",
            places=places,
            series=[Series("Customers", "1", [it.customers for it in bars])],
            axis=Axis(short=_number, full=_number),
        )

    def examples(self) -> list[Line]:
        """Will read the customers whose month grows most."""
        found = find_rows(self.sheet, Wanted()).filter(first_day__isnull=False)
        return named(list(found.order_by("-month_change_minor", "pk")[:EXAMPLES]))


def whose(place: AtPlace) -> str:
    """Will say whose rules apply at a place: “US-NY, US, everywhere”."""
    names = dict.fromkeys(rule.partition(":")[0] for rule in place.rules)
    return ", ".join("everywhere" if it == "*" else it for it in names)


def more(house: House, minor: int) -> str:
    """Will write a change with its sign: “+$3.00”, “-$3.00”, “no change”."""
    if not minor:
        return "no change"
    return ("+" if minor > 0 else "") + house.operator.show(minor)


def _number(number: int) -> str:
    return f"{number:,}"
