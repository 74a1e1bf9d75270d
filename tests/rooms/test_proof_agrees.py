"""Worked examples are billed, and the proof finds nothing in them.

Every fourth of them; ``EXAMPLES=all pytest tests/rooms/test_proof_agrees.py`` takes them all.
"""

import os
from datetime import date

import pytest

from postroom.scenarios.days import live
from postroom.scenarios.examples import Scenario
from postroom.scenarios.playing import days_of, undone, wait_for_extras
from postroom.scenarios.world import world_of
from tests.rooms.proof_worlds import proved
from tests.rooms.test_scenarios import CASES
from tests.rooms.test_worlds import AFTER_ALL

LOOKED_AT = list(CASES.values())[:: 1 if os.environ.get("EXAMPLES") == "all" else 4]


@pytest.mark.parametrize("case", LOOKED_AT, ids=lambda it: it.name)
def test_worked_example(db: None, case: Scenario) -> None:
    assert case.expect is not None
    last_day: date = case.last_day or case.expect.last_day
    with undone(), world_of(case, last_day=last_day) as world:
        for on in days_of(case, last_day):
            live(world, on)
        if case.last_day is None:
            wait_for_extras(world, last_day)
        proof, differences = proved(world.operator, AFTER_ALL, page=2)
    assert [it.sentence for it in differences] == []
    assert (proof.lines > 0) == any(case.expect.lines.values())
