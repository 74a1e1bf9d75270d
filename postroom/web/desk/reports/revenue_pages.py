"""Revenue by plan and by matter: months in rows, and each figure opens to its invoices."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from postroom.domain.billing.portions import NAMES
from postroom.domain.operators.permissions import May
from postroom.domain.reports.months import Month
from postroom.domain.reports.revenue import Matter, Revenue, revenue
from postroom.ui.plots import Plot, Series, stacked_bars
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.reports.figures import Cell, Figures, House, Row, cell
from postroom.web.desk.reports.looking import Look
from postroom.web.desk.tables_to_take import table_of, to_take, words

#: So many are drawn in colors of their own; the others together.
DRAWN, OTHERS = 6, "7"


@dataclass(frozen=True)
class Column:
    """A plan or a matter: its key in the amounts, its name, and what its invoices are found by."""

    key: Hashable
    name: str
    lines: Mapping[str, Any]


@dataclass(frozen=True)
class Split:
    """A revenue in columns: the amounts by month and key."""

    found: Revenue
    columns: Sequence[Column]
    amounts: Mapping[tuple[Month, Any], int]

    def of(self, column: Column, months: Sequence[Month]) -> int:
        """Will add up a column over months."""
        return sum(self.amounts.get((it, column.key), 0) for it in months)


def by_plan(found: Revenue) -> Split:
    """Will split a revenue by plan; what is of none comes last."""
    columns = [
        Column(it, found.plans[it].name, {"portion": "revenue", "plan": it})
        if it is not None
        else Column(None, "No plan", {"portion": "revenue", "plan": "none"})
        for it in found.plan_ids()
    ]
    return Split(found, columns, found.by_plan())


def by_matter(found: Revenue) -> Split:
    """Will split a revenue by what it was for."""
    columns = [Column(it, name_of(it), lines_of(it)) for it in found.matters]
    return Split(found, columns, found.by_matter())


def name_of(matter: Matter) -> str:
    """Will name a matter: extras by their service."""
    return str(matter.service.label) if matter.service else NAMES[matter.portion]


def lines_of(matter: Matter) -> dict[str, Any]:
    """Will say what the invoices of a matter are found by."""
    service = {"service": matter.service.value} if matter.service else {}
    return {"portion": matter.portion.value, **service}


@desk(May.SEE_MONEY)
def report_plans(request: DeskRequest) -> HttpResponse:
    """The revenue of each plan."""
    return _page(request, by_plan, here="plans", of="plan")


@desk(May.SEE_MONEY)
def report_services(request: DeskRequest) -> HttpResponse:
    """The revenue of rates, extras of each service, and all else."""
    return _page(request, by_matter, here="services", of="service")


@desk(May.SEE_MONEY)
def report_plans_csv(request: DeskRequest) -> HttpResponse:
    """The same for a spreadsheet."""
    return _table(request, by_plan, name="revenue-by-plan")


@desk(May.SEE_MONEY)
def report_services_csv(request: DeskRequest) -> HttpResponse:
    """The same for a spreadsheet."""
    return _table(request, by_matter, name="revenue-by-service")


def _page(
    request: DeskRequest, split_by: Callable[[Revenue], Split], *, here: str, of: str
) -> HttpResponse:
    look = Look(request)
    house, found = House(request.operator), revenue(look.view)
    split = split_by(found)
    context = {
        "look": look,
        "here": here,
        "of": of,
        "any": bool(found.billed or found.invoiced_minor),
        "total": house.amount(found.total_minor),
        "figures": _figures(look, house, split, of),
        "plot": _plot(house, split, of),
        "csv": look.link(f"report_{here}_csv"),
    }
    return render(request, "desk/reports/revenue.html", context)


def _table(
    request: DeskRequest, split_by: Callable[[Revenue], Split], *, name: str
) -> HttpResponse:
    look = Look(request)
    house, split = House(request.operator), split_by(revenue(look.view))
    beside = look.view.plan_id is None
    columns = ["month", "revenue", *(words(it.name) for it in split.columns)]
    rows = []
    for month in look.view.months:
        own = [split.of(it, [month]) for it in split.columns]
        amounts = [sum(own), *own, *(_beside(split.found, [month]) if beside else ())]
        rows.append([f"{month.first_day:%Y-%m}", *(house.plain(it) for it in amounts)])
    columns += ["tax", "deposits", "invoiced"] if beside else []
    return to_take(table_of(request.operator, columns, rows), name=f"{name}-{request.on}")


def _figures(look: Look, house: House, split: Split, of: str) -> Figures:
    """Will write the months, the latest first, and their sums at the foot.

    Tax and deposits stand beside; of one plan alone they are not known.
    """
    beside = ["Tax", "Deposits", "Invoiced"] if look.view.plan_id is None else []
    months = look.view.months
    return Figures(
        f"Revenue by month and {of}",
        ["Revenue", *(it.name for it in split.columns), *beside],
        [_row(look, house, split, house.month(it), [it]) for it in reversed(months)],
        _row(look, house, split, "Together", months),
    )


def _row(look: Look, house: House, split: Split, name: str, months: Sequence[Month]) -> Row:
    since, until, plan = months[0].first_day, months[-1].last_day, look.view.plan_id

    def opens(minor: int, **lines: Any) -> Cell:
        asked = {"plan": plan, **lines} if lines else {}
        return cell(minor, house.amount, look.invoices(since, until, **asked))

    own = [split.of(it, months) for it in split.columns]
    cells = [opens(sum(own), portion="revenue")]
    cells += [opens(it, **column.lines) for it, column in zip(own, split.columns, strict=True)]
    if plan is None:
        tax, deposits, invoiced = _beside(split.found, months)
        cells += [opens(tax, portion="tax"), opens(deposits, portion="deposits"), opens(invoiced)]
    return Row(name, cells)


def _beside(found: Revenue, months: Sequence[Month]) -> tuple[int, int, int]:
    """Will return the tax, the deposits, and what the invoices come to with the revenue."""
    own = sum(it.minor for it in found.billed if it.month in months)
    tax = sum(found.tax.get(it, 0) for it in months)
    deposits = sum(found.deposits.get(it, 0) for it in months)
    return tax, deposits, own + tax + deposits


def _plot(house: House, split: Split, of: str) -> Plot:
    months = split.found.months
    columns = sorted(split.columns, key=lambda it: -abs(split.of(it, months)))
    series = [
        Series(it.name, str(n), [split.of(it, [month]) for month in months])
        for n, it in enumerate(columns[:DRAWN], 1)
    ]
    if rest := columns[DRAWN:]:
        others = [sum(split.of(it, [month]) for it in rest) for month in months]
        series.append(Series("All others", OTHERS, others))
    largest = ", ".join(f"{it.name} {house.amount(split.of(it, months))}" for it in columns[:3])
    return stacked_bars(
        "revenue",
        title=f"Revenue by month and {of}",
        about=f"The largest over all months: {largest}.",
        places=house.places(months),
        series=series,
        axis=house.axis,
    )
