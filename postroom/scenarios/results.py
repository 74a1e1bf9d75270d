"""The result of a scenario, as JSON."""

from typing import Any

from postroom.scenarios.comparing import amount, differences, in_order, refusals_that_differ
from postroom.scenarios.examples import Line, Scenario
from postroom.scenarios.playing import Played, play


def result_of(scenario: Scenario) -> dict[str, Any]:
    """Will play a scenario and say what was billed, and whether that is what was expected."""
    played = play(scenario)
    diary = played.diary
    lines = {key: in_order(listed) for key, listed in played.lines.items()}
    wrong = troubles(scenario, played)
    result: dict[str, Any] = {
        "id": scenario.name,
        "title": scenario.title,
        "lines": {
            key: [written(line, scenario.currency) for line in lines[key]]
            for key in scenario.customers
            if lines.get(key)
        },
        "refused": [
            {"subscription": it.subscription, "on": it.on.isoformat()}
            for it in sorted(diary.refused, key=lambda it: it.on)
        ],
        "usage_refused": [{"id": key, "reason": reason} for key, reason in diary.usage_refused],
        "set_aside": [
            {"subscription": it.subscription, "on": it.on.isoformat(), "reason": it.reason}
            for it in diary.set_aside.values()
        ],
        "ok": None if scenario.expect is None else not wrong,
        "differences": wrong,
    }
    always = {"id", "lines", "refused", "ok"}
    return {field: value for field, value in result.items() if field in always or value}


def troubles(scenario: Scenario, played: Played) -> list[str]:
    """Will say in sentences what is not as expected; nothing where nothing is expected."""
    if scenario.expect is None:
        return []
    return [
        *(
            it.sentence(scenario.currency)
            for it in differences(scenario.expect.lines, played.lines)
        ),
        *refusals_that_differ(scenario.expect, played.diary.refused),
        *(
            f"{it.subscription}: could not be billed on {it.on}: {it.reason}"
            for it in played.diary.set_aside.values()
        ),
    ]


def written(line: Line, currency: str) -> dict[str, Any]:
    """Will write a line as scenarios do."""
    return {
        "kind": line.kind.value,
        **({"service": line.service.value} if line.service else {}),
        "from": line.starts_on.isoformat(),
        "to": line.ends_on.isoformat(),
        "amount": amount(line.amount_minor, currency),
        **({"version": line.version} if line.version else {}),
    }
