"""Working out what a change does for each customer: set-based, and changing nothing."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from postroom.base.sql import changed, rows
from postroom.domain.billing.run import SQL as BILLING
from postroom.domain.billing.run import open_drafts
from postroom.domain.notices.windows import USUAL_DAYS
from postroom.domain.operators.models import Location
from postroom.domain.plan_changes.asking import pack
from postroom.domain.plan_changes.grounds import Grounds
from postroom.domain.plan_changes.groups import members
from postroom.domain.plan_changes.models import ChangeKind, Sheet
from postroom.domain.plan_changes.moved import chosen_by
from postroom.domain.plan_changes.places import Whereabouts, places_of
from postroom.domain.plan_changes.sums import BARS
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.models import Chosen
from postroom.domain.usage.queries import COUNTS
from postroom.domain.users.models import User

SQL = Path(__file__).parent / "sql"

#: So many of each customer's last months are rated again.
MONTHS_BACK = 3


@transaction.atomic
def work_out(grounds: Grounds, *, by: User | None, at: datetime) -> Sheet:
    """Will write down what a change does for each customer, as known at an instant.

    ``grounds.on`` is the operator's day: whoever is told, is told on it or later.
    """
    sheet = Sheet.objects.create(
        operator=grounds.plan.operator,
        plan=grounds.plan,
        change=grounds.change,
        by=by,
        asked=pack(grounds.asked),
        fingerprint=grounds.fingerprint,
        on=grounds.on,
        at=at,
    )
    places = find_outcomes(grounds)
    facts = _facts(grounds, places) | {"sheet": sheet.pk}
    _rate_again(grounds, facts)
    _add_extras(facts)
    changed(SQL / "sheet_rows.sql", facts)
    [row] = rows(SQL / "sums.sql", facts | {"bars": BARS})
    sheet.sums = _name_places(json.loads(row["sums"]), places, grounds)
    sheet.save(update_fields=["sums"])
    return sheet


def find_outcomes(
    grounds: Grounds, *, only: Collection[int] | None = None
) -> Sequence[Whereabouts]:
    """Will work out, in scratch, how the change ends for each customer, or for ``only`` these."""
    places = places_of(grounds.plan, grounds.rules, on=grounds.on, besides=grounds.brought)
    changed(SQL / "scratch.sql", None)
    changed(SQL / "outcomes.sql", _facts(grounds, places, only=only))
    return places


def _facts(
    grounds: Grounds, places: Sequence[Whereabouts], *, only: Collection[int] | None = None
) -> dict[str, Any]:
    change, asked = grounds.change, grounds.asked
    return {
        "operator": grounds.plan.operator_id,
        "plan": grounds.plan.pk,
        "on": grounds.on,
        "existing_from": asked.existing_from,
        "timing": asked.timing.value,
        "version": change.version_id if change else None,
        "announcement": change.announcement_id if change else None,
        "pairs": json.dumps(grounds.pairs()),
        "places": packed_places(places, on=grounds.on),
        "closes": json.dumps([row for it in places for row in it.closes(on=grounds.on)]),
        "followed": list(grounds.followed),
        "brought": list(grounds.brought),
        "only": list(only) if only is not None else None,
        "everybody": not _is_for_some(grounds),
        "chosen": _chosen(grounds),
        "usual_days": USUAL_DAYS,
    }


def packed_places(places: Sequence[Whereabouts], *, on: date) -> str:
    """Will return places as a statement takes them."""
    return json.dumps([it.facts(on=on) for it in places])


def _is_for_some(grounds: Grounds) -> bool:
    change = grounds.change
    if change is not None:
        return change.kind == ChangeKind.MOVE or change.version.for_chosen
    return grounds.asked.group is not None


def _chosen(grounds: Grounds) -> list[int]:
    """Will return whom a change for some of the customers is for."""
    if not _is_for_some(grounds):
        return []
    if grounds.change is not None and grounds.change.is_move:
        return chosen_by(grounds.change)
    if grounds.change is not None:
        chosen = Chosen.objects.filter(version=grounds.change.version)
        return list(chosen.values_list("subscription_id", flat=True))
    group = grounds.asked.group
    return list(members(grounds.plan, group, on=grounds.on)) if group else []


def _rate_again(grounds: Grounds, facts: dict[str, Any]) -> None:
    allowances = grounds.allowances()
    services = {it["service"] for it in allowances}
    changed(
        SQL / "rated_again.sql",
        facts
        | {
            "allowances": json.dumps(allowances),
            "services": sorted(services - {Service.RECIPIENTS.value}),
            "recipients": Service.RECIPIENTS.value in services,
            "back": MONTHS_BACK if allowances else 0,
        },
    )


def _add_extras(facts: dict[str, Any]) -> None:
    """Will bill, in scratch, the months that end on somebody's first day, by the run's steps."""
    page = facts | {"counts": COUNTS}
    open_drafts()
    if not changed(SQL / "due_then.sql", page):
        return
    changed(SQL / "count_due_then.sql", None)
    for step in ("months", "spans", "used_by_span", "extras"):
        changed(BILLING / f"{step}.sql", page)


def _name_places(
    sums: dict[str, Any], places: Sequence[Whereabouts], grounds: Grounds
) -> dict[str, Any]:
    """Will say of each place where it is and which rules apply there."""
    names = dict(Location.objects.values_list("pk", "name"))
    by_number = {it.number: it for it in places}
    for row in sums["places"]:
        place = by_number[row["place"]]
        where = ", ".join(it for it in (place.state, place.country) if it)
        row["where"] = f"{names[place.location_id]}" + (f" · {where}" if where else "")
        row["rules"] = [str(it) for it in grounds.rules if it.rule in place.rules]
    return sums
