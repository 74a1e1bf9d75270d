"""The one rule: what the database decides is what the pure function decides, in random worlds."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postroom.base.periods import billing_date
from postroom.demo.cast import House
from postroom.domain.plans.actions import Words, create_plan, publish_version
from postroom.domain.plans.models import Plan, PlanVersion, Withdrawal
from postroom.domain.plans.services import MailType, Offer, Service
from postroom.domain.plans.terms import Allowance, StorageRule, Terms
from postroom.domain.subscriptions.models import (
    Chosen,
    Clearance,
    ClearanceVoid,
    Means,
    Pin,
    PriceLock,
    Subscription,
)
from postroom.domain.subscriptions.renewals import first_renewal
from postroom.domain.subscriptions.rule import Candidate, Holding, Told, version_for
from tests.conftest import AT
from tests.tables import ask

DAY = date(2026, 2, 27)
MONTHS = (1, 3, 12)
quickly = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Customer:
    """What somebody was told and what protects him, whichever version he holds."""

    told: list[Told]
    pinned: bool
    locked_until: date | None
    chosen: frozenset[int]


@dataclass(frozen=True)
class World:
    """A plan's versions and a few customers."""

    versions: list[Candidate]
    customers: list[Customer]


class RolledBack(Exception):
    """The example is over."""


def once_in(times: int) -> st.SearchStrategy[bool]:
    return st.integers(1, times).map(lambda drawn: drawn == times)


some_days = st.integers(0, 3).map(lambda count: DAY + timedelta(days=count))
some_terms = st.builds(
    Terms,
    rates=st.fixed_dictionaries(
        {1: st.sampled_from((900, 1000, 1100, 1200))},
        optional={3: st.just(2700), 12: st.sampled_from((9000, 9900))},
    ),
    allowances=st.fixed_dictionaries(
        {Service.STORAGE: st.just(Allowance(Offer.RESTRICTED))},
        optional={Service.FORWARD: st.just(Allowance(Offer.UNLIMITED))},
    ),
    storage=st.just({}) | st.just({MailType.LETTER: StorageRule(30, 5)}),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    count = draw(st.integers(3, 5))
    versions = [
        Candidate(
            number,
            draw(some_terms),
            existing_from=None if draw(once_in(8)) else draw(some_days),
            withdrawn=draw(once_in(8)),
            for_chosen=draw(once_in(4)),
        )
        for number in range(1, count + 1)
    ]
    return World(versions, [draw(customers(count)) for _ in range(4)])


@st.composite
def customers(draw: st.DrawFn, versions: int) -> Customer:
    told = [
        Told(
            draw(st.integers(2, versions)),
            first_day := draw(some_days),
            first_day + timedelta(days=draw(st.integers(0, 1))) if draw(once_in(2)) else None,
            void=draw(once_in(4)),
        )
        for _ in range(draw(st.integers(0, 2)))
    ]
    return Customer(
        told,
        draw(once_in(6)),
        draw(some_days) if draw(once_in(3)) else None,
        draw(st.frozensets(st.integers(2, versions), max_size=2)),
    )


@quickly
@given(world=worlds())
def test_the_database_and_the_function_agree(in_harbor: House, world: World) -> None:
    try:
        with transaction.atomic():
            numbers = build(in_harbor, world)
            subscriptions = [it.pk for it in in_harbor.subscriptions.values()]
            for subscription, held, months, day, chosen in ask(
                ALL_AT_ONCE, in_harbor.operator.pk, subscriptions, list(numbers), [*MONTHS], DAY
            ):
                customer = world.customers[subscriptions.index(subscription)]
                holding = Holding(
                    numbers[held],
                    months,
                    pinned=customer.pinned,
                    locked_until=customer.locked_until,
                    told=customer.told,
                    chosen=customer.chosen,
                )
                expected = version_for(holding, world.versions, on=day)
                assert numbers[chosen] == expected, (day, holding)
            raise RolledBack
    except RolledBack:
        pass


#: Every customer, holding any version, with any cycle, on each day.
ALL_AT_ONCE = """
SELECT subscription, held, months, day, version_for(%s, subscription, held, months, day)
  FROM unnest(%s::bigint[]) AS subscription, unnest(%s::bigint[]) AS held,
       unnest(%s::integer[]) AS months,
       LATERAL (SELECT %s + days AS day FROM generate_series(-1, 5) AS days) AS calendar
"""


def build(house: House, world: World) -> dict[int, int]:
    """Will write a world into the tables and return the versions' numbers by id."""
    first, *later = world.versions
    plan = create_plan(
        house.operator, words=Words(name="Random"), terms=first.terms, by=None, at=AT, on=DAY
    )
    for version in later:
        publish_version(
            plan,
            terms=version.terms,
            sold_from=DAY,
            existing_from=version.existing_from,
            for_chosen=version.for_chosen,
            by=None,
            at=AT,
        )
    versions = {it.number: it for it in PlanVersion.objects.filter(plan=plan)}
    own = {"operator_id": plan.operator_id, "reason": "Why", "at": AT}
    for version in world.versions:
        if version.withdrawn:
            Withdrawal.objects.create(**own, version=versions[version.number])
    for subscription, customer in zip(house.subscriptions.values(), world.customers, strict=True):
        protect(subscription, customer, versions, own)
    return {version.pk: number for number, version in versions.items()}


def protect(
    subscription: Subscription,
    customer: Customer,
    versions: dict[int, PlanVersion],
    own: dict[str, object],
) -> None:
    """Will write what the customer was told and what protects him."""
    for told in customer.told:
        clearance = Clearance.objects.create(
            operator_id=own["operator_id"],
            subscription=subscription,
            version=versions[told.number],
            told_on=told.first_day,
            means=Means.LETTER,
            first_day=told.first_day,
            last_day=told.last_day,
            told_by="Olga",
            reason="Letter",
            recorded_at=AT,
        )
        if told.void:
            ClearanceVoid.objects.create(**own, clearance=clearance)
    for number in customer.chosen:
        Chosen.objects.create(
            operator_id=own["operator_id"], version=versions[number], subscription=subscription
        )
    if customer.pinned:
        Pin.objects.create(**own, subscription=subscription)
    if customer.locked_until:
        PriceLock.objects.create(**own, subscription=subscription, until=customer.locked_until)


@quickly
@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), months=st.integers(-120, 120))
def test_billing_dates_are_the_same_in_both(db: None, day: date, months: int) -> None:
    rows = ask(
        "SELECT billing_day, billing_date(%s, %s, billing_day)"
        " FROM generate_series(1, 31) AS billing_day",
        day,
        months,
    )
    assert rows == [(it, billing_date(day, months, it)) for it in range(1, 32)]


