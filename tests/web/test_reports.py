"""The desk's reports: figures that open to what they add up, filters, tables, who may see them."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import House
from postroom.demo.world import load
from postroom.domain.operators.models import Operator, Role, Staff
from postroom.domain.subscriptions.models import Subscription
from tests.web.desk_pages import Desk, page
from tests.web.renting import Today

LOOKED_AT = ("months", "location", "plan")
PAGES = ("reports", "report_behind", "report_plans", "report_services", "report_extras")
TABLES = (
    *("reports_csv", "report_behind_csv", "report_plans_csv", "report_services_csv"),
    *("report_extras_csv", "report_customers_csv"),
)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("&amp;", "&")


def table(desk: Desk, name: str, **query: Any) -> list[list[str]]:
    answer = desk.get(name, **query)
    assert answer.streaming
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    delimiter = ";" if desk.house.operator.locale == "de_DE" else ","
    return list(csv.reader(lines, delimiter=delimiter))


def opened(client: Client, cell: Any) -> str:
    """Will open a figure and return what the page says it comes to."""
    context = client.get(cell.url).context
    show = context["request"].operator.show
    if "amount" in context:
        return str(context["amount"])
    if context["lines"]:
        return str(show(context["lines_minor"]))
    return str(show(context["sums"].total_minor))


def cells(client: Client, url: str, name: str) -> list[Any]:
    figures = client.get(url).context[name]
    rows = [*figures.rows, *([figures.total] if figures.total else [])]
    return [it for row in rows for it in row.cells if it.url]


@pytest.fixture
def demo(db: None, settings: Any) -> tuple[Client, Operator]:
    """Harbor Mail of the demo, with a year of bills, and its owner at the desk."""
    settings.DEMO = True
    assert load(now=datetime.now(UTC), say=lambda line: None)
    with as_platform():
        operator = Operator.objects.get(slug="harbor")
    with as_operator(operator.pk):
        owner = Staff.objects.select_related("user").get(role=Role.OWNER).user
    client = Client()
    client.force_login(owner, backend="postroom.domain.users.signing_in.SigningIn")
    return client, operator


def test_every_figure_of_the_demo_opens_to_its_sum(demo: tuple[Client, Operator]) -> None:
    (client, operator), desk, seen = demo, "/desk/harbor/reports/", 0
    with as_operator(operator.pk):
        plan = Subscription.objects.earliest("id").plan_id
    for page_of in ("", "plans/", "services/", f"services/?months=6&plan={plan}"):
        for cell in cells(client, f"{desk}{page_of}", "figures"):
            assert opened(client, cell) == cell.text.removeprefix("+"), cell
            seen += 1
    assert seen > 250
    for cell in cells(client, f"{desk}extras/", "services"):
        if "$" in cell.text:
            assert opened(client, cell) == cell.text
    for it in client.get(f"{desk}extras/").context["eager"]:
        assert it["amount"] == operator.show(client.get(it["opens"]).context["lines_minor"])


def test_a_house_is_read_in_figures(today: Today) -> None:
    desk = Desk(today.house)
    text = words(desk.text("reports"))
    assert "Monthly recurring revenue" in text and "4 customers" in text
    # Ana and Bo pay 9.99 by the month; Cy and Di 109.99 a year, each 9.1658… a month.
    assert "$38.31" in text
    assert "13 months, All locations, All plans" in text
    assert [it.name for it in desk.get("reports").context["look"].form] == [*LOOKED_AT]
    assert all(f'name="{it}"' in desk.text("reports") for it in LOOKED_AT)
    behind = words(desk.text("report_behind"))
    assert "4 subscriptions, together $38.31 a month" in behind
    assert "Cy Castellanos" in behind and "$109.99 a year" in behind


@pytest.mark.parametrize("name", PAGES)
def test_a_page_takes_the_same_queries_however_much_there_is(today: Today, name: str) -> None:
    desk, taken = Desk(today.house), []
    for months in (6, 25):
        desk.get(name, months=months)
        with CaptureQueriesContext(connection) as queries:
            desk.get(name, months=months)
        taken.append(len(queries))
    assert taken[0] == taken[1] < 30


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("report_plans", "No invoices in these months"),
        ("report_services", "No invoices in these months"),
        ("report_extras", "No extras in these months"),
    ],
)
def test_before_anything_there_is_a_word(in_harbor: House, name: str, said: str) -> None:
    assert said in words(Desk(in_harbor).text(name))


def test_before_anybody_there_is_a_word(in_harbor: House) -> None:
    desk, nobodys = Desk(in_harbor), in_harbor.locations[1].pk
    assert "No subscriptions yet" in words(desk.text("reports", location=nobodys))
    assert "No subscriptions" in words(desk.text("report_behind", location=nobodys))


@pytest.mark.parametrize("name", [*PAGES, *TABLES])
def test_a_clerk_sees_nothing_of_it(in_harbor: House, name: str) -> None:
    page(Desk(in_harbor, Role.CLERK).get(name), 403)
    assert Desk(in_harbor, Role.VIEWER).get(name).status_code == 200


def test_a_neighbour_sees_their_own(today: Today, make_house: Callable[..., House]) -> None:
    today.house.customers["ana"].name = "Only At Harbor"
    today.house.customers["ana"].save(update_fields=["name"])
    neighbour = make_house("Neighbor Post")
    with as_operator(neighbour.operator.pk):
        desk = Desk(neighbour)
        text = words(desk.text("report_behind"))
    assert "4 subscriptions" in text and "Only At Harbor" not in text
    assert "Only At Harbor" in Desk(today.house).text("report_behind")
    for name in (*PAGES, *TABLES):
        assert desk.client.get(Desk(today.house).url(name)).status_code == 404


def test_choices_are_kept_in_every_link(today: Today) -> None:
    desk, place = Desk(today.house), today.house.locations[0].pk
    context = desk.get("reports", months=6, location=place).context
    kept = f"months=6&location={place}"
    links = [url for _, _, url in context["look"].tabs] + [context["csv"], context["now_url"]]
    links += [it.url for row in context["figures"].rows for it in row.cells if it.url]
    assert [it for it in links if kept not in it] == []
    assert len(context["figures"].rows) == 6


@pytest.mark.parametrize(
    "query",
    [
        {"months": "7", "location": "9" * 30, "plan": "x"},
        {"figure": "up", "month": "2026-13"},
        {"figure": "gift", "month": "9999-12"},
        {"figure": "opening", "month": "1950-01"},
    ],
)
def test_what_makes_no_sense_is_passed_over(today: Today, query: dict[str, str]) -> None:
    for name in PAGES:
        assert Desk(today.house).get(name, **query).status_code == 200
    assert Desk(today.house).get("reports", **query).context["look"].count == 13


def test_tables_have_what_the_pages_have(today: Today) -> None:
    desk = Desk(today.house)
    header, *rows = table(desk, "reports_csv", months=6)
    assert len(rows) == 6 and header[:2] == ["month", "opening"]
    assert dict(zip(header, rows[-1], strict=True))["closing"] == "38.31"
    header, *rows = table(desk, "report_plans_csv")
    assert header == ["month", "revenue", "Bronze", "tax", "deposits", "invoiced"]
    assert {row[1] for row in rows} == {row[2] for row in rows}
    header, *rows = table(desk, "report_behind_csv")
    assert sorted(row[0] for row in rows)[0] == "Ana Alvarez"
    assert len({len(row) for row in [header, *rows]}) == 1


def test_tables_follow_the_locale_and_hold_no_formula(today: Today) -> None:
    today.house.customers["ana"].name = "=1+1"
    today.house.customers["ana"].save(update_fields=["name"])
    Operator.objects.filter(pk=today.house.operator.pk).update(locale="de_DE")
    today.house.operator.refresh_from_db()
    rows = table(Desk(today.house), "report_behind_csv")
    assert [row[0] for row in rows if row[0].endswith("1+1")] == ["'=1+1"]
    assert {row[-2] for row in rows[1:]} == {"9,99", "9,17"}


def test_plots_are_named_and_take_no_style(today: Today) -> None:
    text = Desk(today.house).text("reports")
    svgs = re.findall(r"<svg class=\"plot-(wide|narrow)\".*?</svg>", text, re.DOTALL)
    assert svgs == ["wide", "narrow"] * 2
    assert text.count('role="img"') == 4
    assert "style=" not in text and "<style" not in text
