"""The demo's world, and the crowd for measuring."""

from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from postroom.base.tenancy import as_member, as_operator, as_platform, as_public_reader
from postroom.demo.cast import House
from postroom.demo.crowd import add_crowd
from postroom.demo.world import ACCOUNTS, load
from postroom.domain.operators.models import Location, Operator
from postroom.domain.operators.queries import memberships
from postroom.domain.plans.models import Plan, PlanLocation, PlanVersion
from postroom.domain.subscriptions.actions import NoRateForTerm
from postroom.domain.subscriptions.models import Clearance, Lead, Subscription, Term
from postroom.domain.subscriptions.terms import open_due_terms
from postroom.domain.users.models import User
from tests.conftest import AT, ON

#: The views of what is published go by the database's clock.
NOW = datetime.now(UTC)


@pytest.fixture
def demo(db: None, settings: Any) -> list[str]:
    """The demo's world, and what was said while it was made."""
    settings.DEMO = True
    said: list[str] = []
    assert load(now=NOW, say=said.append)
    return said


def operator(slug: str) -> Operator:
    with as_platform():
        return Operator.objects.get(slug=slug)


def versions(plan: str) -> list[int]:
    """The version that each customer on a plan holds, in the order in which they came."""
    held = Subscription.objects.filter(plan__name=plan).order_by("id")
    return list(held.values_list("version__number", flat=True))


def test_the_demo_is_made_once(demo: list[str], settings: Any) -> None:
    assert any("300 of 300" in line for line in demo)
    again: list[str] = []
    assert not load(now=NOW, say=again.append)
    assert again == []
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demo"):
        call_command("demo")


def test_harbor_mail_has_its_story(demo: list[str]) -> None:
    with as_operator(operator("harbor").pk):
        legacy = Plan.objects.select_related("succeeded_by").get(name="Gold Legacy")
        assert (legacy.succeeded_by.name, legacy.internal, legacy.signup) == ("Gold", True, False)
        assert (versions("Gold Legacy"), versions("Gold")) == ([2] * 7, [1] * 3)
        # Told by phone, and told by nobody: deferred.
        assert versions("Personal") == [2, 1]
        assert Clearance.objects.count() == 1
        ahead = PlanVersion.objects.get(plan__name="Silver", number=3)
        today = NOW.date()
        assert ahead.sold_from > today
        assert ahead.existing_from > today
        assert (set(versions("Silver")), Lead.objects.count()) == ({2}, 5)
        assert not Subscription.objects.filter(next_term_on__lt=today).exists()
        rates = PlanVersion.objects.get(plan__name="Plan A").rates.values_list("months", flat=True)
        assert list(rates) == [6, 12]


def test_every_location_of_the_network_shows_its_entry_price(demo: list[str]) -> None:
    network = operator("network").pk
    with as_public_reader(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(id) FROM published.plans"
            " WHERE operator_id = %s AND channel = 'lead_gen'",
            [network],
        )
        (shown,) = cursor.fetchone() or ([],)
    with as_operator(network):
        places = PlanLocation.objects.filter(plan__in=shown).values_list("location_id", flat=True)
        assert sorted(places) == sorted(Location.objects.values_list("pk", flat=True))
        assert len(places) == 300
        assert not Location.objects.filter(street__icontains="mailbox").exists()


def test_the_accounts_sign_in_and_the_owner_looks_next_door(demo: list[str]) -> None:
    client = Client()
    for email, password, _ in ACCOUNTS:
        assert client.login(username=email, password=password), email
    owner = User.objects.get(email="owner@harbor.example")
    with as_member(owner.pk):
        places = [(it.operator.slug, it.role) for it in memberships(owner.pk)]
    assert places == [("harbor", "owner"), ("neighbor", "viewer")]
    out = StringIO()
    call_command("demo", accounts=True, stdout=out)
    assert "owner@harbor.example       harbor-demo" in out.getvalue()


def test_a_crowd_moves_in_and_renews(harbor: House) -> None:
    facts = {"plan": harbor.bronze, "location": harbor.locations[1], "on": ON, "at": AT}
    assert add_crowd(harbor.operator, customers=500, **facts) == 500
    assert add_crowd(harbor.operator, customers=1, **facts) == 1
    with as_operator(harbor.operator.pk):
        crowd = Subscription.objects.filter(customer__email__endswith="@crowd.example")
        assert crowd.filter(starts_on__lte=ON, next_term_on__gt=ON).count() == 501
        cursor = connection.cursor()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    open_due_terms(at=datetime(2026, 8, 20, 16, tzinfo=UTC))
    with as_operator(harbor.operator.pk):
        due = Term.objects.filter(subscription__in=crowd, ends_on__gt=date(2026, 8, 20))
        assert due.count() == 501


def test_a_crowd_needs_a_rate(harbor: House) -> None:
    with pytest.raises(NoRateForTerm):
        add_crowd(
            harbor.operator,
            plan=harbor.bronze,
            location=harbor.locations[0],
            customers=1,
            months=3,
            on=ON,
            at=AT,
        )
