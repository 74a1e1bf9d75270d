"""A house with a row in every table of an operator, for tests that loop over all tables."""

from datetime import date, datetime
from uuid import uuid4

from postroom.demo.cast import BRONZE, House
from postroom.domain.plan_changes.importing.apply import keep_import
from postroom.domain.plans.actions import Words, create_plan, keep_draft, publish_version
from postroom.domain.plans.models import PlanLocation, PlanVersion, Withdrawal
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.actions import clear_by_hand, void_clearance
from postroom.domain.subscriptions.models import Lead, Means, Pin, PriceLock
from postroom.domain.usage.actions import correct, enter


def fill(house: House, *, at: datetime, on: date) -> House:
    """Will add what the cast leaves out. Works in the house's scope."""
    versions = _fill_plans(house, at=at, on=on)
    _fill_subscriptions(house, versions[0], at=at, on=on)
    Lead.objects.create(
        operator=house.operator,
        plan=house.bronze,
        version=versions[0],
        location=house.locations[0],
        source="signup",
        name="Lee",
        email="lee@visitors.example",
        sent_by_form=uuid4(),
        at=at,
    )
    table = b"name,monthly_rate\nGold,19.99\n"
    keep_import(house.operator, file_name="plans.csv", content=table, by=house.owner, at=at)
    return house


def _fill_plans(house: House, *, at: datetime, on: date) -> list[PlanVersion]:
    """Will publish two versions of Bronze, withdraw one, and add Silver, which Bronze followed."""
    own, by, bronze = {"operator": house.operator}, house.owner, house.bronze
    versions = [
        publish_version(bronze, terms=BRONZE, sold_from=on, existing_from=None, by=by, at=at)
        for _ in range(2)
    ]
    Withdrawal.objects.create(**own, version=versions[1], reason="A slip", by=by, at=at)
    keep_draft(bronze, terms=BRONZE, changed_from=2, reason="", by=by, at=at)
    PlanLocation.objects.create(**own, plan=bronze, location=house.locations[0])
    silver = create_plan(
        house.operator,
        words=Words(name="Silver"),
        terms=BRONZE,
        by=by,
        at=at,
        on=on,
        copied_from=bronze,
        form=uuid4(),
    )
    silver.succeeded_by, silver.succeeded_on = bronze, on
    silver.save(update_fields=["succeeded_by", "succeeded_on"])
    return versions


def _fill_subscriptions(house: House, version: PlanVersion, *, at: datetime, on: date) -> None:
    """Will tell Ana, by a slip, and Bo of a version, and lock and pin Cy's terms."""
    told = [
        clear_by_hand(
            house.subscriptions[who],
            version=version,
            told_on=on,
            means=Means.PHONE,
            told_by="Olga",
            reason="Called",
            by=house.owner,
            at=at,
            on=on,
        )
        for who in ("ana", "bo")
    ]
    void_clearance(told[0], reason="Wrong number", by=house.owner, at=at)
    protected = {
        "operator": house.operator,
        "subscription": house.subscriptions["cy"],
        "reason": "Promised",
        "by": house.owner,
        "at": at,
    }
    PriceLock.objects.create(**protected, until=on)
    Pin.objects.create(**protected)
    who = {"form": uuid4(), "by": house.owner, "at": at}
    scanned = enter(
        house.subscriptions["ana"], service=Service.OPEN_AND_SCAN, quantity=3, on=on, **who
    )
    correct(scanned, counts=2, reason="Typed twice", **who | {"form": uuid4()})
