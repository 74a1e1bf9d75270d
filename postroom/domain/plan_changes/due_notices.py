"""Who is told today, and with which numbers."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from postroom.base.sql import rows
from postroom.domain.customers.models import Customer
from postroom.domain.notices.facts import Facts, LastMonth, Used
from postroom.domain.notices.models import Announcement
from postroom.domain.notices.posting import Enclosed, ToTell
from postroom.domain.notices.signed_links import answer_url
from postroom.domain.plan_changes.grounds import Grounds
from postroom.domain.plan_changes.models import PlanChange
from postroom.domain.plan_changes.places import Whereabouts
from postroom.domain.plan_changes.sheets import SQL, packed_places
from postroom.domain.plans.services import Service, Timing

#: A row of ``sql/due_notices.sql``.
Due = Mapping[str, Any]


def due_now(grounds: Grounds, places: Sequence[Whereabouts]) -> list[ToTell]:
    """Will return what is to be told today of a change, whose outcomes are found in scratch.

    Nobody is told of terms that they have already.
    """
    change = grounds.change
    if change is None:
        raise ValueError("nobody is told of what is not scheduled")
    due = [it for it in _due(change, grounds, places) if grounds.held[it["held_id"]] != grounds.new]
    facts = facts_of(grounds, change.plan.name, change.version.plan.name, due)
    return list(_by_customer(change.announcement, due, facts))


def facts_of(grounds: Grounds, plan: str, new_plan: str, due: Sequence[Due]) -> dict[int, Facts]:
    """Will return each one's own numbers, by subscription."""
    months = _last_months(grounds, [it["subscription_id"] for it in due])
    return {
        it["subscription_id"]: Facts(
            mailbox=it["mailbox"],
            location=it["location"],
            plan=plan,
            new_plan=new_plan,
            months=it["months"],
            old=grounds.held[it["held_id"]],
            new=grounds.new,
            first_day=it["first_day"],
            on_date=grounds.asked.timing is Timing.ON_DATE and it["months"] == 1,
            worse=it["worse"],
            last_month=months.get(it["subscription_id"]),
        )
        for it in due
    }


def _due(change: PlanChange, grounds: Grounds, places: Sequence[Whereabouts]) -> Sequence[Due]:
    facts = {
        "operator": change.operator_id,
        "plan": change.plan_id,
        # No version of their own plan overtakes a move.
        "number": None if change.is_move else change.version.number,
        "announcement": change.announcement_id,
        "places": packed_places(places, on=grounds.on),
        "on": grounds.on,
    }
    return rows(SQL / "due_notices.sql", facts)


def _by_customer(
    announcement: Announcement, due: Sequence[Due], facts: Mapping[int, Facts]
) -> Iterator[ToTell]:
    """Will put what a customer is told of one first day together, whatever their mailboxes."""

    def whose(it: Due) -> tuple[int, date]:
        return it["customer_id"], it["first_day"]

    customers = Customer.objects.in_bulk({it["customer_id"] for it in due})
    for (customer, first_day), group in groupby(sorted(due, key=whose), whose):
        told = list(group)
        closing = [it["closes_on"] for it in told if it["worse"]]
        yield ToTell(
            customer=customers[customer],
            first_day=first_day,
            closes_on=min(closing, default=None),
            link=answer_url(announcement, told[0]["subscription_id"], first_day),
            enclosed=tuple(
                Enclosed(it["subscription_id"], it["worse"], facts[it["subscription_id"]])
                for it in told
            ),
        )


def _last_months(grounds: Grounds, subscriptions: list[int]) -> dict[int, LastMonth]:
    """Will rate each one's last whole month again, for the services whose allowance changes."""
    allowances = grounds.allowances()
    services = {it["service"] for it in allowances}
    facts = {
        "operator": grounds.plan.operator_id,
        "subscriptions": subscriptions,
        "allowances": json.dumps(allowances),
        "services": sorted(services - {Service.RECIPIENTS.value}),
        "recipients": Service.RECIPIENTS.value in services,
    }
    used = defaultdict[tuple[int, date, date], list[Used]](list)
    for it in rows(SQL / "last_months.sql", facts):
        of_month = used[it["subscription_id"], it["starts_on"], it["ends_on"]]
        if it["service"]:
            of_month.append(
                Used(Service(it["service"]), it["used"], it["before_minor"], it["after_minor"])
            )
    return {key: LastMonth(start, end, tuple(it)) for (key, start, end), it in used.items()}
