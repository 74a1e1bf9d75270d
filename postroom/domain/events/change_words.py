"""What happened by a plan's change, in words."""

from collections.abc import Callable, Mapping
from typing import Any

Facts = Mapping[str, Any]


def scheduled(facts: Facts, day: Callable[[str], str]) -> str:
    what = "edited the change" if facts["revision"] > 1 else "scheduled the change"
    return (
        f"{what} to {version_of(facts)}, for existing customers from {day(facts['existing_from'])}"
    )


def move_scheduled(facts: Facts, day: Callable[[str], str]) -> str:
    return f"scheduled a move to {version_of(facts)}, from {day(facts['existing_from'])}"


def withdrawn(facts: Facts, day: Callable[[str], str]) -> str:
    return f"withdrew the change to {version_of(facts)}" + why(facts)


def version_of(facts: Facts) -> str:
    return f"{facts['plan']}, version {facts['version']}"


def in_force(facts: Facts, day: Callable[[str], str]) -> str:
    return f"opened a term under {version_of(facts)}, on {day(facts['on'])}"


def deferred(facts: Facts, day: Callable[[str], str]) -> str:
    return (
        f"renewed under the old terms on {day(facts['on'])}: "
        f"they were not told of {version_of(facts)} in time"
    )


def why(facts: Facts) -> str:
    reason = str(facts.get("reason", "")).rstrip(".")
    return f": {reason}" if reason else ""
