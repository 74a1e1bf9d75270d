"""An operator's days and nights: what is done by day, and what is counted and billed by night."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter

from django.db.models import Min

from postroom.base.statistics import count_again
from postroom.base.tenancy import as_operator
from postroom.demo.calendar import at, night
from postroom.demo.cast import House
from postroom.domain.billing.running import bill_operator
from postroom.domain.operators.models import Operator
from postroom.domain.proof.acts import prove
from postroom.domain.subscriptions.models import Subscription
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import ClosedBefore, Given
from postroom.domain.users.models import User

#: How soon the timetable comes round again.
SOON = timedelta(minutes=10)
#: After so many bills the planner is told what there is: it may have counted empty tables.
COUNTED_AFTER = {5, 40}
#: In so many of the last nights the books are proved.
PROVED = 7


class Nights:
    """Lets an operator's days go by. Whatever is done on a day is done after its night."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self._used: list[Given] = []
        self._now = datetime.min.replace(tzinfo=UTC)
        self._billed = 0

    def will_use(self, entries: Iterable[Given]) -> None:
        """Will have these counted when their days have come."""
        self._used = sorted([*self._used, *entries], key=lambda it: str(it.when))

    def pass_until(self, day: date) -> None:
        """Will bill date by date what falls due up to a day, after counting what was used."""
        while (due := self._due_by(day)) is not None:
            self._now = max(night(due), self._now + SOON)
            self._count_until(self._now.date())
            aside = sum(run.set_aside for run in bill_operator(self._operator, at=self._now))
            if aside:
                raise RuntimeError(f"{aside} subscriptions of the demo were set aside on {due}")
            self._billed += 1
            if self._billed in COUNTED_AFTER:
                count_again()
        self._now = max(night(day), self._now)
        self._count_until(day)

    def work(self, day: date) -> None:
        """Will let the hour come in which things are done that day."""
        self._now = max(at(day), self._now)

    def _due_by(self, day: date) -> date | None:
        with as_operator(self._operator.pk):
            due = Subscription.objects.filter(next_bill_on__lte=day)
            first: date | None = due.aggregate(first=Min("next_bill_on"))["first"]
        return first

    def _count_until(self, day: date) -> None:
        coming = next(
            (place for place, it in enumerate(self._used) if str(it.when) >= day.isoformat()),
            len(self._used),
        )
        entries, self._used = self._used[:coming], self._used[coming:]
        if not entries:
            return
        with as_operator(self._operator.pk):
            outcomes = take_in(self._operator, entries, by=None, at=self._now)
        for outcome in outcomes:
            # Somebody who has left uses nothing any more.
            if outcome.refusal is not None and not isinstance(outcome.refusal, ClosedBefore):
                raise outcome.refusal


@dataclass(frozen=True)
class Day:
    """A day at a house, by whose owner everything is done."""

    house: House
    nights: Nights
    on: date

    @property
    def at(self) -> datetime:
        return at(self.on)

    @property
    def by(self) -> User:
        return self.house.owner


Act = Callable[[Day], object]


def prove_books(day: Day) -> None:
    """Will prove that everything that is stored up to that day's night is right."""
    proof = prove(day.house.operator, at=day.at)
    if proof.differences:
        raise RuntimeError(f"{proof.differences} things of the demo differ on {day.on}")


def live(house: House, nights: Nights, acts: Iterable[tuple[date, Act]], *, until: date) -> None:
    """Will do everything on its day, and let the nights between pass, up to and with a day's.

    In the last of them the books are proved too.
    """
    proofs = [(until - timedelta(days=n), prove_books) for n in range(PROVED)]
    for on, act in sorted([*acts, *proofs], key=itemgetter(0)):
        nights.pass_until(on)
        nights.work(on)
        with as_operator(house.operator.pk):
            act(Day(house, nights, on))
    nights.pass_until(until)
