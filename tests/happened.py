"""What a random world had, by its consequences: a lock that changed nothing does not count."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from postroom.domain.billing.facts import Life
from postroom.domain.billing.life import Lived, live
from postroom.domain.billing.standing import Opened

#: Each must be in one world of ten at least.
OFTEN = (
    "a split on the date",
    "two versions in one whole period",
    "a switch",
    "a lock that kept a version away",
    "a void that kept a version away",
    "a move",
)
#: Each must be in some.
SOMETIMES = (
    "a move that had to wait",
    "a version for chosen customers",
    "a credit",
    "a switch that moved the billing day",
    "a month of several parts",
    "a correction",
    "closed for good",
    "tax",
    "a deposit given back",
)


def what_happened(life: Life, lived: Lived | None, runs: Collection[date]) -> Iterator[str]:
    """Will name what one subscription saw."""
    if lived is None:
        yield "not sold"
        return
    terms = [it for it in lived.now.terms if it.starts_on < it.ends_on]
    if any(it.opened is Opened.ON_DATE for it in terms):
        yield "a split on the date"
    if any(
        a.whole == b.whole and a.plan == b.plan and a.number < b.number for a, b in pairwise(terms)
    ):
        yield "two versions in one whole period"
    if any(it.opened is Opened.SWITCH for it in terms):
        yield "a switch"
    yield from _moved(life, lived)
    if any(a.billing_day != b.billing_day for a, b in pairwise(terms)):
        yield "a switch that moved the billing day"
    if lived.now.month_ends_on is None:
        yield "closed for good"
    yield from _protected(life, lived, runs)
    yield from _billed(lived)


def _moved(life: Life, lived: Lived) -> Iterator[str]:
    terms = lived.now.terms
    came = [it for it in terms if it.opened is Opened.MOVE]
    if came:
        yield "a move"
    for it in came:
        began = [move for move in life.moves if (move.plan, move.number) == (it.plan, it.number)]
        asked = [term.starts_on for term in terms if term.starts_on < it.starts_on]
        if any(move.on < day and move.not_before <= day for move in began for day in asked):
            yield "a move that had to wait"
    for_chosen = {
        (of, it.number) for of, them in life.plans.items() for it in them if it.for_chosen
    }
    if any(
        (b.plan, b.number) in for_chosen and a.plan == b.plan and a.number < b.number
        for a, b in pairwise(terms)
    ):
        yield "a version for chosen customers"


def _protected(life: Life, lived: Lived, runs: Collection[date]) -> Iterator[str]:
    pins = [it for it in life.protections if it.until is None]
    if versions(live(replace(life, protections=pins), runs=runs)) != versions(lived):
        yield "a lock that kept a version away"
    valid = [replace(it, void_on=None) for it in life.notices]
    if versions(live(replace(life, notices=valid), runs=runs)) != versions(lived):
        yield "a void that kept a version away"


def versions(lived: Lived | None) -> list[tuple[date, str, int]]:
    return [(it.starts_on, it.plan, it.number) for it in lived.now.terms] if lived else []


def _billed(lived: Lived) -> Iterator[str]:
    lines = [line for bill in lived.bills for line in bill.lines]
    names = {"credit": "a credit", "tax": "tax", "deposit_return": "a deposit given back"}
    yield from {names[it.kind] for it in lines if it.kind in names}
    extras = [it for it in lines if it.kind == "extra"]
    if len({(it.service, it.starts_on) for it in extras}) < len(extras):
        yield "a correction"
    months = {it.starts_on for it in lived.now.months_billed}
    if any(it.starts_on not in months for it in extras):
        yield "a month of several parts"
