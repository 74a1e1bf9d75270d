"""Plots as plain geometry: bars that stack above and below zero, and lines with their area.

Pure functions: amounts in, where everything stands out. ``ui/plot.html`` draws it as an SVG that
has classes only, so that ``ui/plots.css`` colors it, in light and dark. Each plot is drawn twice,
wide and narrow, since letters must not shrink with the picture; the style sheet shows one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, log10
from typing import Any

from postroom.base.money import round_half_away

Amount = int | Fraction
Show = Callable[[int], str]

#: The letters' height, and about how wide one is.
LETTER, LETTER_WIDTH = 12, 6.6
TOP, BOTTOM, GAP = 26, 38, 8


@dataclass(frozen=True)
class Series:
    """Amounts of one name, an amount for each place on the axis. ``tone`` is a class of the CSS."""

    name: str
    tone: str
    amounts: Sequence[Amount]


@dataclass(frozen=True)
class Place:
    """A place on the axis: what is written below it, and below that; and what it is called."""

    label: str
    below: str
    name: str


@dataclass(frozen=True)
class Axis:
    """How amounts are written: shortly on the axis and above bars, and in full."""

    short: Show
    full: Show


@dataclass(frozen=True)
class Text:
    x: str
    y: str
    text: str
    below: str = ""


@dataclass(frozen=True)
class Line:
    """A line of the grid, across the whole plot, with what is written beside it."""

    y: str
    text_y: str
    text: str
    is_zero: bool


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    tone: str
    says: str


@dataclass(frozen=True)
class Drawing:
    """A plot in one width."""

    size: str
    width: int
    height: int
    left: int
    grid: Sequence[Line]
    labels: Sequence[Text]
    bars: Sequence[Bar] = ()
    area: str = ""
    path: str = ""
    dots: Sequence[Text] = ()
    amounts: Sequence[Text] = ()


@dataclass(frozen=True)
class Plot:
    """What is drawn, named for those who do not see it; the table beside it has the amounts."""

    name: str
    title: str
    about: str
    keys: Sequence[tuple[str, str]]
    drawings: Sequence[Drawing]


@dataclass(frozen=True)
class _Canvas:
    """Where amounts and places stand in a picture of one width."""

    size: str
    width: int
    height: int
    ticks: Sequence[int]
    places: int
    axis: Axis
    left: int = field(init=False)

    def __post_init__(self) -> None:
        widest = max(len(self.axis.short(it)) for it in self.ticks)
        object.__setattr__(self, "left", ceil(widest * LETTER_WIDTH) + 2 * GAP)

    def y(self, amount: Amount) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        share = float(Fraction(amount - low) / (high - low))
        return TOP + (self.height - TOP - BOTTOM) * (1 - share)

    @property
    def step(self) -> float:
        return (self.width - self.left - GAP) / self.places

    def x(self, place: int) -> float:
        """The middle of a place."""
        return self.left + self.step * (place + 0.5)

    def every(self, letters: int) -> int:
        """Of how many places one has room for so many letters."""
        return max(1, ceil((letters + 1.2) * LETTER_WIDTH / self.step))


def stacked_bars(
    name: str,
    *,
    title: str,
    about: str,
    places: Sequence[Place],
    series: Sequence[Series],
    axis: Axis,
) -> Plot:
    """Will stack the amounts of each place: above zero upwards, below zero downwards."""
    heights = [_heights(series, place) for place in range(len(places))]
    ticks = ticks_for(it for pair in heights for it in pair)
    drawings = []
    for canvas in _canvases(ticks, len(places), axis):
        bars = [
            bar
            for place in range(len(places))
            for bar in _stack(canvas, series, place, places[place].name)
        ]
        sums = [
            sum((it.amounts[place] for it in series), Fraction(0)) for place in range(len(places))
        ]
        tops = [canvas.y(high) for _, high in heights]
        drawings.append(
            Drawing(**_frame(canvas, places), bars=bars, amounts=_amounts(canvas, sums, tops))
        )
    keys = dict.fromkeys((it.tone, it.name) for it in series if any(it.amounts))
    return Plot(name, title, about, list(keys), drawings)


def line(
    name: str,
    *,
    title: str,
    about: str,
    places: Sequence[Place],
    amounts: Sequence[Amount],
    axis: Axis,
) -> Plot:
    """Will draw a line from amount to amount, over its area."""
    ticks = ticks_for(amounts)
    drawings = []
    for canvas in _canvases(ticks, len(places), axis):
        points = [(canvas.x(place), canvas.y(it)) for place, it in enumerate(amounts)]
        path = "M" + " L".join(f"{_n(x)},{_n(y)}" for x, y in points)
        ground = _n(canvas.y(0))
        area = f"{path} L{_n(points[-1][0])},{ground} L{_n(points[0][0])},{ground} Z"
        dots = [
            Text(_n(x), _n(y), f"{it.name}: {axis.full(_whole(amount))}")
            for (x, y), it, amount in zip(points, places, amounts, strict=True)
        ]
        written = _amounts(canvas, amounts, [y for _, y in points])
        drawings.append(
            Drawing(**_frame(canvas, places), area=area, path=path, dots=dots, amounts=written)
        )
    return Plot(name, title, about, [], drawings)


def ticks_for(amounts: Iterable[Amount], *, about: int = 4) -> list[int]:
    """Will return round amounts, about so many steps apart, from the lowest to the highest.

    Zero is always one of them.
    """
    known = [0, *amounts]
    low, high = min(known), max(known)
    if low == high:
        return [0, 100]
    rough = float(high - low) / about
    power = 10 ** floor(log10(rough)) if rough >= 1 else 1
    step = max(1, next(int(it * power) for it in (1, 2, 5, 10) if it * power >= rough))
    first, last = floor(Fraction(low) / step), ceil(Fraction(high) / step)
    return [step * it for it in range(first, last + 1)]


def _canvases(ticks: Sequence[int], places: int, axis: Axis) -> list[_Canvas]:
    sizes = (("wide", 960, 280), ("narrow", 400, 260))
    return [_Canvas(*size, ticks, places, axis) for size in sizes]


def _frame(canvas: _Canvas, places: Sequence[Place]) -> dict[str, Any]:
    """Will place what every plot has: the grid and the names of the places."""
    every = canvas.every(max(len(it.label) for it in places))
    # Counted from the end: the latest place is always named.
    named = [place for place in range(len(places)) if (len(places) - 1 - place) % every == 0]
    below = {it: places[it].below for it in named}
    labels = [
        Text(
            _n(canvas.x(it)),
            _n(canvas.height - BOTTOM + LETTER + 6),
            places[it].label,
            # Once for all that stand beside each other.
            below[it] if at == 0 or below[it] != below[named[at - 1]] else "",
        )
        for at, it in enumerate(named)
    ]
    grid = [
        Line(_n(canvas.y(it)), _n(canvas.y(it) + LETTER / 3), canvas.axis.short(it), it == 0)
        for it in canvas.ticks
    ]
    return {
        "size": canvas.size,
        "width": canvas.width,
        "height": canvas.height,
        "left": canvas.left,
        "grid": grid,
        "labels": labels,
    }


def _heights(series: Sequence[Series], place: int) -> tuple[Amount, Amount]:
    amounts = [it.amounts[place] for it in series]
    return sum(it for it in amounts if it < 0), sum(it for it in amounts if it > 0)


def _stack(canvas: _Canvas, series: Sequence[Series], place: int, name: str) -> Iterable[Bar]:
    width = min(canvas.step * 0.68, 56)
    ends: dict[bool, Amount] = {True: 0, False: 0}
    for it in series:
        amount = it.amounts[place]
        if not amount:
            continue
        start, end = ends[amount > 0], ends[amount > 0] + amount
        ends[amount > 0] = end
        top, bottom = sorted((canvas.y(start), canvas.y(end)))
        yield Bar(
            _n(canvas.x(place) - width / 2),
            _n(top),
            _n(width),
            # What is not nothing can be seen.
            _n(max(bottom - top, 1)),
            it.tone,
            f"{name}, {it.name}: {canvas.axis.full(_whole(amount))}",
        )


def _amounts(canvas: _Canvas, amounts: Sequence[Amount], tops: Sequence[float]) -> list[Text]:
    """Will write amounts above their places where there is room, the latest always."""
    texts = [canvas.axis.short(_whole(it)) for it in amounts]
    every = canvas.every(max(len(it) for it in texts))
    last = len(texts) - 1
    return [
        Text(_n(canvas.x(it)), _n(tops[it] - 7), texts[it])
        for it in range(len(texts))
        if (last - it) % every == 0 and (amounts[it] or it == last)
    ]


def _whole(amount: Amount) -> int:
    return round_half_away(Fraction(amount))


def _n(number: float) -> str:
    """A coordinate, the same in every locale."""
    return f"{number:.1f}"
