"""Plans put on and taken off the channels, for tests of what visitors see."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from postroom.base.tenancy import as_operator
from postroom.demo.cast import BRONZE, House
from postroom.domain.plan_changes.answers import grandfather
from postroom.domain.plans.actions import (
    Words,
    create_plan,
    keep_draft,
    save_words,
    words_of,
)
from postroom.domain.plans.models import Plan
from postroom.domain.plans.terms import Terms
from tests.conftest import AT, ON

DEARER = replace(BRONZE, rates={1: 1299, 12: 13999})
INTERNAL_ONLY = {"internal": True, "signup": False, "lead_gen": False}


def add(house: House, name: str, terms: Terms = DEARER, **words: Any) -> Plan:
    """Will add a plan, seen on both public channels unless told otherwise."""
    said = Words(**({"name": name, "signup": True, "lead_gen": True} | words))
    with as_operator(house.operator.pk):
        return create_plan(house.operator, words=said, terms=terms, by=house.owner, at=AT, on=ON)


def say(house: House, plan: Plan, **words: Any) -> None:
    """Will change a plan's words or visibility, as Update does."""
    with as_operator(house.operator.pk):
        plan.refresh_from_db()
        save_words(plan, words=replace(words_of(plan), **words), by=house.owner, at=AT)


def make_legacy(house: House, terms: Terms = DEARER) -> Plan:
    """Will answer NO to a dearer Bronze and return the new one."""
    with as_operator(house.operator.pk):
        draft = keep_draft(
            house.bronze, terms=terms, changed_from=1, reason="", by=house.owner, at=AT
        )
        return grandfather(
            draft, legacy_name="Bronze Legacy", by=house.owner, at=AT, on=ON + timedelta(1)
        )


def join(house: House, plan: Plan | None = None) -> str:
    """Will return the address of the plans, or of one."""
    if plan is None:
        return reverse("signup:plans", args=[house.operator.slug])
    return reverse("signup:plan", args=[house.operator.slug, plan.link])


def location(house: House, number: int = 0) -> str:
    """Will return the address of a location on the lead-gen website."""
    return reverse("directory:location", args=[house.operator.slug, house.locations[number].slug])


def read(client: Client, address: str, status: int = 200) -> str:
    """Will return a page, which must have that status."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()