@quickly
@given(
    renewal=st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    days=st.integers(-400, 4_000),
    months=st.sampled_from((1, 2, 3, 6, 12, 14)),
    billing_day=st.integers(1, 31),
)
def test_first_renewals_are_the_same_in_both_and_the_first(
    db: None, renewal: date, days: int, months: int, billing_day: int
) -> None:
    renewal, since = billing_date(renewal, 0, billing_day), renewal + timedelta(days=days)
    [(found,)] = ask("SELECT first_renewal(%s, %s, %s, %s)", renewal, months, billing_day, since)
    steps = (billing_date(renewal, months * it, billing_day) for it in range(400))
    assert found == next(it for it in steps if it >= since)
    assert found == first_renewal(renewal, months, billing_day, since=since)


def test_a_plan_of_another_name_is_no_candidate(in_harbor: House) -> None:
    bronze = PlanVersion.objects.get(plan=in_harbor.bronze)
    other = create_plan(
        in_harbor.operator,
        words=Words(name="Other"),
        terms=Terms(rates={1: 1}),
        by=None,
        at=AT,
        on=DAY,
    )
    publish_version(
        other, terms=Terms(rates={1: 1}), sold_from=DAY, existing_from=DAY, by=None, at=AT
    )
    ana = in_harbor.subscriptions["ana"].pk
    [(chosen,)] = ask(
        "SELECT version_for(%s, %s, %s, 1, %s)", in_harbor.operator.pk, ana, bronze.pk, DAY
    )
    assert Plan.objects.count() == 2
    assert chosen == bronze.pk
