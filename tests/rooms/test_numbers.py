"""Mailbox numbers: quarantine, numbers kept for online signup, another number, the first charge."""

from datetime import date, timedelta

import pytest

from postroom.demo.cast import House
from postroom.domain.billing.models import Invoice, LineKind
from postroom.domain.billing.running import bill_operator
from postroom.domain.billing.switching import switch
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.customers.numbers import (
    MailboxNotFree,
    NoneAvailable,
    StillInQuarantine,
    make_mailboxes,
    reserve_more,
    set_aside,
    set_many_aside,
    short_locations,
)
from postroom.domain.events.models import Event
from postroom.domain.proof.acts import prove
from postroom.domain.subscriptions.actions import assign
from postroom.domain.subscriptions.closing import close, reopen
from postroom.domain.subscriptions.first_term import Charge
from postroom.domain.subscriptions.models import Subscription, SwitchTiming
from postroom.domain.subscriptions.numbering import (
    HasLeft,
    NumberNotFree,
    NumberUnknown,
    SameNumber,
    change_number,
    moved_on_from,
    number_at,
    numbers_at,
)
from tests.conftest import AT, ON

HALF_A_YEAR_ON = date(2026, 12, 15)


def mailbox(house: House, number: str) -> Mailbox:
    return Mailbox.objects.get(location=house.locations[0], number=number)


def aside(house: House, number: str, state: MailboxState, on: date = ON) -> Mailbox:
    return set_aside(mailbox(house, number), state=state, by=house.owner, at=AT, on=on)


def move(house: House, number: str, *, on: date = ON, who: str = "ana") -> Subscription:
    return change_number(house.subscriptions[who], number=number, by=house.owner, at=AT, on=on)


def test_who_left_keeps_the_number_for_half_a_year(in_harbor: House) -> None:
    ana = in_harbor.subscriptions["ana"]
    close(ana, closes_on=date(2026, 6, 29), by=in_harbor.owner, at=AT, on=ON)
    bill_operator(in_harbor.operator, at=AT + timedelta(days=20))
    left = mailbox(in_harbor, "100")
    assert (left.state, left.quarantined_until) == ("quarantined", date(2026, 12, 30))
    with pytest.raises(StillInQuarantine):
        aside(in_harbor, "100", MailboxState.AVAILABLE, on=date(2026, 12, 29))
    free = aside(in_harbor, "100", MailboxState.RESERVED, on=date(2026, 12, 30))
    assert (free.state, free.quarantined_until) == ("reserved", None)


def test_many_are_set_aside_and_the_others_are_counted(in_harbor: House) -> None:
    chosen = [mailbox(in_harbor, number).pk for number in ("100", "110", "111", "112")]
    facts = {"by": in_harbor.owner, "at": AT, "on": ON}
    assert set_many_aside(chosen, state=MailboxState.RESERVED, **facts) == (3, 1)  # type: ignore[arg-type]
    assert set_many_aside(chosen, state=MailboxState.RESERVED, **facts) == (0, 1)  # type: ignore[arg-type]
    assert Event.objects.filter(act="mailbox.reserved").count() == 3
    with pytest.raises(MailboxNotFree):
        aside(in_harbor, "100", MailboxState.AVAILABLE)


def test_the_lowest_numbers_are_reserved(in_harbor: House) -> None:
    here, there = in_harbor.locations
    make_mailboxes(here, first=9, last=9, state=MailboxState.AVAILABLE, by=None, at=AT)
    assert [it.missing for it in short_locations()] == [10, 10]
    assert reserve_more(here, count=3, by=in_harbor.owner, at=AT) == 3
    reserved = Mailbox.objects.filter(location=here, state="reserved").order_by("sort_key")
    assert [it.number for it in reserved] == ["9", "104", "105"]
    assert [(it.location, it.missing) for it in short_locations()] == [(there, 10), (here, 7)]
    assert reserve_more(here, count=99, by=in_harbor.owner, at=AT) == 34
    with pytest.raises(NoneAvailable):
        reserve_more(here, count=1, by=in_harbor.owner, at=AT)
    assert [it.location for it in short_locations()] == [there]


