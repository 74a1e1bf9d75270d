"""The worked examples, billed by the pure life."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.worlds import billed, lines

DATA = Path(__file__).parents[1] / "data"
CASES = [
    case
    for name in ("billing_cases.json", "more_cases.json")
    for case in json.loads((DATA / name).read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=[it["id"] for it in CASES])
def test_worked_examples(case: dict[str, Any]) -> None:
    currency = case["given"]["currency"]
    found = {key: lines(bills, currency) for key, bills in billed(case).items()}
    for key, those in case["expect"]["lines"].items():
        # Lines of nothing are left out on both sides.
        expected = [it for it in those if Decimal(it["amount"])]
        assert matching(found.pop(key), expected) == expected
    assert not any(found.values())
    refused = {it["subscription"] for it in case["expect"].get("refused", ())}
    assert set(case["given"]["subscriptions"]) - set(billed(case)) <= refused


def matching(found: list[dict[str, Any]], expected: list[dict[str, Any]]) -> list[Any]:
    """Will return the expected lines that were found, and what else was found after them."""
    met, left = list[Any](), list(found)
    for wanted in expected:
        it = next((it for it in left if wanted.items() <= it.items()), None)
        if it is not None:
            left.remove(it)
            met.append(wanted)
    return met + left
