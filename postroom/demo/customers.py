"""What Harbor Mail's customers do once they are there: switch, leave, use too much, or too late."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import uuid4

from postroom.demo.calendar import Calendar
from postroom.demo.nights import Act, Day
from postroom.domain.billing.charges import enter_charge
from postroom.domain.billing.switching import switch
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.plans.models import Plan
from postroom.domain.plans.services import Service
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.closing import close
from postroom.domain.subscriptions.models import Subscription, SwitchTiming
from postroom.domain.subscriptions.protecting import lock
from postroom.domain.usage.actions import correct, enter
from postroom.domain.usage.intake import take_in
from postroom.domain.usage.judging import Given
from postroom.domain.usage.models import UsageEntry

#: What NOHO Mailbox takes for a key (2026), and iPostal1 for checks (2025).
KEY, CHECKS = 1500, 495


def acts(calendar: Calendar) -> Iterator[tuple[date, Act]]:
    """Will say what is done with customers, and on which days."""
    month_before_last = calendar.first(-2) + timedelta(days=10)
    yield calendar.first(-12), _hold_many_recipients
    yield calendar.first(-4) + timedelta(days=3), _rent_a_second_mailbox
    yield calendar.first(-2) + timedelta(days=3), _charge_bo
    yield calendar.first(-2) + timedelta(days=5), _scan_much
    yield calendar.first(-2) + timedelta(days=11), _switch_bo_now
    yield calendar.first(-1) + timedelta(days=2), _use_what_is_not_offered
    yield calendar.first(-1) + timedelta(days=4), partial(_enter_late, month_before_last)
    yield calendar.first(-1) + timedelta(days=9), _give_a_key_back
    yield calendar.days(-40), _leave_within_a_year
    yield calendar.days(-21), _correct_a_slip
    yield calendar.days(-5), partial(_lock_a_rate, calendar.first(12))
    yield calendar.days(-4), _switch_di_later
    yield calendar.days(-3), partial(_leave_later, calendar.days(12))
    # Whose next bill does not come today.
    yield calendar.days(-1), partial(_charge_later, "bo" if calendar.on.day == 1 else "ana")


def _hold_many_recipients(day: Day) -> None:
    """Five people get mail at Bo's, where four are included."""
    noon = datetime.combine(day.on, time(12, 0))
    bo = day.house.subscriptions["bo"]
    given = Given("bo-and-four-others", bo.pk, Service.RECIPIENTS, 5, noon)
    take_in(day.house.operator, [given], by=day.by, at=day.at)


def _rent_a_second_mailbox(day: Day) -> None:
    """Whoever pays Bronze by the year rents another mailbox, by the month."""
    yearly = _on("Bronze", months=12, first=False)
    free = Mailbox.objects.filter(
        location=day.house.locations[1], state=MailboxState.AVAILABLE
    ).order_by("-sort_key")
    assign(
        yearly.customer,
        mailbox=free[0],
        plan=yearly.plan,
        months=1,
        starts_on=day.on,
        by=day.by,
        at=day.at,
    )


def _leave_within_a_year(day: Day) -> None:
    """The yearly mailbox is given up: what was paid is credited, and pays for the other one."""
    yearly = _on("Bronze", months=12, first=False)
    closes_on = day.on + timedelta(days=2)
    close(yearly, closes_on=closes_on, by=day.by, at=day.at, on=day.on)


def _give_a_key_back(day: Day) -> None:
    """Somebody on Gold Legacy leaves, and gets his deposit back."""
    close(_on("Gold Legacy"), closes_on=day.on, by=day.by, at=day.at, on=day.on)


def _leave_later(closes_on: date, day: Day) -> None:
    close(_on("Silver"), closes_on=closes_on, by=day.by, at=day.at, on=day.on)


def _charge_bo(day: Day) -> None:
    _charge(day, "bo", "Second key to the building", KEY)


def _charge_later(who: str, day: Day) -> None:
    """Waits for somebody's next invoice."""
    _charge(day, who, "Check deposit, 3 checks", CHECKS)


def _charge(day: Day, who: str, text: str, amount_minor: int) -> None:
    enter_charge(
        day.house.subscriptions[who],
        text=text,
        amount_minor=amount_minor,
        taxable=True,
        form=uuid4(),
        by=day.by,
        at=day.at,
        on=day.on,
    )


def _switch_bo_now(day: Day) -> None:
    """Bo, who is over his scans each month, takes a larger plan in the middle of one."""
    _switch(day, "bo", "Silver", SwitchTiming.NOW)


def _switch_di_later(day: Day) -> None:
    """Di will pay by the month, from the end of the year that is paid."""
    _switch(day, "di", "Bronze", SwitchTiming.NEXT_TERM)


def _switch(day: Day, who: str, plan: str, timing: SwitchTiming) -> None:
    switch(
        day.house.subscriptions[who],
        plan=Plan.objects.get(name=plan),
        months=1,
        timing=timing,
        by=day.by,
        at=day.at,
        on=day.on,
    )


def _scan_much(day: Day) -> None:
    """Ana is over her scans that month, so that what comes late adds to what was billed."""
    _enter(day, day.house.subscriptions["ana"], Service.OPEN_AND_SCAN, 6, day.on)


def _enter_late(used_on: date, day: Day) -> None:
    """Twelve scans of Ana's come to light after their month was billed."""
    _enter(day, day.house.subscriptions["ana"], Service.OPEN_AND_SCAN, 12, used_on)


def _use_what_is_not_offered(day: Day) -> None:
    """Green includes no scans and has no fee for them: the run will point it out."""
    green = _on("Virtual Business Address Green")
    _enter(day, green, Service.OPEN_AND_SCAN, 2, day.on)


def _enter(day: Day, whose: Subscription, service: Service, quantity: int, on: date) -> None:
    enter(whose, service=service, quantity=quantity, on=on, form=uuid4(), by=day.by, at=day.at)


def _correct_a_slip(day: Day) -> None:
    """Cy's last entry of mail was one too many."""
    entry = UsageEntry.objects.filter(
        subscription=day.house.subscriptions["cy"],
        service=Service.INCOMING_MAIL,
        corrects__isnull=True,
        quantity__gt=1,
    ).latest("on")
    correct(
        entry,
        counts=entry.quantity - 1,
        reason="Counted twice at the counter.",
        form=uuid4(),
        by=day.by,
        at=day.at,
    )


def _lock_a_rate(until: date, day: Day) -> None:
    """The one who came to Silver last was promised his rate."""
    reason = "Promised when he moved in."
    lock(_on("Silver", first=False), until=until, reason=reason, by=day.by, at=day.at)


def _on(plan: str, *, months: int = 1, first: bool = True) -> Subscription:
    """Will return who moved in first, or last, of those on a plan; of the cast nobody."""
    others = Subscription.objects.filter(
        plan__name=plan, months=months, closes_on__isnull=True
    ).select_related("customer", "plan", "mailbox__location")
    cast = ["Ana Alvarez", "Bo Berg Imports LLC", "Cy Castellanos", "Di Dvořák"]
    in_order = others.exclude(customer__name__in=cast).order_by("starts_on", "id")
    found = in_order.first() if first else in_order.last()
    if found is None:
        raise RuntimeError(f"nobody is on {plan}")
    return found