def test_another_number_and_back(in_harbor: House) -> None:
    before = Invoice.objects.filter(subscription=in_harbor.subscriptions["ana"]).count()
    moved = move(in_harbor, "#110")
    assert moved.mailbox.number == "110" and mailbox(in_harbor, "110").state == "assigned"
    old = mailbox(in_harbor, "100")
    assert (old.state, old.quarantined_until) == ("quarantined", HALF_A_YEAR_ON)
    assert number_at(moved, AT - timedelta(days=1)) == "100"
    assert number_at(moved, AT + timedelta(days=1)) == "110"
    other, day = in_harbor.subscriptions["bo"], timedelta(days=1)
    assert numbers_at([(other, AT), (moved, AT - day), (moved, AT + day)]) == ["101", "100", "110"]
    with pytest.raises(NumberNotFree):
        move(in_harbor, "100", who="bo")
    back = move(in_harbor, "100")
    assert (back.mailbox.number, mailbox(in_harbor, "110").state) == ("100", "quarantined")
    assert Invoice.objects.filter(subscription=back).count() == before


@pytest.mark.parametrize(
    ("number", "refusal"),
    [("100", SameNumber), ("101", NumberNotFree), ("999", NumberUnknown), ("", NumberUnknown)],
)
def test_what_is_no_other_number(in_harbor: House, number: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        move(in_harbor, number)
    assert mailbox(in_harbor, "100").state == "assigned"


def test_who_has_left_gets_no_other_number(in_harbor: House) -> None:
    ana = in_harbor.subscriptions["ana"]
    close(ana, closes_on=date(2026, 6, 29), by=in_harbor.owner, at=AT, on=ON)
    with pytest.raises(HasLeft):
        move(in_harbor, "110", on=date(2026, 7, 1))


def test_a_number_that_another_gave_up_since_is_not_theirs(in_harbor: House) -> None:
    move(in_harbor, "110")
    aside(in_harbor, "100", MailboxState.AVAILABLE, on=date(2027, 1, 5))
    move(in_harbor, "100", who="bo", on=date(2027, 1, 6))
    bo = move(in_harbor, "120", who="bo", on=date(2027, 1, 7))
    with pytest.raises(NumberNotFree):
        move(in_harbor, "100", on=date(2027, 1, 8))
    ana = in_harbor.subscriptions["ana"]
    had = [(it.subscription, it.to) for it in moved_on_from(mailbox(in_harbor, "100"), latest=9)]
    assert had == [(bo, "120"), (ana, "110")]


def test_a_number_that_somebody_had_before_is_taken_back(in_harbor: House) -> None:
    ana, di = in_harbor.subscriptions["ana"], in_harbor.customers["di"]
    close(ana, closes_on=date(2026, 6, 29), by=in_harbor.owner, at=AT, on=ON)
    bill_operator(in_harbor.operator, at=AT + timedelta(days=20))
    old = aside(in_harbor, "100", MailboxState.AVAILABLE, on=date(2027, 1, 5))
    day, acts = date(2027, 1, 11), {"by": in_harbor.owner, "at": AT + timedelta(days=210)}
    begun = assign(di, mailbox=old, plan=in_harbor.bronze, months=1, starts_on=day, **acts)  # type: ignore[arg-type]
    for number in ("110", "100"):
        begun = change_number(begun, number=number, on=day, **acts)  # type: ignore[arg-type]
    assert (begun.mailbox.number, mailbox(in_harbor, "110").state) == ("100", "quarantined")


def rent(house: House, charge: Charge, *, months: int = 1, day: int = 1) -> Subscription:
    """Di takes number 120 on 15 June, billed on a day of the month."""
    return assign(
        house.customers["di"],
        mailbox=mailbox(house, "120"),
        plan=house.bronze,
        months=months,
        starts_on=ON,
        billing_day=day,
        charge=charge,
        by=house.owner,
        at=AT,
    )


def bills(begun: Subscription) -> list[tuple[date, list[int]]]:
    """Will return the dates of the invoices, with the amounts of their rates."""
    found = Invoice.objects.filter(subscription=begun).order_by("number")
    return [
        (it.billed_on, sorted(line.amount_minor for line in it.lines.filter(kind=LineKind.RATE)))
        for it in found
    ]


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        # 16 of the 30 days of June at 9.99; of the 365 days up to 1 July at 109.99.
        (1, [533, 999]),
        (12, [482, 10999]),
    ],
)
def test_the_first_days_are_billed_now_or_with_the_next_term(
    in_harbor: House, months: int, expected: list[int]
) -> None:
    later = rent(in_harbor, Charge.NEXT_BILLING_DATE, months=months)
    for days in (0, 10, 17, 25):
        bill_operator(in_harbor.operator, at=AT + timedelta(days=days))
    assert bills(later) == [(date(2026, 7, 1), expected)]
    assert prove(in_harbor.operator, at=AT + timedelta(days=26)).differences == 0


