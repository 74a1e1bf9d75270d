"""The desk's page on the standing proof: the verdict, what differs, the nights, checking now."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom import jobs
from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice
from postroom.domain.operators.models import Role
from postroom.domain.proof.acts import begin, prove
from postroom.domain.proof.models import Check, Difference, Kind, Proof
from tests.web.billing_desk import house, now, shown, waiting
from tests.web.desk_pages import Desk, page
from tests.web.renting import Today

__all__ = ["house"]


def differing(proof: Proof, count: int = 1, **facts: Any) -> None:
    """Will have a proof find so much."""
    it = {"check_name": Check.TOTALS, "kind": Kind.TOTAL, "sentence": "It is off."} | facts
    own = {"operator_id": proof.operator_id, "proof": proof}
    Difference.objects.bulk_create([Difference(**own, **it) for _ in range(count)])
    Proof.objects.filter(pk=proof.pk).update(differences=count)


def test_before_the_first_night(house: House) -> None:
    text = shown(house, "proof")
    assert "Not checked yet" in text
    assert "Check now" in text
    assert "Check now" not in shown(house, "proof", role=Role.VIEWER)


def test_everything_agrees(today: Today) -> None:
    proof = prove(today.house.operator, at=now())
    invoices = Invoice.objects.count()
    text = shown(today.house, "proof")
    assert "Everything agrees" in text
    assert f"{invoices} invoices, {proof.lines} lines and {proof.terms} terms checked on" in text
    assert text.count("Agrees") == len([it for it in proof.looked_at.values() if it])
    for word in Check:
        assert word.label.replace("'", "&#x27;") in text
    assert "What differs" not in text


def test_what_differs_is_shown_side_by_side_with_links(today: Today) -> None:
    proof = prove(today.house.operator, at=now())
    invoice = Invoice.objects.earliest("number")
    about = {"invoice": invoice, "subscription_id": invoice.subscription_id}
    differing(proof, **about, stored="total $1.00", right="total $2.00")
    desk = Desk(today.house)
    html, text = desk.text("proof"), shown(today.house, "proof")
    assert "1 thing differs from what should be stored" in text
    assert "It is off. Wrong total · Invoice 1 · " in text
    assert "total $1.00 total $2.00" in text
    assert desk.url("invoice", invoice.number) in html
    assert desk.url("customer", invoice.customer_id) in html
    assert "1 difference" in text


def test_many_differences_are_paged_and_asked_for_in_few_queries(house: House) -> None:
    proof, desk = prove(house.operator, at=now()), Desk(house)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.text("proof")
        return len(queries)

    differing(proof, subscription=house.subscriptions["ana"])
    few = asked()
    differing(proof, 45, subscription=house.subscriptions["bo"])
    assert asked() == few
    assert "1–20 of 46" in shown(house, "proof")
    assert desk.text("proof", page=3).count("It is off.") == 6


def test_the_nights_before_are_shown_and_open(house: House) -> None:
    first, second = (prove(house.operator, at=now() - timedelta(days=n)) for n in (2, 1))
    differing(first)
    desk = Desk(house)
    html = desk.text("proof")
    for proof in (first, second):
        assert desk.url("proof_of_a_night", proof.pk) in html
    assert html.index(f"/{first.pk}/") < html.index(f"/{second.pk}/")
    assert "1 difference" in html
    assert "It is off." in desk.text("proof_of_a_night", first.pk)
    assert "Everything agrees" in desk.text("proof_of_a_night", second.pk)


def test_late_usage_that_waits_is_said(house: House) -> None:
    proof = prove(house.operator, at=now())
    Proof.objects.filter(pk=proof.pk).update(waiting=2)
    assert "2 months of usage that came late wait for the next bill" in shown(house, "proof")


def test_checking_now_is_asked_for_once_and_done(house: House) -> None:
    desk = Desk(house)
    assert "Checking is asked for." in page(desk.client.post(desk.url("proof"), follow=True))
    again = page(desk.client.post(desk.url("proof"), follow=True))
    assert "was asked for and waits for a worker" in again
    assert "No worker is running." in again
    assert 'hx-trigger="every' in again
    [facts] = waiting("prove_books")
    jobs.prove_books(**facts)
    proof = Proof.objects.get()
    assert proof.finished_at is not None
    assert proof.started_by == desk.user


def test_a_proof_under_way_is_shown_and_a_stuck_one_can_go_on(house: House) -> None:
    proof = begin(house.operator, at=now())
    Proof.objects.filter(pk=proof.pk).update(check_name=Check.TAXES, looked_at={"taxes": 1200})
    html, text = Desk(house).text("proof"), shown(house, "proof")
    assert "Running" in text
    assert "Taxes: 1,200 rows looked at" in text
    assert 'value="2"' in html
    assert "Check now" not in text
    Proof.objects.filter(pk=proof.pk).update(moved_at=now() - timedelta(minutes=11))
    text = shown(house, "proof")
    assert "Stuck" in text
    assert "Check now" in text


@pytest.mark.parametrize(("role", "status"), [(Role.CLERK, 403), (Role.VIEWER, 200)])
def test_who_sees_money_sees_it(house: House, role: Role, status: int) -> None:
    assert Desk(house, role).get("proof").status_code == status
    assert Desk(house, role).post("proof").status_code == 403
