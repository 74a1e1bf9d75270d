"""Who may be given which plan at which mailbox, from when, and what is refused."""

from datetime import date
from typing import Any

import pytest

from postroom.base.refusals import Refused
from postroom.demo.cast import House
from postroom.domain.customers.models import Mailbox, MailboxState
from postroom.domain.plans.models import Plan, PlanLocation
from postroom.domain.subscriptions.actions import (
    AlreadyVoid,
    MailboxTaken,
    NoRateForTerm,
    PlanNotAtLocation,
    PlanNotForStaff,
    PlanNotOnSale,
    ToldInTheFuture,
    VersionOfAnotherPlan,
    assign,
    clear_by_hand,
    void_clearance,
)
from postroom.domain.subscriptions.first_term import (
    PaidUntilOffBillingDay,
    PaidUntilTooEarly,
)
from postroom.domain.subscriptions.models import Basis, Clearance, Means, Subscription, Term
from tests.conftest import AT, ON
from tests.everything import fill


def give(house: House, number: str = "130", place: int = 0, **facts: Any) -> Subscription:
    """Will give Ana another mailbox, with some facts of the act changed."""
    usual = {"plan": house.bronze, "months": 1, "starts_on": ON, "by": house.owner, "at": AT}
    mailbox = Mailbox.objects.get(location=house.locations[place], number=number)
    return assign(house.customers["ana"], mailbox=mailbox, **(usual | facts))


def first_term(subscription: Subscription) -> Term:
    return Term.objects.get(subscription=subscription, seq=1)


def test_the_first_term_starts_today(in_harbor: House) -> None:
    term = first_term(give(in_harbor))
    assert (str(term), term.basis) == ("2026-06-15 to 2026-07-15", Basis.JOINED)
    assert Mailbox.objects.get(number="130", location=in_harbor.locations[0]).state == "assigned"


def test_a_stub_leads_to_the_billing_day(in_harbor: House) -> None:
    term = first_term(give(in_harbor, months=12, billing_day=1))
    assert str(term) == "2026-06-15 to 2026-07-01"
    assert (term.whole_starts_on, term.whole_ends_on) == (date(2025, 7, 1), date(2026, 7, 1))


def test_paid_until_makes_the_first_term_his_own(in_harbor: House) -> None:
    term = first_term(give(in_harbor, months=12, paid_until=date(2028, 1, 31)))
    assert (str(term), term.basis) == ("2026-06-15 to 2028-01-31", Basis.PAID_BEFORE)
    assert term.subscription.billing_day == 31


@pytest.mark.parametrize(
    ("refusal", "facts"),
    [
        (NoRateForTerm, {"months": 3}),
        (PlanNotOnSale, {"starts_on": date(2020, 1, 1)}),
        (PaidUntilOffBillingDay, {"paid_until": date(2026, 8, 1), "billing_day": 2}),
        (PaidUntilTooEarly, {"paid_until": ON}),
        (PaidUntilTooEarly, {"paid_until": date(2026, 1, 1)}),
        (MailboxTaken, {"number": "100"}),
    ],
)
def test_refusals(in_harbor: House, refusal: type[Refused], facts: dict[str, Any]) -> None:
    before = Subscription.objects.count()
    with pytest.raises(refusal) as refused:
        give(in_harbor, **facts)
    assert refused.value.field
    assert "{" not in str(refused.value)
    assert Subscription.objects.count() == before


@pytest.mark.parametrize("state", ["pending", "assigned", "quarantined"])
def test_a_mailbox_that_is_not_free(in_harbor: House, state: str) -> None:
    until = ON if state == "quarantined" else None
    Mailbox.objects.filter(number="130").update(state=state, quarantined_until=until)
    with pytest.raises(MailboxTaken):
        give(in_harbor)


def test_staff_may_give_out_a_reserved_one(in_harbor: House) -> None:
    Mailbox.objects.filter(number="130").update(state=MailboxState.RESERVED)
    assert give(in_harbor).mailbox.number == "130"


def test_a_plan_without_internal_is_not_for_staff(in_harbor: House) -> None:
    Plan.objects.update(internal=False)
    with pytest.raises(PlanNotForStaff):
        give(in_harbor)


def test_a_plan_is_given_where_it_is_ticked(in_harbor: House) -> None:
    PlanLocation.objects.create(
        operator=in_harbor.operator, plan=in_harbor.bronze, location=in_harbor.locations[0]
    )
    assert give(in_harbor).plan == in_harbor.bronze
    with pytest.raises(PlanNotAtLocation):
        give(in_harbor, place=1)


def tell(house: House, **facts: Any) -> Clearance:
    """Will record that Ana was told of what she has, with some facts changed."""
    ana = house.subscriptions["ana"]
    usual = {
        "version": ana.version,
        "told_on": ON,
        "means": Means.PHONE,
        "told_by": "Olga",
        "reason": "Called",
        "by": house.owner,
        "at": AT,
        "on": ON,
    }
    return clear_by_hand(ana, **(usual | facts))


def test_telling_holds_from_ten_days_later(in_harbor: House) -> None:
    assert tell(in_harbor).first_day == date(2026, 6, 25)


def test_telling_cannot_lie_ahead(in_harbor: House) -> None:
    with pytest.raises(ToldInTheFuture):
        tell(in_harbor, told_on=date(2026, 6, 16))


def test_telling_is_of_his_own_plan(in_harbor: House) -> None:
    fill(in_harbor, at=AT, on=ON)
    silver = Plan.objects.get(name="Silver")
    other = Subscription.objects.model.version.field.related_model.objects.get(plan=silver)
    with pytest.raises(VersionOfAnotherPlan):
        tell(in_harbor, version=other)


def test_a_clearance_is_voided_once(in_harbor: House) -> None:
    clearance = tell(in_harbor)
    void_clearance(clearance, reason="Slip", by=in_harbor.owner, at=AT)
    with pytest.raises(AlreadyVoid):
        void_clearance(clearance, reason="Slip", by=in_harbor.owner, at=AT)
