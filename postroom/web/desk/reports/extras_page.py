"""Extras: which services bring them, and which customers might be better off on a larger plan."""

from collections.abc import Sequence
from fractions import Fraction

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from postroom.domain.billing.portions import Portion
from postroom.domain.operators.permissions import May
from postroom.domain.plans.plain_words import rate_in_words
from postroom.domain.plans.services import Service
from postroom.domain.reports.extras import (
    Eager,
    Extras,
    Used,
    extras,
    extras_minor,
    most_extras,
)
from postroom.domain.reports.months import Month
from postroom.domain.reports.revenue import Matter, Revenue, revenue
from postroom.ui.plots import Plot, Series, stacked_bars
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.reports.figures import Cell, Figures, House, Row, cell
from postroom.web.desk.reports.looking import Look
from postroom.web.desk.tables_to_take import table_of, to_take, words

#: The first of them: what is drawn apart from the others.
DRAWN = 6
CSV_COLUMNS = ("month", "service", "customers", "over", "amount")
CUSTOMERS_CSV_COLUMNS = ("customer", "extras", "months", "plans")


@desk(May.SEE_MONEY)
def report_extras(request: DeskRequest) -> HttpResponse:
    """Extras by service and by month, and the customers with the most."""
    look = Look(request)
    house, found, used = House(request.operator), revenue(look.view), extras(look.view)
    eager = most_extras(look.view)
    context = {
        "look": look,
        "here": "extras",
        "any": bool(used.services),
        "services": _services(look, house, found, used),
        "plot": _plot(house, found, used.services),
        "eager": [_eager(look, house, it) for it in eager],
        "csv": look.link("report_extras_csv"),
        "customers_csv": look.link("report_customers_csv"),
    }
    return render(request, "desk/reports/extras.html", context)


@desk(May.SEE_MONEY)
def report_extras_csv(request: DeskRequest) -> HttpResponse:
    """Extras by month and service, for a spreadsheet."""
    look = Look(request)
    house, found, used = House(request.operator), revenue(look.view), extras(look.view)
    amounts = found.by_matter()
    rows = [
        [
            f"{month.first_day:%Y-%m}",
            str(service.label),
            it.customers,
            it.over,
            house.plain(amounts.get((month, Matter(Portion.EXTRA, service)), 0)),
        ]
        for month in look.view.months
        for service in used.services
        if (it := used.of_month.get((month, service)))
    ]
    name = f"extras-{request.on}"
    return to_take(table_of(request.operator, CSV_COLUMNS, rows), name=name)


@desk(May.SEE_MONEY)
def report_customers_csv(request: DeskRequest) -> HttpResponse:
    """The customers with the most extras, for a spreadsheet."""
    look, house = Look(request), House(request.operator)
    rows = [
        [
            words(it.customer.name),
            house.plain(it.minor),
            it.months,
            words("; ".join(_rented(house, it))),
        ]
        for it in most_extras(look.view)
    ]
    table = table_of(request.operator, CUSTOMERS_CSV_COLUMNS, rows)
    return to_take(table, name=f"most-extras-{request.on}")


def _services(look: Look, house: House, found: Revenue, used: Extras) -> Figures:
    """Will write a row for each service, and their sums at the foot."""

    def row(name: str, it: Used, minor: int, service: Service | None) -> Row:
        own = {"portion": "extra", "service": service.value if service else None}
        opens = look.invoices(
            look.view.first_day, look.view.last_day, plan=look.view.plan_id, **own
        )
        share = Fraction(minor, found.total_minor) if found.total_minor else None
        cells = [
            cell(it.customers, lambda number: f"{number:,}", opens),
            Cell(f"{it.over:,}"),
            cell(minor, house.amount, opens),
            Cell(house.percent(share)),
        ]
        return Row(name, cells)

    return Figures(
        "Extras by service",
        ("Customers", "Over", "Extras", "Of revenue"),
        [
            row(str(it.label), used.of_service[it], extras_minor(found, it), it)
            for it in used.services
        ],
        row("Together", used.in_all, extras_minor(found), None),
    )


def _eager(look: Look, house: House, it: Eager) -> dict[str, object]:
    """Will say what a customer paid beyond the plan, and what plan that is."""
    lines = {"portion": "extra", "plan": look.view.plan_id, "customer": it.customer.pk}
    return {
        "name": it.customer.name,
        "url": reverse("desk:customer", args=[house.operator.slug, it.customer.pk]),
        "rented": _rented(house, it),
        "amount": house.amount(it.minor),
        "opens": look.invoices(look.view.first_day, look.view.last_day, **lines),
        "a_month": house.amount(Fraction(it.minor, it.months)),
        "months": it.months,
    }


def _rented(house: House, it: Eager) -> list[str]:
    """Will say what a customer rents now: plans with their rates."""
    show = house.operator.show
    return [
        f"{each.subscription.plan.name},"
        f" {rate_in_words(each.subscription.months, each.rate_minor, show)}"
        for each in it.rented
    ]


def _plot(house: House, found: Revenue, services: Sequence[Service]) -> Plot:
    months, amounts = found.months, found.by_matter()

    def of(service: Service) -> list[int]:
        return [amounts.get((month, Matter(Portion.EXTRA, service)), 0) for month in months]

    largest = sorted(services, key=lambda it: -sum(of(it)))
    series = [Series(str(it.label), str(n), of(it)) for n, it in enumerate(largest[:DRAWN], 1)]
    if rest := largest[DRAWN:]:
        others = [sum(it) for it in zip(*(of(each) for each in rest), strict=True)]
        series.append(Series("All others", "7", others))
    return stacked_bars(
        "extras",
        title="Extras by month and service",
        about=f"From {_sum(house, series, months, 0)} to {_sum(house, series, months, -1)}.",
        places=house.places(months),
        series=series,
        axis=house.axis,
    )


def _sum(house: House, series: Sequence[Series], months: Sequence[Month], at: int) -> str:
    amount = sum((Fraction(it.amounts[at]) for it in series), Fraction(0))
    return f"{house.amount(amount)} in {house.month(months[at])}"
