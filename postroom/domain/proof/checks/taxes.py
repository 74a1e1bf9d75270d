"""Taxes: each percentage of what it taxes, rounded once; included tax is contained in amounts.

What a location was taxed is only kept on the lines themselves: all of a document carry the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from postroom.base.sql import rows
from postroom.domain.billing.rating import included_tax, tax
from postroom.domain.proof.faults import SQL, Fault, Looked, Page
from postroom.domain.proof.models import Kind

Row = Mapping[str, Any]


def look(page: Page) -> Looked:
    """Will work out the taxes of a page of documents again."""
    found = rows(SQL / "taxed.sql", page.facts)
    if not found:
        return Looked(None)
    looked = Looked(found[-1]["id"])
    lines = 0
    for _, group in groupby(found, key=itemgetter("id")):
        of_one = list(group)
        looked.looked_at += 1
        lines += sum(it["count"] or 0 for it in of_one)
        looked.faults += _faults(page, of_one)
    looked.counts = {"lines": lines}
    return looked


def _faults(page: Page, lines: Sequence[Row]) -> Iterator[Fault]:
    first = lines[0]
    lines = [it for it in lines if it["kind"] is not None]
    number = f"Number {first['number']}"
    about = {"invoice": first["id"], "subscription": first["subscription_id"]}
    stored, owed = _stored(lines), _owed(lines)
    if stored != owed:
        said = f"{number} has other tax than its lines come to."
        yield Fault(Kind.TAX, said, _written(page, stored), _written(page, owed), **about)
    contained = _contained(lines)
    if contained != first["included_tax_minor"]:
        said = f"{number} shows other tax as included than its lines contain."
        shown = page.money(first["included_tax_minor"])
        yield Fault(Kind.TAX, said, shown, page.money(contained), **about)
    if len(_percents(lines)) > 1:
        said = f"{number} has lines of one day and place that are taxed differently."
        percents = sorted(f"{it.normalize():f} %" if it else "none" for it, _ in _percents(lines))
        yield Fault(Kind.TAX, said, ", ".join(percents), "one percentage", **about)
    if any(it["kind"] == "deposit" and it["tax_percent"] is not None for it in lines):
        yield Fault(Kind.TAX, f"{number} taxes a deposit.", "taxed", "not taxed", **about)


def _stored(lines: Iterable[Row]) -> dict[Decimal, int]:
    stored = dict[Decimal, int]()
    for it in lines:
        if it["kind"] == "tax":
            percent = it["tax_percent"] or Decimal(0)
            stored[percent] = stored.get(percent, 0) + it["amount_minor"]
    return {percent: minor for percent, minor in stored.items() if minor}


def _owed(lines: Iterable[Row]) -> dict[Decimal, int]:
    sums = _sums(it for it in lines if not it["tax_included"])
    owed = {percent: tax(minor, percent) for percent, minor in sums.items()}
    return {percent: minor for percent, minor in owed.items() if minor}


def _contained(lines: Iterable[Row]) -> int:
    sums = _sums(it for it in lines if it["tax_included"])
    return sum(included_tax(minor, percent) for percent, minor in sums.items())


def _sums(lines: Iterable[Row]) -> dict[Decimal, int]:
    """Will sum what is taxed by its percentage."""
    sums = dict[Decimal, int]()
    for it in lines:
        if it["kind"] != "tax" and it["tax_percent"]:
            percent = it["tax_percent"]
            sums[percent] = sums.get(percent, 0) + it["amount_minor"]
    return sums


def _percents(lines: Iterable[Row]) -> set[tuple[Decimal | None, bool]]:
    """Will return what the lines of a location's own tax carry; by hand it may be left out."""
    carried = {(it["tax_percent"], it["tax_included"]) for it in lines if it["kind"] == "taxable"}
    return carried | {
        (it["tax_percent"], it["tax_included"])
        for it in lines
        if it["kind"] == "by_hand" and it["tax_percent"] is not None
    }


def _written(page: Page, by_percent: Mapping[Decimal, int]) -> str:
    return (
        ", ".join(
            f"{page.money(minor)} at {percent.normalize():f} %"
            for percent, minor in sorted(by_percent.items())
        )
        or "none"
    )
