"""Lines as facts make them, held against those that are stored: plain values, no database."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from postroom.domain.billing.models import LineKind
from postroom.domain.plans.services import Service
from postroom.domain.proof.faults import ONE_DAY, Fault, Page
from postroom.domain.proof.models import Kind
from postroom.domain.proof.rented import Line, Rented

#: How figures are called, in the order in which they are named.
FIGURES = {
    "days": "days",
    "whole_days": "days of the whole period",
    "rate_minor": "rate",
    "used_before": "used before",
    "used": "used",
    "limit": "limit",
    "over": "over",
    "extra_count": "extra count",
    "extra_fee_minor": "extra fee",
    "billed_before_minor": "billed before",
    "revision": "revision",
    "starts_on": "from",
    "ends_on": "to",
    "tax_percent": "tax percent",
    "tax_included": "tax included",
    "version_id": "version",
    "amount_minor": "amount",
}


@dataclass
class Lines:
    """The lines of one subscription: what facts owe is taken out, and the rest is not owed."""

    page: Page
    rented: Rented
    of: dict[tuple[int, str], list[Line]] = field(init=False)
    faults: list[Fault] = field(default_factory=list)

    def __init__(self, page: Page, rented: Rented, lines: Iterable[Line]) -> None:
        self.page, self.rented, self.faults = page, rented, []
        self.of = defaultdict(list)
        for line in lines:
            self.of[line.term_id, line.kind].append(line)

    def take(self, term: int, kind: LineKind) -> list[Line]:
        """Will take out the lines of a kind that a term was billed on, in order of revisions."""
        return sorted(self.of.pop((term, kind.value), []), key=lambda it: it.revision)

    def take_one(self, term: int, kind: LineKind) -> Line | None:
        """Will take out the one line of a kind that a term may have; further ones are not owed."""
        found = self.take(term, kind)
        self.of[term, kind.value] = found[1:]
        return found[0] if found else None

    def hold(self, line: Line, owed: Mapping[str, Any]) -> None:
        """Will name the figures of a line that are not what facts make them."""
        if line.subscription_id != self.rented.subscription.id:
            self._name(Kind.FIGURE, line, "is on a document of another subscription", "", "")
        wrong = [it for it in FIGURES if it in owed and getattr(line, it) != owed[it]]
        if wrong:
            amount = "amount_minor" in wrong
            said = "was worked out from other figures"
            self._name(
                Kind.AMOUNT if amount else Kind.FIGURE,
                line,
                "comes to something else" if amount else said,
                self._written({it: getattr(line, it) for it in wrong}),
                self._written({it: owed[it] for it in wrong}),
            )

    def miss(
        self, kind: LineKind, starts_on: date, ends_on: date, minor: int, service: str = ""
    ) -> None:
        """Will name a line that is owed and was not billed."""
        what = self._called(kind, service, starts_on, ends_on)
        self.faults.append(
            Fault(
                Kind.MISSING,
                f"{what} is owed and stands on no invoice.",
                "no line",
                self.page.money(minor),
                subscription=self.rented.subscription.id,
            )
        )

    def name_what_is_left(self) -> None:
        """Will name the lines that no fact owes."""
        for lines in self.of.values():
            for line in lines:
                said = "is owed for nothing"
                stored = self.page.money(line.amount_minor)
                self._name(Kind.NOT_OWED, line, said, stored, "no line")

    def _name(self, kind: Kind, line: Line, said: str, stored: str, right: str) -> None:
        what = self._called(LineKind(line.kind), line.service, line.starts_on, line.ends_on)
        self.faults.append(
            Fault(
                kind,
                f"{what} on number {line.number} {said}.",
                stored,
                right,
                invoice=line.invoice_id,
                subscription=self.rented.subscription.id,
            )
        )

    def _called(self, kind: LineKind, service: str, starts_on: date, ends_on: date) -> str:
        what = f"{kind.label} for {Service(service).label}" if service else kind.label
        return f"{what}, {self.page.days(starts_on, ends_on)},"

    def _written(self, figures: Mapping[str, Any]) -> str:
        return ", ".join(f"{FIGURES[it]} {self._shown(it, n)}" for it, n in figures.items())

    def _shown(self, name: str, figure: Any) -> str:
        if figure is None:
            return "none"
        if name.endswith("_minor"):
            return self.page.money(figure)
        if name == "ends_on":
            figure -= ONE_DAY
        return self.page.day(figure) if isinstance(figure, date) else str(figure)


def in_order(lines: Iterable[Line]) -> Iterator[tuple[Line, int]]:
    """Will yield lines with what those before each of them came to."""
    before = 0
    for line in lines:
        yield line, before
        before += line.amount_minor
