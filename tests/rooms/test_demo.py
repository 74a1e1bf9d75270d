"""The demo's world, looked at from all sides at once: it takes long to make."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from django.test import Client

from postroom.base.periods import local_day
from postroom.base.tenancy import as_member, as_operator, as_platform, as_public_reader
from postroom.demo.world import ACCOUNTS, load
from postroom.domain.billing.models import (
    Allocation,
    BillingRun,
    Charge,
    Invoice,
    InvoiceLine,
    LineKind,
    Payment,
    Posting,
    RunState,
    SetAside,
)
from postroom.domain.billing.receivables import receivables, receivables_by_customer
from postroom.domain.notices.models import Envelope, EnvelopeState
from postroom.domain.operators.models import Location, Operator
from postroom.domain.operators.queries import memberships
from postroom.domain.plans.models import Plan, PlanLocation, PlanVersion
from postroom.domain.proof.acts import prove
from postroom.domain.proof.queries import nights
from postroom.domain.subscriptions.models import (
    Clearance,
    Lead,
    Subscription,
    Switch,
    SwitchState,
)
from postroom.domain.users.models import User

#: The views of what is published go by the database's clock.
NOW = datetime.now(UTC)
#: In the calendar of Harbor Mail.
TODAY = local_day(NOW, "America/New_York")


def operator(slug: str) -> Operator:
    with as_platform():
        return Operator.objects.get(slug=slug)


def versions(plan: str) -> list[int]:
    """The version that each customer on a plan holds, in the order in which they came."""
    held = Subscription.objects.filter(plan__name=plan).order_by("id")
    return list(held.values_list("version__number", flat=True))


def test_the_demo_has_its_world(db: None, settings: Any) -> None:
    settings.DEMO = True
    said: list[str] = []
    assert load(now=NOW, say=said.append)
    assert any("300 of 300" in line for line in said)
    with as_operator(operator("harbor").pk):
        plans_have_their_story()
        bills_have_theirs()
        payments_have_theirs()
        books_are_proved()
        every_line_kind_is_there()
        nothing_waits_but_what_should()
    every_location_of_the_network_shows_its_entry_price()
    the_accounts_sign_in_and_the_owner_looks_next_door()
    again: list[str] = []
    assert not load(now=NOW, say=again.append)
    assert again == []


def plans_have_their_story() -> None:
    legacy = Plan.objects.select_related("succeeded_by").get(name="Gold Legacy")
    assert (legacy.succeeded_by.name, legacy.internal, legacy.signup) == ("Gold", True, False)
    assert (versions("Gold Legacy"), versions("Gold")) == ([2] * 7, [1] * 3)
    # Told in time; and by a letter that nobody has printed: undeliverable.
    assert versions("Personal") == [2, 1]
    letters = Envelope.objects.filter(state=EnvelopeState.TO_PRINT)
    assert "Personal" in {it.announcement.plan.name for it in letters}
    told = Clearance.objects.values_list("version__plan__name", flat=True)
    assert set(told) == {"Personal", "Silver"}
    ahead = PlanVersion.objects.get(plan__name="Silver", number=3)
    assert ahead.sold_from > TODAY
    assert ahead.existing_from > TODAY
    assert (set(versions("Silver")), Lead.objects.count()) == ({2}, 5)
    rates = PlanVersion.objects.get(plan__name="Plan A").rates.values_list("months", flat=True)
    assert list(rates) == [6, 12]


def bills_have_theirs() -> None:
    """A year of them, each issued when it fell due, under the plan's name of that time."""
    invoices = Invoice.objects.all()
    assert invoices.earliest("billed_on").billed_on < TODAY - timedelta(days=365)
    assert all(it.issued_at.date() - it.billed_on <= timedelta(days=1) for it in invoices)
    assert all(it.state == RunState.FINISHED for it in BillingRun.objects.all())
    names = InvoiceLine.objects.filter(term__subscription__plan__name="Gold Legacy")
    assert set(names.values_list("plan_name", flat=True)) == {"Gold", "Gold Legacy"}
    credit_notes = invoices.filter(total_minor__lt=0)
    assert credit_notes.count() == 3
    assert Allocation.objects.filter(credit_note__in=credit_notes).exists()
    [switched] = invoices.filter(switch__isnull=False)
    assert switched.customer_name == "Bo Berg Imports LLC"
    late = InvoiceLine.objects.get(revision__gt=0)
    assert (late.service, late.billed_before_minor > 0) == ("open_and_scan", True)
    yearly = InvoiceLine.objects.filter(kind="extra", term__months=12)
    assert yearly.values("starts_on").distinct().count() > 5