def test_the_same_days_with_the_start(in_harbor: House) -> None:
    now = rent(in_harbor, Charge.NOW)
    for days in (0, 17):
        bill_operator(in_harbor.operator, at=AT + timedelta(days=days))
    assert bills(now) == [(ON, [533]), (date(2026, 7, 1), [999])]


def test_a_start_on_the_billing_day_is_billed_with_it(in_harbor: House) -> None:
    begun = rent(in_harbor, Charge.NEXT_BILLING_DATE, day=15)
    bill_operator(in_harbor.operator, at=AT)
    assert bills(begun) == [(ON, [999])]


def test_who_leaves_before_the_first_bill_pays_for_their_days(in_harbor: House) -> None:
    begun = rent(in_harbor, Charge.NEXT_BILLING_DATE)
    close(begun, closes_on=date(2026, 6, 20), by=in_harbor.owner, at=AT, on=ON)
    bill_operator(in_harbor.operator, at=AT + timedelta(days=30))
    # 6 of the 30 days of June.
    assert bills(begun) == [(date(2026, 6, 21), [200])]


def test_who_switches_before_the_first_bill_is_billed_for_both(in_harbor: House) -> None:
    begun = rent(in_harbor, Charge.NEXT_BILLING_DATE)
    day = date(2026, 6, 20)
    switch(
        begun,
        plan=in_harbor.bronze,
        months=12,
        timing=SwitchTiming.NOW,
        by=in_harbor.owner,
        at=AT + timedelta(days=5),
        on=day,
    )
    # 5 of the 30 days of June by the month, and a year from then on.
    assert bills(begun) == [(day, [167, 10999])]
    assert prove(in_harbor.operator, at=AT + timedelta(days=6)).differences == 0


@pytest.mark.parametrize(
    ("leaves_later", "expected"),
    # 11 of the 30 days of June; or all 16 of them with July.
    [(True, [(date(2026, 6, 26), [366])]), (False, [(date(2026, 7, 1), [533, 999])])],
)
def test_a_closing_day_taken_back_is_no_billing_date(
    in_harbor: House, leaves_later: bool, expected: list[tuple[date, list[int]]]
) -> None:
    begun = rent(in_harbor, Charge.NEXT_BILLING_DATE)
    facts = {"by": in_harbor.owner, "at": AT, "on": ON}
    begun = close(begun, closes_on=date(2026, 6, 20), **facts)  # type: ignore[arg-type]
    if leaves_later:
        close(begun, closes_on=date(2026, 6, 25), **facts)  # type: ignore[arg-type]
    else:
        reopen(begun, **facts)  # type: ignore[arg-type]
    for days in (6, 11, 17, 25):
        bill_operator(in_harbor.operator, at=AT + timedelta(days=days))
    assert bills(begun) == expected
    assert prove(in_harbor.operator, at=AT + timedelta(days=26)).differences == 0
