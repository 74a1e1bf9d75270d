"""Worked examples, billed by the real run day by day and undone."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from postroom.base.tenancy import as_platform
from postroom.domain.billing.models import Invoice
from postroom.domain.events.models import Event
from postroom.domain.operators.models import Operator
from postroom.scenarios.examples import Scenario
from postroom.scenarios.reading import scenarios_in
from postroom.scenarios.results import result_of

DATA = Path(__file__).parents[1] / "data"
PUBLISHED, MORE = DATA / "billing_cases.json", DATA / "more_cases.json"
CASES = {it.name: it for file in (PUBLISHED, MORE) for it in scenarios_in(file)}
SHORT = "PC-19"


def document(name: str) -> dict[str, Any]:
    found = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    return next(it for it in found if it["id"] == name)


def written(tmp_path: Path, content: object) -> Path:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def result(tmp_path: Path, content: object) -> dict[str, Any]:
    return result_of(scenarios_in(written(tmp_path, content))[0])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_worked_example(db: None, case: Scenario) -> None:
    found = result_of(case)
    assert found.get("differences", []) == []
    assert found["ok"] is True


def test_the_published_examples_are_all_there() -> None:
    assert len(scenarios_in(PUBLISHED)) == 63


def test_nothing_stays(db: None) -> None:
    result_of(CASES["PR-44"])
    with as_platform():
        assert [it.objects.count() for it in (Operator, Event, Invoice)] == [0, 0, 0]


def test_a_wrong_amount_is_found_and_named(db: None, tmp_path: Path) -> None:
    case = document("PR-29")
    case["expect"]["lines"]["s1"][1]["amount"] = "10.01"
    found = result(tmp_path, case)
    assert found["ok"] is False
    assert found["differences"] == [
        "s1: rate 2025-04-16 to 2025-05-01, 10.01 is expected and was not billed",
        "s1: rate 2025-04-16 to 2025-05-01, 10.00, version 1 was billed unexpectedly",
    ]


def test_who_is_refused_must_be_expected(db: None, tmp_path: Path) -> None:
    case = document(SHORT)
    del case["expect"]["refused"]
    found = result(tmp_path, case)
    assert found["refused"] == [{"subscription": "s1", "on": "2021-01-01"}]
    assert found["ok"] is False
    assert found["differences"] == [
        "s1: was refused on 2021-01-01: “Plan 1” has no rate for a term of 12 months."
    ]


def test_without_an_expectation_it_only_tells(db: None, tmp_path: Path) -> None:
    case = document("OW-32")
    del case["expect"]
    found = result(tmp_path, case)
    assert found["ok"] is None
    assert "differences" not in found
    assert found["lines"]["s1"][2] == {
        "kind": "extra",
        "service": "open_and_scan",
        "from": "2025-09-01",
        "to": "2025-10-01",
        "amount": "0.375",
        "version": 1,
    }


def test_usage_that_is_refused_is_told(db: None) -> None:
    [refused] = result_of(CASES["MC-54"])["usage_refused"]
    assert refused["id"] == "a"
    assert "stands for another entry already" in refused["reason"]


def test_usage_of_a_subscription_that_never_opened_is_told(db: None, tmp_path: Path) -> None:
    case = document(SHORT)
    use = {"subscription": "s1", "service": "shred", "at": "2021-01-05", "quantity": 1}
    case["given"]["usage"] = [{"id": "a", **use}, {"id": "b", **use, "at": "2021-03-01"}]
    found = result(tmp_path, case)
    assert found["usage_refused"] == [{"id": "a", "reason": "There is no such subscription."}]
    assert found["ok"] is True


def test_who_starts_after_the_last_day_is_not_opened(db: None, tmp_path: Path) -> None:
    case = document(SHORT)
    case["given"]["last_day"] = "2021-01-31"
    found = result(tmp_path, case)
    assert (found["lines"], found["ok"]) == ({}, False)


def called(*args: object) -> tuple[str, object]:
    """Will call the command and return what it wrote and its exit code."""
    out, code = StringIO(), None
    try:
        call_command("scenario", *map(str, args), stdout=out)
    except CommandError as error:
        code = error.returncode
    except SystemExit as error:
        code = error.code
    return out.getvalue(), code


def test_the_command_prints_one_document_for_all_files(db: None, tmp_path: Path) -> None:
    one, other = written(tmp_path, document(SHORT)), tmp_path / "other.json"
    other.write_text(json.dumps([document("PR-12")]), encoding="utf-8")
    out, code = called(one, other)
    assert [(it["id"], it["ok"]) for it in json.loads(out)["results"]] == [
        (SHORT, True),
        ("PR-12", True),
    ]
    assert code is None


def test_the_command_ends_with_1_when_an_expectation_fails(db: None, tmp_path: Path) -> None:
    case = document(SHORT)
    case["expect"]["lines"] = {}
    out, code = called(written(tmp_path, [document("PR-29"), case]))
    assert [it["ok"] for it in json.loads(out)["results"]] == [True, False]
    assert code == 1


def test_the_command_can_be_given_one_id(db: None, tmp_path: Path) -> None:
    out, code = called(PUBLISHED, "--only", "PR-29")
    assert [it["id"] for it in json.loads(out)["results"]] == ["PR-29"]
    assert code is None
    assert called(PUBLISHED, "--only", "PR-2") == ("", 2)


def test_one_malformed_file_stops_all_before_anything_is_billed(tmp_path: Path) -> None:
    assert called(PUBLISHED, tmp_path / "none.json") == ("", 2)


def test_a_malformed_file_is_one_line_and_exit_2(tmp_path: Path) -> None:
    case = document(SHORT)
    case["given"]["currency"] = "coins"
    done = subprocess.run(
        [sys.executable, "manage.py", "scenario", str(written(tmp_path, case))],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
        cwd=Path(__file__).parents[2],
    )
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert 'PC-19: given.currency must be a currency such as USD, not "coins".' in line


def test_the_example_of_the_documentation_is_one(db: None, tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
    example = json.loads(text.partition("```json\n")[2].partition("```")[0])
    amounts = [line["amount"] for line in result(tmp_path, example)["lines"]["ana"]]
    assert amounts == ["19.99", "19.99", "3.00", "24.99", "24.99"]
