"""What others changed while somebody had the plan's form open."""

from collections.abc import Mapping

from postroom.domain.events.models import Event
from postroom.domain.operators.models import Location, Operator
from postroom.domain.plans.models import Plan, PlanVersion
from postroom.domain.plans.plain_words import difference_in_words
from postroom.domain.plans.queries import terms_of
from postroom.domain.plans.terms import differences

#: How the fields of the words are called on the page.
LABELS = {
    "name": "Name",
    "description": "Description",
    "internal": "Internal",
    "signup": "Signup URL",
    "lead_gen": "Lead-gen website",
    "locations": "Locations",
}


def changes_since(
    plan: Plan, seen_version: int, events: list[Event], operator: Operator
) -> list[tuple[str, str, str]]:
    """Will list what changed as (what, before, now), the words first, then the terms."""
    places = dict(Location.objects.values_list("pk", "name"))
    words = [
        (LABELS[field], _say(before, places), _say(after, places))
        for event in reversed(events)
        for field, (before, after) in event.facts.items()
    ]
    versions = list(PlanVersion.objects.filter(plan=plan).order_by("number"))
    terms = terms_of(versions)
    seen = next((it for it in versions if it.number == seen_version), versions[-1])
    return words + [
        difference_in_words(it, operator.show)[:3]
        for it in differences(terms[seen.pk], terms[versions[-1].pk])
    ]


def _say(value: object, places: Mapping[int, str]) -> str:
    if isinstance(value, list):
        return ", ".join(places[it] for it in value if it in places) or "all"
    if isinstance(value, bool):
        return "ticked" if value else "not ticked"
    return str(value) or "empty"
