"""Receivables and statements on the desk: by age, by customer, and what led there."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.demo.cast import House
from postroom.domain.billing.models import OpenItem
from postroom.domain.operators.models import Operator, Role
from tests.web.desk_pages import Desk
from tests.web.paying import billed, of, paid, words

DAY = timedelta(days=1)


@pytest.fixture
def house(in_harbor: House) -> House:
    return billed(in_harbor)


def aged(house: House, who: str, days: int, today: date) -> None:
    """Will have everything of a customer open since so many days ago."""
    OpenItem.objects.filter(customer=house.customers[who]).update(on=today - days * DAY)


def table(answer: Any, delimiter: str = ",") -> list[dict[str, str]]:
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    return list(csv.DictReader(lines, delimiter=delimiter))


def names(desk: Desk, **query: str) -> list[str]:
    shown = desk.get("receivables", **query).context["table"]
    return [row.record["customer__name"].partition(" ")[0] for row in shown.page]


def test_it_adds_up_by_age(house: House) -> None:
    desk = Desk(house)
    today = desk.get("receivables").context["request"].on
    for who, days in [("ana", 30), ("bo", 31), ("cy", 91)]:
        aged(house, who, days, today)
    paid(house, 5994 + 250, "bo")
    text = words(desk.text("receivables"))
    assert "0 to 30 days $59.94 31 to 60 days $0.00 61 to 90 days $0.00" in text
    assert "Over 90 days $109.99 Owed $169.93 In customers’ favour -$2.50 Total $167.43" in text
    assert "3 customers, together $167.43" in text
    assert desk.url("statement", house.customers["ana"].pk) in desk.text("receivables")


def test_it_is_searched_filtered_and_sorted(house: House) -> None:
    desk = Desk(house)
    today = desk.get("receivables").context["request"].on
    aged(house, "ana", 3, today)
    paid(house, 10999 + 250, "cy")
    assert names(desk) == ["Ana", "Bo", "Cy"] or names(desk) == ["Bo", "Ana", "Cy"]
    assert names(desk, sort="total") == ["Cy", *names(desk, sort="total")[1:]]
    assert names(desk, sort="-name") == ["Cy", "Bo", "Ana"]
    assert names(desk, sort="since") == ["Bo", "Ana", "Cy"]
    assert names(desk, sort="-since") == ["Ana", "Bo", "Cy"]
    assert names(desk, q="berg") == ["Bo"]
    assert names(desk, who="favour") == ["Cy"]
    assert names(desk, who="late") == ["Bo"]
    assert sorted(names(desk, who="owes")) == ["Ana", "Bo"]
    assert len(names(desk, who="nobody", page="99")) == 3
    assert "Nobody matches" in desk.text("receivables", q="nobody at all")


@pytest.mark.parametrize("column", ["recent", "older", "old", "oldest", "in_favour"])
def test_every_amount_is_sorted_by(house: House, column: str) -> None:
    desk = Desk(house)
    found = [it.record[column] for it in desk.get("receivables", sort=column).context["table"].page]
    assert found == sorted(found)
    assert len(found) == 3


def test_with_nothing_open_it_says_so(in_harbor: House) -> None:
    assert "Nothing is open" in Desk(in_harbor).text("receivables")


def test_the_table_to_take_away(house: House) -> None:
    paid(house, 10999 + 250, "cy")
    rows = table(Desk(house).get("receivables_csv"))
    assert [row["customer"] for row in rows] == [
        "Ana Alvarez",
        "Bo Berg Imports LLC",
        "Cy Castellanos",
    ]
    assert rows[0]["total"] == "59.94"
    assert (rows[2]["in_favour"], rows[2]["oldest_day"]) == ("-2.50", "")
    Operator.objects.update(locale="nl_NL", currency="EUR")
    [row] = table(Desk(house).get("receivables_csv", q="ana"), ";")
    assert (row["total"], row["currency"]) == ("59,94", "EUR")


def test_it_asks_no_more_for_more(house: House) -> None:
    desk, counts = Desk(house), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            desk.get("receivables")
        counts.append(len(queries))
        paid(house, 5994, "bo")
    assert counts[0] == counts[1]


def test_a_statement_runs_from_balance_to_balance(house: House) -> None:
    paid(house, 1500, received_on=date(2026, 3, 15))
    desk, ana = Desk(house), house.customers["ana"].pk
    text = words(desk.text("statement", ana, since="2026-03-01", until="2026-04-30"))
    assert "Balance before $19.98 Billed $19.98 Paid $15.00 Balance after $24.96" in text
    number = of(house)[2].number
    assert f"Mar 1, 2026 Invoice {number} Mar 1, 2026 $9.99 $29.97" in text
    assert "Mar 15, 2026 Payment, Check Mar 15, 2026 -$15.00 $14.97" in text
    assert "Owes $44.94" in text


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ({"since": "2026-05-01", "until": "2026-02-01"}, date(2026, 2, 1), date(2026, 5, 1)),
        ({"since": "2026-02-01"}, date(2026, 2, 1), None),
        ({"since": "spring", "until": "1066-10-14"}, None, None),
    ],
)
def test_days_that_make_no_sense_are_the_usual_ones(
    house: House, query: dict[str, str], since: date | None, until: date | None
) -> None:
    context = Desk(house).get("statement", house.customers["ana"].pk, **query).context
    today = context["request"].on
    usual = min(today.replace(month=1, day=1), today - 89 * DAY)
    assert context["told"].since == since or context["told"].since <= usual
    assert context["told"].until == (until or today)


def test_a_statement_to_take_away(house: House) -> None:
    paid(house, 1500, received_on=date(2026, 3, 15), reference="@7")
    days = {"since": "2026-03-01", "until": "2026-03-31"}
    answer = Desk(house).get("statement_csv", house.customers["ana"].pk, **days)
    first, invoice, payment = table(answer)
    assert (first["document"], first["balance"]) == ("opening balance", "19.98")
    assert (invoice["document"], invoice["billed"], invoice["paid"]) == ("invoice", "9.99", "")
    assert (payment["text"], payment["paid"], payment["balance"]) == ("Check @7", "15.00", "14.97")


def test_a_statement_asks_no_more_for_more(house: House) -> None:
    desk, counts = Desk(house), []
    for days in ({"since": "2026-06-01"}, {"since": "2026-01-01"}):
        with CaptureQueriesContext(connection) as queries:
            desk.get("statement", house.customers["ana"].pk, **days)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_customers_page_says_what_they_owe(house: House) -> None:
    desk, ana = Desk(house), house.customers["ana"].pk
    text = desk.text("customer", ana)
    assert "Owes $59.94" in words(text)
    assert desk.url("statement", ana) in text
    assert desk.url("pay_back", ana) not in text
    paid(house, 6000)
    text = desk.text("customer", ana)
    assert "$0.06 in their favour" in words(text)
    assert desk.url("pay_back", ana) in text
    assert "Balance" not in Desk(house, Role.CLERK).text("customer", ana)


def test_the_dashboard_says_what_is_owed(house: House) -> None:
    desk = Desk(house)
    today = desk.get("receivables").context["request"].on
    for who, days in [("ana", 3), ("bo", 40), ("cy", 2)]:
        aged(house, who, days, today)
    paid(house, 10999 + 250, "cy")
    text = words(desk.text("dashboard"))
    assert "Owed $119.88 by 2 customers, $59.94 for over 30 days" in text
    assert "Owed" not in words(Desk(house, Role.CLERK).text("dashboard"))


@pytest.mark.parametrize("role", [Role.CLERK, Role.VIEWER])
def test_who_sees_them(house: House, role: Role) -> None:
    desk, ana = Desk(house, role), house.customers["ana"].pk
    expected = 200 if role == Role.VIEWER else 403
    assert desk.get("receivables").status_code == expected
    assert desk.get("statement", ana).status_code == expected
    assert desk.get("payment_whose").status_code == 403


def test_a_neighbours_statement_is_not_there(
    house: House, make_house: Callable[..., House]
) -> None:
    theirs = make_house("Neighbor Post").customers["ana"].pk
    assert Desk(house).get("statement", theirs).status_code == 404
