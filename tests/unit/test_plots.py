"""Plots: where amounts stand, what is written, and that nothing depends on a locale."""

from fractions import Fraction

import pytest

from postroom.ui.plots import Axis, Place, Series, line, stacked_bars, ticks_for

AXIS = Axis(short=lambda minor: f"${minor // 100}", full=lambda minor: f"${minor / 100:.2f}")
PLACES = [Place("Jan", "2026", "Jan 2026"), Place("Feb", "2026", "Feb 2026")]


def bars(*series: Series, places: list[Place] = PLACES):  # type: ignore[no-untyped-def]
    plot = stacked_bars("p", title="T", about="A", places=places, series=series, axis=AXIS)
    return plot, plot.drawings[0]


@pytest.mark.parametrize(
    ("amounts", "ticks"),
    [
        ([], [0, 100]),
        ([0, 0], [0, 100]),
        ([116115], [0, 50000, 100000, 150000]),
        ([-5916, 19496], [-10000, 0, 10000, 20000]),
        ([-7], [-8, -6, -4, -2, 0]),
        ([3], [0, 1, 2, 3]),
        ([Fraction(1, 3)], [0, 1]),
        ([-10000, -20000], [-20000, -15000, -10000, -5000, 0]),
    ],
)
def test_ticks_are_round_and_have_zero(amounts: list[int], ticks: list[int]) -> None:
    assert ticks_for(amounts) == ticks


def test_bars_stack_away_from_zero() -> None:
    _, drawing = bars(
        Series("New", "new", [100, 0]),
        Series("Up", "up", [50, 0]),
        Series("Gone", "gone", [-80, 0]),
    )
    [zero] = [float(it.y) for it in drawing.grid if it.is_zero]
    new, up, gone = drawing.bars
    assert float(new.y) + float(new.height) == pytest.approx(zero, abs=0.2)
    assert float(up.y) + float(up.height) == pytest.approx(float(new.y), abs=0.2)
    assert float(gone.y) == pytest.approx(zero, abs=0.2)
    assert float(gone.height) == pytest.approx(0.8 * float(new.height), abs=0.3)
    assert new.says == "Jan 2026, New: $1.00"


def test_what_is_nowhere_is_no_key() -> None:
    plot, _ = bars(Series("New", "new", [100, 0]), Series("Gone", "gone", [0, 0]))
    assert plot.keys == [("new", "New")]
    assert plot.title == "T" and plot.about == "A"


def test_sums_are_written_above_their_bars() -> None:
    _, drawing = bars(Series("New", "new", [900, 300]), Series("Gone", "gone", [-200, 0]))
    assert [it.text for it in drawing.amounts] == ["$7", "$3"]
    tops = [float(it.y) for it in drawing.bars if "New" in it.says]
    assert all(float(it.y) < top for it, top in zip(drawing.amounts, tops, strict=True))


def test_a_line_ends_at_its_last_amount() -> None:
    plot = line("l", title="T", about="A", places=PLACES, amounts=[0, Fraction(1000)], axis=AXIS)
    for drawing in plot.drawings:
        last = drawing.dots[-1]
        assert drawing.path.endswith(f"{last.x},{last.y}")
        assert drawing.area.endswith("Z")
        assert last.text == "Feb 2026: $10.00"


def test_a_narrow_plot_names_fewer_places() -> None:
    places = [Place("Mon", str(2024 + it // 12), f"M{it}") for it in range(25)]
    plot, wide = bars(Series("New", "new", list(range(25))), places=places)
    narrow = plot.drawings[1]
    assert len(narrow.labels) < len(wide.labels) == 25
    assert narrow.labels[-1].x == narrow.amounts[-1].x
    # The year stands where it begins, once.
    assert [it.below for it in wide.labels if it.below] == ["2024", "2025", "2026"]


def test_everything_lies_in_the_picture() -> None:
    plot, _ = bars(Series("New", "new", [1, 10**9]), Series("Gone", "gone", [-(10**8), 0]))
    for drawing in plot.drawings:
        for bar in drawing.bars:
            assert drawing.left <= float(bar.x)
            assert float(bar.x) + float(bar.width) <= drawing.width
            assert 0 < float(bar.y) < float(bar.y) + float(bar.height) < drawing.height
