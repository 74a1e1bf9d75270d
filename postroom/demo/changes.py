"""Harbor Mail's changes of plans: one answered NO, one that was YES, one that is being announced.

Its customers are told as in real life, but that no mail leaves the house.
"""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from postroom.base.postman import Postman
from postroom.base.rounds import Pace
from postroom.demo.calendar import Calendar
from postroom.demo.nights import Act, Day
from postroom.domain.customers.models import Customer
from postroom.domain.notices.delivering import deliver_page
from postroom.domain.plan_changes.announcing import announce_operator
from postroom.domain.plan_changes.answers import grandfather
from postroom.domain.plan_changes.asking import Asked
from postroom.domain.plan_changes.previews import preview
from postroom.domain.plan_changes.scheduling import schedule
from postroom.domain.plan_changes.update import Seen, Updated, update
from postroom.domain.plans.actions import words_of
from postroom.domain.plans.models import Draft, Plan
from postroom.domain.plans.queries import latest_version, terms_of
from postroom.domain.subscriptions.models import Subscription

#: A mail server that takes everything and sends nothing.
NOWHERE = "django.core.mail.backends.dummy.EmailBackend"


def acts(calendar: Calendar) -> list[tuple[date, Act]]:
    """Will say what is changed, and on which days."""
    first = calendar.first(-3)
    return [
        (first, _make_gold_legacy),
        (first, _forget_an_address),
        (first, partial(_raise_personal, calendar.first(-1))),
        (calendar.days(-12), partial(_raise_silver, calendar.days(3), calendar.days(4))),
        *((calendar.days(-n), _tell) for n in range((calendar.on - first).days, 0, -1)),
    ]


def _tell(day: Day) -> None:
    """Will write what is due that day, and hand it to nobody."""

    def clock() -> datetime:
        return day.at

    announce_operator(day.house.operator, clock=clock)
    with Postman(NOWHERE) as postman:
        deliver_page(day.house.operator, postman=postman, pace=Pace(clock, _not, 60_000))


def _not(seconds: float) -> None:
    """Will let no time pass."""


def _make_gold_legacy(day: Day) -> None:
    """NO: those on Gold keep it as Gold Legacy; a dearer Gold takes its place."""
    question = _ask_for_rates(day, "Gold", {1: 5999}, reason="Scans cost us more now.")
    grandfather(question, legacy_name="Gold Legacy", by=day.by, at=day.at, on=day.on)


def _forget_an_address(day: Day) -> None:
    """Will leave one on Personal to be told by letter."""
    last = Subscription.objects.filter(plan__name="Personal").latest("id")
    Customer.objects.filter(pk=last.customer_id).update(email="")


def _raise_personal(existing_from: date, day: Day) -> None:
    """YES: one customer is told in time, the other's letter was never printed."""
    rates = {1: 1299, 12: 11999}
    question = _ask_for_rates(day, "Personal", rates, reason="Our rent went up.")
    _say_yes(day, question, Asked(day.on, existing_from))


def _raise_silver(sold_from: date, existing_from: date, day: Day) -> None:
    """YES, with notices on their way and both days still ahead."""
    question = _ask_for_rates(day, "Silver", {1: 3999}, reason="Our rent went up.")
    _say_yes(day, question, Asked(sold_from, existing_from))


def _say_yes(day: Day, question: Draft, asked: Asked) -> None:
    own: dict[str, Any] = {"by": day.by, "at": day.at, "on": day.on}
    sheet = preview(question, asked, **own, anew=True)
    words = "Our rent went up, and we kept it from you as long as we could."
    schedule(question, asked=asked, seen=sheet.fingerprint, words=words, **own)


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
