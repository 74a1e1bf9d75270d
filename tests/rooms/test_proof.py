"""The proof as a run: ended and gone on with, at once, of whom, and by which indexes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.base.tenancy import as_operator
from postroom.demo.cast import House
from postroom.domain.billing.models import LineKind
from postroom.domain.proof.acts import MOST, begin, look_at_next, prove, prove_everybody
from postroom.domain.proof.models import Check, Difference, Kind, Proof
from postroom.domain.proof.queries import differences_by_check, is_stuck, last_proof, nights
from postroom.domain.subscriptions.models import Subscription
from tests.rooms.billing_crowds import crowd
from tests.rooms.billing_worlds import Shop, open_shop
from tests.rooms.proof_worlds import LATER, keep_books, moved, plant, proved
from tests.rooms.test_proof_finds import Books, books
from tests.tables import ask

__all__ = ["books"]

COUNTS = ["invoices", "lines", "terms", "documents", "waiting", "differences", "looked_at"]


def counts(proof: Proof) -> dict[str, Any]:
    return {it: getattr(proof, it) for it in COUNTS}


def spoil(books: Books) -> None:
    """Will plant a wrong amount, a wrong number and a gap."""
    line = books.line("ana", LineKind.RATE)
    plant(
        f"UPDATE billing_invoiceline SET amount_minor = 3101 WHERE id = {line.pk}",
        *moved(line.invoice, 1),
        "UPDATE billing_numberseries SET last_number = last_number + 1",
        f"UPDATE subscriptions_term SET ends_on = ends_on - 1 WHERE seq = 1"
        f" AND subscription_id = {books.who['bo'].pk}",
    )


def test_a_proof_that_was_ended_goes_on(books: Books) -> None:
    spoil(books)
    operator, at = books.shop.operator, books.shop.at(LATER)
    whole, found = proved(operator, at)
    assert len(found) == 3
    for ended_after in range(0, 24, 3):
        proof = begin(operator, at=at)
        for _ in range(ended_after):
            look_at_next(operator, proof, at=at, page=3)
        # Somebody else takes it up, who knows only what is stored.
        again, differences = proved(operator, at, page=3)
        assert again.pk == proof.pk
        assert counts(again) == counts(whole)
        assert [(it.kind, it.sentence) for it in differences] == [
            (it.kind, it.sentence) for it in found
        ]


def test_a_page_that_two_looked_at_counts_once(books: Books) -> None:
    spoil(books)
    operator, at = books.shop.operator, books.shop.at(LATER)
    whole, _ = proved(operator, at)
    mine = begin(operator, at=at)
    with meanwhile(operator, mine, at):
        look_at_next(operator, mine, at=at)
    again, differences = proved(operator, at)
    assert counts(again) == counts(whole)
    assert len(differences) == 3


@contextmanager
def meanwhile(operator: Any, mine: Proof, at: Any) -> Iterator[None]:
    """Will let another worker look at the page while this one has read it and not yet noted it."""
    there = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE") and "proof_proof" in sql and not there:
            there.append(sql)
            look_at_next(operator, Proof.objects.get(pk=mine.pk), at=at)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield
    assert there


def test_what_was_left_of_yesterday_is_finished_first(books: Books) -> None:
    operator, at = books.shop.operator, books.shop.at(LATER)
    left = begin(operator, at=at - timedelta(days=1))
    proof = prove(operator, at=at)
    assert proof.pk != left.pk
    assert [it.finished_at is None for it in Proof.objects.all()] == [False, False]
    assert [it.on for it in nights(30)] == [left.on, proof.on]
    assert last_proof() == proof


def test_the_timetable_proves_a_day_once(shop: Shop) -> None:
    at = shop.at("24-04-05")
    prove(shop.operator, at=at, by=shop.by)
    mine = {"operator": shop.operator}
    prove_everybody(at=at)
    prove_everybody(at=at)
    assert Proof.objects.filter(**mine).count() == 2
    prove_everybody(at=at + timedelta(days=1))
    assert Proof.objects.filter(**mine).count() == 3


def test_a_proof_left_by_its_worker_is_stuck(shop: Shop) -> None:
    at = shop.at("24-04-05")
    proof = begin(shop.operator, at=at)
    assert not is_stuck(proof, at=at + timedelta(minutes=9))
    assert is_stuck(proof, at=at + timedelta(minutes=11))
    assert not is_stuck(prove(shop.operator, at=at), at=at + timedelta(days=1))


def test_each_operator_is_proved_in_its_own_scope(books: Books, harbor: House) -> None:
    plant("UPDATE billing_numberseries SET last_number = last_number + 1")
    at = books.shop.at(LATER)
    with as_operator(harbor.operator.pk):
        assert proved(harbor.operator, at)[1] == []
    with as_operator(books.shop.operator.pk):
        assert [it.kind for it in proved(books.shop.operator, at)[1]] == [Kind.NUMBER]


def test_only_the_first_differences_are_kept(books: Books) -> None:
    operator, at = books.shop.operator, books.shop.at(LATER)
    Proof.objects.filter(pk=begin(operator, at=at).pk).update(differences=MOST - 1)
    spoil(books)
    proof, differences = proved(operator, at)
    assert proof.differences == MOST + 2
    assert [it.kind for it in differences] == [Kind.AMOUNT]
    assert differences_by_check(proof) == {Check.LINES: 1}


def test_a_proof_writes_nothing_but_itself(books: Books) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        prove(books.shop.operator, at=books.shop.at(LATER))
    writes = [it["sql"] for it in asked if it["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert {it.split('"')[1] for it in writes} == {"proof_proof"}


def test_a_page_asks_the_same_however_many_are_on_it(bare_shop: Shop) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            prove(bare_shop.operator, at=bare_shop.at(LATER))
        return len(queries)

    keep_books(bare_shop)
    few = asked()
    crowd_in(bare_shop)
    assert asked() == few


def crowd_in(shop: Shop) -> None:
    for n in range(12):
        it = shop.join(shop.plan(name=f"P{n}"), "24-01-01", who=f"W{n}", place=1)
        shop.use(it, 3 + n, "24-01-05")
    shop.run("24-04-01")


def test_a_crowd_in_all_states_agrees(db: None) -> None:
    shop = open_shop()
    with as_operator(shop.operator.pk):
        crowd(shop, 30)
        for n, on in enumerate(["24-02-12", "24-02-20", "24-03-05", "24-04-20"]):
            assert proved(shop.operator, shop.at("24-05-01"), page=1 + 3 * n)[1] == []
            shop.run(on)
        proof, differences = proved(shop.operator, shop.at("24-05-02"))
        assert differences == []
        assert proof.terms > Subscription.objects.count()


def called(*args: str) -> tuple[str, object]:
    out, code = StringIO(), None
    try:
        call_command("prove", *args, stdout=out)
    except SystemExit as error:
        code = error.code
    return out.getvalue(), code


def test_the_command_names_each_difference_and_ends_with_1(books: Books) -> None:
    slug = books.shop.operator.slug
    said, code = called("--operator", slug)
    assert (said.count("\n"), code) == (1, None)
    assert f"{slug}, proof of" in said
    spoil(books)
    said, code = called("--operator", slug, "--page", "2")
    assert code == 1
    assert "3 differences" in said
    assert (
        "Wrong amount: Rate, Jan 1, 2024 to Jan 31, 2024, on number 1 comes to something"
        " else. Stored: amount $31.01. Right: amount $31.00." in said
    )


@pytest.mark.parametrize("args", [("--operator", "nobody"), ("--page", "0")])
def test_the_command_refuses_what_makes_no_sense(db: None, args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        called(*args)


def test_differences_are_kept_for_good(books: Books) -> None:
    spoil(books)
    proof, _ = proved(books.shop.operator, books.shop.at(LATER))
    proved(books.shop.operator, books.shop.at(LATER))
    assert Difference.objects.filter(proof=proof).count() == 3
    assert ask("SELECT count(*) FROM proof_difference") == [(6,)]
