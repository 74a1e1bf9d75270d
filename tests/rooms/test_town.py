"""A small town: everything in it is as it would be by hand, and it is billed without a hitch."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum

from postroom.base.periods import Period, next_billing_date, term_from
from postroom.base.tenancy import as_operator, as_platform
from postroom.demo.cast import House
from postroom.demo.town import (
    NothingToAssign,
    OperatorUnknown,
    Town,
    TownTooLarge,
    TownTooOld,
    build,
)
from postroom.domain.billing.models import Invoice, InvoiceLine, LineKind, SetAside
from postroom.domain.billing.running import bill_operator
from postroom.domain.customers.models import Mailbox
from postroom.domain.operators.models import Operator
from postroom.domain.plans.actions import save_words, words_of
from postroom.domain.subscriptions.models import Subscription, Term
from postroom.domain.usage.models import UsageEntry
from tests.conftest import AT, ON
from tests.tables import ask

LATER = datetime(2026, 6, 30, 16, tzinfo=UTC)


def town(harbor: House, **facts: Any) -> Town:
    """Will move people in to Harbor Mail."""
    asked = {"customers": 300, "slug": harbor.operator.slug, "at": AT, "say": str} | facts
    return build(**asked)


def newcomers() -> Any:
    return Subscription.objects.filter(customer__email__endswith="@town.example")


def test_terms_and_months_are_as_if_each_had_been_assigned(harbor: House) -> None:
    town(harbor)
    with as_operator(harbor.operator.pk):
        ask("SET CONSTRAINTS ALL IMMEDIATE")
        for it in newcomers():
            term = Term.objects.get(subscription=it)
            own, whole = term_from(it.starts_on, it.months, it.billing_day)
            assert Period(term.starts_on, term.ends_on) == own
            assert Period(term.whole_starts_on, term.whole_ends_on) == whole
            assert it.month_ends_on == next_billing_date(it.starts_on, it.billing_day)
            assert (it.next_term_on, it.next_bill_on) == (term.ends_on, it.starts_on)


def test_they_are_spread(harbor: House) -> None:
    town(harbor)
    with as_operator(harbor.operator.pk):
        starts = {it.starts_on for it in newcomers()}
        assert (min(starts), max(starts)) == (date(2026, 5, 15), date(2026, 6, 14))
        assert {it.billing_day for it in newcomers()} >= {1, 15, 29, 30, 31}
        by_months = dict(newcomers().values_list("months").annotate(Count("id")))
        assert by_months[1] == pytest.approx(4 * by_months[12], abs=4)
        by_location = newcomers().values("mailbox__location").annotate(count=Count("id"))
        assert [it["count"] for it in by_location] == [150, 150]


def test_they_use_three_services_up_to_yesterday(harbor: House) -> None:
    assert town(harbor).entries == 300 * 9
    with as_operator(harbor.operator.pk):
        entries = UsageEntry.objects.all()
        assert entries.values("service").distinct().count() == 3
        assert entries.filter(on__gte=ON).count() == 0
        for it in newcomers()[:50]:
            assert it.starts_on <= entries.filter(subscription=it).earliest("on").on


def test_they_are_billed_without_a_hitch(harbor: House) -> None:
    town(harbor)
    bill_operator(harbor.operator, at=LATER)
    with as_operator(harbor.operator.pk):
        assert SetAside.objects.count() == 0
        assert not Subscription.objects.filter(next_bill_on__lte=LATER.date()).exists()
        invoices = Invoice.objects.filter(subscription__in=newcomers())
        assert invoices.values("subscription").distinct().count() == 300
        lines = InvoiceLine.objects.filter(invoice__in=invoices)
        over = lines.filter(kind=LineKind.EXTRA).values("term__subscription").distinct().count()
        assert 20 < over < 200
        assert lines.filter(kind=LineKind.EXTRA).aggregate(sum=Sum("amount_minor"))["sum"] > 0


def test_more_move_in_beside_the_first(harbor: House) -> None:
    town(harbor, customers=30)
    town(harbor, customers=20, months=12)
    with as_operator(harbor.operator.pk):
        assert newcomers().count() == 50
        assert min(it.starts_on for it in newcomers()) < date(2025, 8, 1)
        numbers = Mailbox.objects.filter(location=harbor.locations[0], state="assigned")
        assert numbers.filter(sort_key__gte="000000000140").count() == 25


def test_the_town_has_an_operator_of_its_own(db: None, settings: Any) -> None:
    settings.DEMO, out = True, StringIO()
    call_command("town", customers=60, stdout=out)
    assert "60 customers and 540 entries" in out.getvalue()
    with as_platform():
        operator = Operator.objects.get(slug="town")
    with as_operator(operator.pk):
        assert newcomers().values("plan").distinct().count() == 9
    bill_operator(operator, at=datetime.now(UTC))
    with as_operator(operator.pk):
        assert Invoice.objects.values("subscription").distinct().count() == 60


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"customers": 0}, TownTooLarge),
        ({"customers": -5}, TownTooLarge),
        ({"customers": 10**12}, TownTooLarge),
        ({"months": 0}, TownTooOld),
        ({"months": 61}, TownTooOld),
        ({"slug": "nobody"}, OperatorUnknown),
    ],
)
def test_bad_input_is_refused(harbor: House, facts: dict[str, Any], refusal: type) -> None:
    with pytest.raises(refusal):
        town(harbor, **facts)


def test_without_a_plan_for_staff_nobody_comes(harbor: House) -> None:
    with as_operator(harbor.operator.pk):
        words = replace(words_of(harbor.bronze), internal=False)
        save_words(harbor.bronze, words=words, by=None, at=AT)
    with pytest.raises(NothingToAssign):
        town(harbor)


def test_it_is_for_a_demo_only(harbor: House, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="not a demo"):
        call_command("town", customers=5, operator=harbor.operator.slug)
