"""What somebody asks of a change: from when, how, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from postroom.domain.plan_changes.groups import Group
from postroom.domain.plan_changes.groups import pack as pack_group
from postroom.domain.plan_changes.groups import unpack as unpack_group
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plans.services import Timing


@dataclass(frozen=True)
class Asked:
    """A day for new customers and one for existing ones, a timing, and perhaps a group of them."""

    sold_from: date
    existing_from: date
    timing: Timing = Timing.NEXT_TERM
    #: None is everybody on the plan.
    group: Group | None = None


def pack(asked: Asked) -> dict[str, Any]:
    """Will turn what was asked into plain JSON; ``unpack`` is its inverse."""
    return {
        "sold_from": asked.sold_from.isoformat(),
        "existing_from": asked.existing_from.isoformat(),
        "timing": asked.timing.value,
        "group": pack_group(asked.group) if asked.group else None,
    }


def unpack(packed: Mapping[str, Any]) -> Asked:
    """Will turn what ``pack`` made back into what was asked."""
    return Asked(
        date.fromisoformat(packed["sold_from"]),
        date.fromisoformat(packed["existing_from"]),
        Timing(packed["timing"]),
        unpack_group(packed["group"]) if packed["group"] else None,
    )


def asked_of(change: PlanChange) -> Asked:
    """Will return what was asked of a change that is under way."""
    version = change.version
    return Asked(
        version.sold_from,
        change.existing_from,
        Timing.NEXT_TERM if change.is_move else Timing(version.timing),
        unpack_group(change.group) if change.group else None,
    )
