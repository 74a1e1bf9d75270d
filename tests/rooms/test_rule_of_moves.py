"""The rule on moves: the database and the pure function decide the same, in random worlds."""

from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from postroom.demo.cast import House
from postroom.domain.plans.actions import Words, create_plan, publish_version
from postroom.domain.plans.models import PlanVersion
from postroom.domain.plans.terms import Terms
from postroom.domain.plans.written_terms import compare_with_plan
from postroom.domain.subscriptions.rule import Candidate, Holding, move_is_met
from tests.conftest import AT
from tests.rooms.test_rule import (
    DAY,
    MONTHS,
    RolledBack,
    World,
    build,
    quickly,
    some_terms,
    worlds,
)
from tests.tables import ask


@quickly
@given(world=worlds(), held=st.lists(some_terms, min_size=2, max_size=3))
def test_the_database_and_the_function_agree(
    in_harbor: House, world: World, held: list[Terms]
) -> None:
    try:
        with transaction.atomic():
            numbers = build(in_harbor, world)
            left = leave_behind(in_harbor, held, list(numbers))
            customers = [it.pk for it in in_harbor.subscriptions.values()]
            for who, holds, to, months, day, met in ask(
                ALL_AT_ONCE, in_harbor.operator.pk, customers, left, list(numbers), [*MONTHS], DAY
            ):
                customer = world.customers[customers.index(who)]
                holding = Holding(
                    1,
                    months,
                    pinned=customer.pinned,
                    locked_until=customer.locked_until,
                    told=customer.told,
                )
                old = Candidate(1, held[left.index(holds)], None)
                expected = move_is_met(holding, old, numbers[to], world.versions, on=day)
                assert met == expected, (day, holding, old, numbers[to])
            raise RolledBack
    except RolledBack:
        pass


#: Every customer, from any version they may hold, to any of the other plan, on each day.
ALL_AT_ONCE = """
SELECT subscription, held, moves_to, months, day,
       move_is_met(%s, subscription, held, moves_to, months, day)
  FROM unnest(%s::bigint[]) AS subscription, unnest(%s::bigint[]) AS held,
       unnest(%s::bigint[]) AS moves_to, unnest(%s::integer[]) AS months,
       LATERAL (SELECT %s + days AS day FROM generate_series(-1, 5) AS days) AS calendar
"""


def leave_behind(house: House, held: list[Terms], moves_to: list[int]) -> list[int]:
    """Will make the plan that they are on: its last version is published after the move."""
    *first, last = held
    own = {"by": None, "at": AT}
    plan = create_plan(house.operator, words=Words(name="Left"), terms=first[0], on=DAY, **own)
    days = {"sold_from": DAY, "existing_from": None}
    for terms in first[1:]:
        publish_version(plan, terms=terms, **days, **own)
    for version in PlanVersion.objects.filter(pk__in=moves_to):
        compare_with_plan(version, plan)
    publish_version(plan, terms=last, **days, **own)
    versions = PlanVersion.objects.filter(plan=plan).order_by("number")
    return list(versions.values_list("pk", flat=True))
