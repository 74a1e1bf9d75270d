"""Comparing what was billed with what was expected, line by line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from postroom.base.money import major, precision
from postroom.domain.billing.models import LineKind
from postroom.scenarios.examples import Expectation, Line

#: Lines of one day are in this order; what is not named comes before the tax.
ORDER = [
    *[LineKind.RATE, LineKind.CREDIT, LineKind.EXTRA, LineKind.STORAGE, LineKind.SETUP],
    *[LineKind.DEPOSIT, LineKind.DEPOSIT_RETURN, LineKind.CHARGE, LineKind.TAX],
]


@dataclass(frozen=True)
class Refusal:
    """A subscription that could not be opened, moved or closed that day."""

    subscription: str
    on: date
    reason: str


@dataclass(frozen=True)
class Difference:
    """A line that is expected and was not billed, or the other way round."""

    subscription: str
    line: Line
    missing: bool

    def sentence(self, currency: str) -> str:
        said = "is expected and was not billed" if self.missing else "was billed unexpectedly"
        return f"{self.subscription}: {in_words(self.line, currency)} {said}"


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Will sort lines as scenarios list them, and leave out those that come to nothing."""
    return sorted((line for line in lines if line.amount_minor), key=_place_in_order)


def _place_in_order(line: Line) -> tuple[object, ...]:
    order = ORDER.index(line.kind)
    return (
        line.starts_on,
        order,
        line.ends_on,
        line.service or "",
        line.version or 0,
        (line.amount_minor),
    )


def differences(
    expected: Mapping[str, Sequence[Line]], billed: Mapping[str, Sequence[Line]]
) -> list[Difference]:
    """Will return what differs; a subscription that is not expected must have no lines."""
    found = list[Difference]()
    for key in dict.fromkeys([*expected, *billed]):
        missing, surplus = _unmatched(
            in_order(expected.get(key, ())), in_order(billed.get(key, ()))
        )
        found += [Difference(key, line, missing=True) for line in missing]
        found += [Difference(key, line, missing=False) for line in surplus]
    return found


def refusals_that_differ(expect: Expectation, refused: Sequence[Refusal]) -> list[str]:
    """Will say who was refused unexpectedly, and who was not and should have been."""
    happened = {(it.subscription, it.on) for it in refused}
    unexpected = [it for it in refused if (it.subscription, it.on) not in expect.refused]
    absent = sorted(expect.refused - happened, key=lambda it: (it[1], it[0]))
    return [f"{it.subscription}: was refused on {it.on}: {it.reason}" for it in unexpected] + [
        f"{key}: was not refused on {on}" for key, on in absent
    ]


def _unmatched(expected: Sequence[Line], billed: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Will pair lines and return those that are left on either side.

    An expected line that leaves out its version or service may pair with several; one that was
    paired too early gives way, so that as many as possible find a partner.
    """
    candidates = defaultdict[tuple[object, ...], list[int]](list)
    for index, line in enumerate(billed):
        candidates[_told(line)].append(index)
    partner = dict[int, int]()

    def pair(index: int, tried: set[int]) -> bool:
        for other in candidates[_told(expected[index])]:
            if other in tried or not _fits(expected[index], billed[other]):
                continue
            tried.add(other)
            if other not in partner or pair(partner[other], tried):
                partner[other] = index
                return True
        return False

    missing = [line for index, line in enumerate(expected) if not pair(index, set())]
    return missing, [line for index, line in enumerate(billed) if index not in partner]


def _told(line: Line) -> tuple[object, ...]:
    return line.kind, line.starts_on, line.ends_on, line.amount_minor


def _fits(expected: Line, billed: Line) -> bool:
    return (expected.version is None or expected.version == billed.version) and (
        expected.service is None or expected.service == billed.service
    )


def amount(minor: int, currency: str) -> str:
    """Will write an amount with exactly the currency's decimal places."""
    return f"{major(minor, currency):.{precision(currency)}f}"


def in_words(line: Line, currency: str) -> str:
    """Will write a line on one line."""
    service = f" ({line.service.value})" if line.service else ""
    version = f", version {line.version}" if line.version else ""
    span = f"{line.starts_on} to {line.ends_on}"
    return f"{line.kind.value}{service} {span}, {amount(line.amount_minor, currency)}{version}"
