"""Monthly recurring revenue: what it is, how it moved, and each figure's way to what is behind."""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from django.http import HttpResponse
from django.shortcuts import render

from postroom.domain.operators.permissions import May
from postroom.domain.reports.recurring import (
    Held,
    Moved,
    Movement,
    RecurringMonth,
    customers_now,
    recurring,
)
from postroom.ui.plots import Plot, Series, line, stacked_bars
from postroom.ui.templatetags.ui import count, day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.reports.figures import Cell, Figures, House, Row, cell
from postroom.web.desk.reports.looking import Look
from postroom.web.desk.tables_to_take import table_of, to_take

#: How each movement is drawn. Above zero and below, what the operator did has one color.
TONES = {
    Movement.NEW: ("new", "New"),
    Movement.UP: ("up", "Up"),
    Movement.CHANGE_UP: ("change", "Plan change"),
    Movement.CHANGE_DOWN: ("change", "Plan change"),
    Movement.DOWN: ("down", "Down"),
    Movement.GONE: ("gone", "Gone"),
}
#: From zero outwards.
STACKED = [
    *(Movement.CHANGE_UP, Movement.UP, Movement.NEW),
    *(Movement.CHANGE_DOWN, Movement.DOWN, Movement.GONE),
]
COLUMNS = ("Opening", *(str(it.label) for it in Movement), "Closing", "Churn")
CSV_COLUMNS = (
    *("month", "opening", *(it.value for it in Movement), "closing", "subscriptions"),
    *(f"{it.value}_subscriptions" for it in Movement),
    *("average", "churn_percent"),
)


@desk(May.SEE_MONEY)
def reports(request: DeskRequest) -> HttpResponse:
    """The monthly recurring revenue of the last months, drawn and in figures."""
    look = Look(request)
    house, months = House(request.operator), recurring(look.view)
    now = months[-1]
    whole = next((it for it in reversed(months[:-1]) if it.opening.minor), None)
    context = {
        "look": look,
        "any": any(
            it.opening.subscriptions or it.closing.subscriptions or it.moved for it in months
        ),
        "now": house.amount(now.closing.minor),
        "net": f"{_signed(house, now.net)} since {day(now.month.day_before, request.operator)}",
        "now_url": look.link("report_behind", figure="closing"),
        "subscriptions": now.closing.subscriptions,
        "customers": count(customers_now(look.view), "customer"),
        "average": house.amount(now.closing.average or 0),
        "churn": house.percent(whole.churn if whole else None),
        "churn_of": house.month(whole.month) if whole else "No month has ended yet",
        "figures": _figures(look, house, months),
        "plots": _plots(house, months),
        "csv": look.link("reports_csv"),
    }
    return render(request, "desk/reports/recurring.html", context)


@desk(May.SEE_MONEY)
def reports_csv(request: DeskRequest) -> HttpResponse:
    """The same months for a spreadsheet."""
    look = Look(request)
    house, months = House(request.operator), recurring(look.view)
    rows = [_cells(house, it) for it in months]
    name = f"monthly-recurring-revenue-{request.on}"
    return to_take(table_of(request.operator, CSV_COLUMNS, rows), name=name)


def _cells(house: House, it: RecurringMonth) -> list[object]:
    moved = [it.moved.get(movement, Moved()) for movement in Movement]
    return [
        f"{it.month.first_day:%Y-%m}",
        house.plain(it.opening.minor),
        *(house.plain(each.minor) for each in moved),
        house.plain(it.closing.minor),
        it.closing.subscriptions,
        *(each.subscriptions for each in moved),
        house.plain(it.closing.average or 0),
        house.percent(it.churn).removesuffix("%") if it.churn is not None else "",
    ]


def _figures(look: Look, house: House, months: Sequence[RecurringMonth]) -> Figures:
    """Will write the months, the latest first."""
    rows = [_row(look, house, it) for it in reversed(months)]
    return Figures("Monthly recurring revenue by month", COLUMNS, rows)


def _row(look: Look, house: House, it: RecurringMonth) -> Row:
    def opens(figure: str) -> str:
        return look.link("report_behind", figure=figure, month=f"{it.month.first_day:%Y-%m}")

    moved = []
    for movement in Movement:
        each = it.moved.get(movement, Moved())
        write = partial(_signed, house)
        moved.append(cell(each.minor, write, opens(movement), _counted(each.subscriptions)))
    return Row(
        house.month(it.month),
        [
            _held(house, it.opening, opens("opening")),
            *moved,
            _held(house, it.closing, opens("closing")),
            Cell(house.percent(it.churn)),
        ],
    )


def _held(house: House, it: Held, url: str) -> Cell:
    return cell(it.minor, house.amount, url, _counted(it.subscriptions))


def _counted(subscriptions: int) -> str:
    """What stands below an amount: how many it is of."""
    return f"{subscriptions:,}" if subscriptions else ""


def _signed(house: House, minor: int | Fraction) -> str:
    """Will write a change: with a plus where it is one."""
    return f"+{house.amount(minor)}" if minor > 0 else house.amount(minor)


def _plots(house: House, months: Sequence[RecurringMonth]) -> list[tuple[str, Plot]]:
    places, first, now = house.places([it.month for it in months]), months[0], months[-1]
    standing = line(
        "recurring",
        title="Monthly recurring revenue at the end of each month",
        about=f"From {house.amount(first.closing.minor)} in {house.month(first.month)}"
        f" to {house.amount(now.closing.minor)} in {house.month(now.month)}.",
        places=places,
        amounts=[it.closing.minor for it in months],
        axis=house.axis,
    )
    series = [
        Series(TONES[it][1], TONES[it][0], [month.moved.get(it, Moved()).minor for month in months])
        for it in STACKED
    ]
    moves = stacked_bars(
        "moves",
        title="What moved it, by month",
        about="New, up and plan changes stand above zero; down, gone and plan changes below."
        " Above each month stands what they come to.",
        places=places,
        series=series,
        axis=house.axis,
    )
    return [("At the end of each month", standing), ("What moved it", moves)]
