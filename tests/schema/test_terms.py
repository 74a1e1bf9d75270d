"""Terms of a subscription tile, are only ever shortened, and are not worse without a clearance."""

from datetime import date, timedelta

import pytest

from postroom.base.periods import billing_date
from postroom.demo.cast import House
from postroom.domain.subscriptions.models import Basis, Subscription, Term
from tests.conftest import AT
from tests.tables import again, ask, breaking


def follow(subscription: Subscription, **changes: object) -> Term:
    """Will open the term after the last one, with some of its facts changed."""
    last = Term.objects.filter(subscription=subscription).order_by("seq").last()
    assert last is not None
    ends_on = billing_date(last.ends_on, 1, subscription.billing_day)
    facts = {
        "seq": last.seq + 1,
        "version_id": last.version_id,
        "months": 1,
        "billing_day": subscription.billing_day,
        "starts_on": last.ends_on,
        "ends_on": ends_on,
        "basis": Basis.RENEWED,
    } | changes
    facts.setdefault("whole_starts_on", facts["starts_on"])
    facts.setdefault("whole_ends_on", facts["ends_on"])
    own = {"operator_id": subscription.operator_id, "opened_at": AT}
    return Term.objects.create(**own, subscription=subscription, **facts)


@pytest.mark.parametrize("days", [1, -1])
def test_a_gap_or_an_overlap_is_refused(in_harbor: House, days: int) -> None:
    ana = in_harbor.subscriptions["ana"]
    with breaking("terms_of_a_subscription_tile"):
        follow(ana, starts_on=date(2026, 2, 1) + timedelta(days=days))


def test_a_number_left_out_is_a_gap(in_harbor: House) -> None:
    with breaking("terms_of_a_subscription_tile"):
        follow(in_harbor.subscriptions["ana"], seq=3)


def test_terms_tile_over_month_ends_and_leap_days(in_harbor: House) -> None:
    ana = in_harbor.subscriptions["ana"]
    ana.billing_day = 31
    ends = [follow(ana).ends_on for _ in range(26)]
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    assert ends[:3] == [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]
    assert date(2027, 2, 28) in ends
    assert date(2028, 2, 29) in ends
    with breaking("terms_of_a_subscription_tile"):
        follow(ana, starts_on=ends[-1] + timedelta(days=1))


def test_the_first_term_starts_with_its_subscription(in_harbor: House) -> None:
    ana = in_harbor.subscriptions["ana"]
    with breaking("first_term_starts_with_its_subscription"):
        ask("UPDATE subscriptions_subscription SET starts_on = starts_on - 1 WHERE id = %s", ana.pk)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("terms_of_a_subscription_are_numbered", {}),
        ("terms_start_at_one", {"seq": "0"}),
        ("term_does_not_end_before_it_starts", {"ends_on": "starts_on - 1"}),
        ("term_billing_day_is_1_to_31", {"billing_day": "0"}),
        ("term_billing_day_is_1_to_31", {"billing_day": "32"}),
        ("term_lies_in_its_whole_period", {"whole_ends_on": "ends_on - 1"}),
        ("term_lies_in_its_whole_period", {"whole_starts_on": "starts_on + 1"}),
        ("term_basis_is_known", {"basis": "'whim'"}),
    ],
)
def test_a_term(in_harbor: House, constraint: str, changes: dict[str, str]) -> None:
    with breaking(constraint):
        again("subscriptions_term", **changes)


@pytest.mark.parametrize(
    "setting",
    [
        "ends_on = ends_on + 1",
        "starts_on = starts_on + 1",
        "months = 6",
        "billing_day = billing_day + 1",
        "basis = 'own_act'",
        "whole_ends_on = whole_ends_on + 1",
        "seq = seq + 1",
        "opened_at = opened_at - interval '1 day'",
        "subscription_id = subscription_id + 1",
        "version_id = version_id + 1",
    ],
)
def test_terms_are_only_ever_shortened(in_harbor: House, setting: str) -> None:
    with breaking("terms_are_only_ever_shortened"):
        ask(f"UPDATE subscriptions_term SET {setting}")


def test_a_term_may_be_cut_and_followed(in_harbor: House) -> None:
    ana = in_harbor.subscriptions["ana"]
    Term.objects.filter(subscription=ana).update(ends_on=date(2026, 1, 15))
    with breaking("terms_of_a_subscription_tile"):
        follow(ana, starts_on=date(2026, 1, 16), ends_on=date(2026, 2, 1))
    term = follow(ana, ends_on=date(2026, 2, 1))
    ask("SET CONSTRAINTS ALL IMMEDIATE")
    assert term.starts_on == date(2026, 1, 15)


def test_a_followed_term_is_not_cut_alone(in_harbor: House) -> None:
    ana = in_harbor.subscriptions["ana"]
    follow(ana)
    with breaking("terms_of_a_subscription_tile"):
        Term.objects.filter(subscription=ana, seq=1).update(ends_on=date(2026, 1, 15))


def test_terms_are_never_deleted(in_harbor: House) -> None:
    with breaking("terms_are_never_deleted"):
        ask("DELETE FROM subscriptions_term")


def test_a_term_is_cut_to_nothing_and_no_further(in_harbor: House) -> None:
    with breaking("term_does_not_end_before_it_starts"):
        ask("UPDATE subscriptions_term SET ends_on = starts_on - 1")
    ask("UPDATE subscriptions_term SET ends_on = starts_on")
    ask("SET CONSTRAINTS ALL IMMEDIATE")
