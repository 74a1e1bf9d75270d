"""What was measured, beside what it is held against, and how that is shown."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True)
class Result:
    """A figure of ours at a size, the reference's, and how many times the reference it may be."""

    name: str
    size: int
    ours: float
    unit: str
    #: Without one it is the figure at the smallest size: what should stay flat.
    reference: float | None = None
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times as slow, or as large, as the reference; 1 is the same."""
        if not self.ours or not self.reference:
            return None
        if self.unit.endswith("/s"):
            return self.reference / self.ours
        return self.ours / self.reference

    @property
    def missed(self) -> bool:
        return self.target is not None and self.ratio is not None and self.ratio > self.target

    def as_row(self) -> dict[str, str | int | float | None]:
        """Will return what stands in the list of JSON, figures of four digits."""
        row = asdict(self) | {"ratio": self.ratio}
        order = ["name", "size", "ours", "reference", "unit", "ratio", "target"]
        return {
            key: float(f"{row[key]:.4g}") if isinstance(row[key], float) else row[key]
            for key in order
        }


def held_against_the_smallest(results: Sequence[Result]) -> list[Result]:
    """Will give results without a reference the figure of the smallest size that was measured."""
    smallest: dict[str, float] = {}
    for it in sorted(results, key=lambda it: it.size):
        smallest.setdefault(it.name, it.ours)
    return [
        replace(it, reference=smallest[it.name]) if it.reference is None else it for it in results
    ]


def by_name(results: Sequence[Result]) -> list[Result]:
    """Will put the sizes of a measurement below each other, measurements as they came."""
    names = list(dict.fromkeys(it.name for it in results))
    return sorted(results, key=lambda it: (names.index(it.name), it.size))


def as_json(results: Iterable[Result]) -> str:
    return json.dumps([it.as_row() for it in results], indent=1)


def as_table(results: Iterable[Result]) -> str:
    """Will return the table that is read on a terminal."""
    rows = [_HEAD, *map(_cells, results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in _TEXTS else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def as_markdown(results: Iterable[Result]) -> str:
    """Will return the table as it stands in the documents."""
    rule = ["---" if column in _TEXTS else "---:" for column in range(len(_HEAD))]
    rows = [_HEAD, rule, *map(_cells, results)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


_HEAD = ["what", "size", "ours", "reference", "unit", "ratio", "target", ""]
_TEXTS = {0, 4, 7}


def _cells(it: Result) -> list[str]:
    return [
        it.name,
        f"{it.size:,}",
        shown(it.ours),
        shown(it.reference),
        it.unit,
        shown(it.ratio),
        shown(it.target),
        "MISSED" if it.missed else "",
    ]


def shown(number: float | None) -> str:
    """Will return a number with about three digits."""
    if number is None:
        return "–"
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.3g}"
