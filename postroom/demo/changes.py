"""Harbor Mail's changes of plans: one answered NO, one behind it that was YES, one still ahead."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from postroom.demo.calendar import Calendar
from postroom.demo.nights import Act, Day
from postroom.domain.plan_changes.answers import grandfather, publish
from postroom.domain.plan_changes.update import Seen, Updated, update
from postroom.domain.plans.actions import words_of
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.subscriptions.actions import clear_by_hand
from postroom.domain.subscriptions.models import Means, Subscription


def acts(calendar: Calendar) -> list[tuple[date, Act]]:
    """Will say what is changed, and on which days."""
    return [
        (calendar.first(-3), _make_gold_legacy),
        (calendar.first(-3), partial(_raise_personal, calendar.first(-1))),
        (calendar.first(-2), _tell_one_on_personal),
        (calendar.days(-6), partial(_raise_silver, calendar.days(14), calendar.first(2))),
    ]


def _make_gold_legacy(day: Day) -> None:
    """NO: those on Gold keep it as Gold Legacy; a dearer Gold takes its place."""
    question = _ask_for_rates(day, "Gold", {1: 5999}, reason="Scans cost us more now.")
    grandfather(question, legacy_name="Gold Legacy", by=day.by, at=day.at, on=day.on)


def _raise_personal(existing_from: date, day: Day) -> None:
    """YES: one customer will be told by phone, the other by nobody and is deferred."""
    rates = {1: 1299, 12: 11999}
    question = _ask_for_rates(day, "Personal", rates, reason="Our rent went up.")
    publish(
        question,
        sold_from=day.on,
        existing_from=existing_from,
        by=day.by,
        at=day.at,
        on=day.on,
    )


def _tell_one_on_personal(day: Day) -> None:
    told = Subscription.objects.filter(plan__name="Personal").order_by("id")[0]
    clear_by_hand(
        told,
        version=latest_version(told.plan),
        told_on=day.on,
        means=Means.PHONE,
        told_by=str(day.by),
        reason="Called; fine with the new rate.",
        by=day.by,
        at=day.at,
        on=day.on,
    )


def _raise_silver(sold_from: date, existing_from: date, day: Day) -> None:
    """YES, with both days still ahead."""
    question = _ask_for_rates(day, "Silver", {1: 3999}, reason="Our rent went up.")
    publish(
        question,
        sold_from=sold_from,
        existing_from=existing_from,
        by=day.by,
        at=day.at,
        on=day.on,
    )


def _ask_for_rates(day: Day, name: str, rates: dict[int, int], *, reason: str) -> Draft:
    done = update_terms(day, name, reason=reason, rates=rates)
    if done.question is None:
        raise RuntimeError(f"nobody is on {name}, so nothing was asked")
    return done.question


def update_terms(day: Day, name: str, *, reason: str, **terms: Any) -> Updated:
    """Will hit Update on a plan after changing some of its terms."""
    plan = Plan.objects.get(name=name)
    version = latest_version(plan)
    return update(
        plan,
        words=words_of(plan),
        terms=replace(terms_of([version])[version.pk], **terms),
        seen=Seen(plan.revision, version.number),
        by=day.by,
        at=day.at,
        on=day.on,
        reason=reason,
    )