def payments_have_theirs() -> None:
    """Most of a year is paid; every age is owed, and something is in somebody's favour."""
    sums = receivables(on=TODAY)
    assert min(sums.recent, sums.older, sums.old, sums.oldest, -sums.in_favour) > 0
    assert sums.owed < Invoice.objects.aggregate(sum=Sum("total_minor"))["sum"] / 5
    assert sum(it["total"] for it in receivables_by_customer(on=TODAY)) == sums.total
    assert Payment.objects.filter(takes_back__isnull=False).count() == 1
    assert Payment.objects.filter(amount_minor__lt=0, takes_back__isnull=True).count() == 1
    adjusted = Invoice.objects.get(adjusts__isnull=False)
    assert adjusted.adjusts.customer_name == adjusted.customer_name == "Ana Alvarez"
    books = Posting.objects.aggregate(sum=Sum("amount_minor"))
    assert books["sum"] == 0


def books_are_proved() -> None:
    """In the last nights, up to yesterday, and now."""
    days = [TODAY - timedelta(days=n) for n in range(7, 0, -1)]
    assert [(it.on, it.differences) for it in nights(30)] == [(day, 0) for day in days]
    proof = prove(operator("harbor"), at=NOW)
    assert (proof.differences, proof.invoices) == (0, Invoice.objects.count())


def every_line_kind_is_there() -> None:
    kinds = set(InvoiceLine.objects.values_list("kind", flat=True))
    assert kinds == set(LineKind) - {LineKind.STORAGE}
    taxed = InvoiceLine.objects.filter(kind="tax")
    assert set(taxed.values_list("tax_percent", flat=True)) == {Decimal("8.875")}
    assert Location.objects.filter(tax_percent__isnull=True, state="CA").exists()
    services = InvoiceLine.objects.filter(kind="extra").values_list("service", flat=True)
    assert {"incoming_mail", "scanned_pages", "recipients", "forward"} <= set(services)


def nothing_waits_but_what_should() -> None:
    today = TODAY
    assert not Subscription.objects.filter(next_bill_on__lt=today).exists()
    assert not SetAside.objects.exists()
    [waiting] = Switch.objects.filter(state=SwitchState.PENDING).select_related("subscription")
    assert waiting.subscription.customer.name == "Di Dvořák"
    [charge] = Charge.objects.filter(billed_on__isnull=True)
    assert (charge.amount_minor, charge.taken_back_at) == (495, None)
    assert Subscription.objects.filter(closes_on__gt=today).count() == 1


def every_location_of_the_network_shows_its_entry_price() -> None:
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


def the_accounts_sign_in_and_the_owner_looks_next_door() -> None:
    client = Client()
    for email, password, _ in ACCOUNTS:
        assert client.login(username=email, password=password), email
    owner = User.objects.get(email="owner@harbor.example")
    with as_member(owner.pk):
        places = [(it.operator.slug, it.role) for it in memberships(owner.pk)]
    assert places == [("harbor", "owner"), ("neighbor", "viewer")]


def test_the_demo_prints_its_accounts() -> None:
    out = StringIO()
    call_command("demo", accounts=True, stdout=out)
    assert "owner@harbor.example       harbor-demo" in out.getvalue()


def test_there_is_no_demo_in_earnest(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demo"):
        call_command("demo")
