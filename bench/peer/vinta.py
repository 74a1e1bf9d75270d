"""Bills one month of a crowd with vinta-django-billing, and says what that took.

Run by the peer's own Python, with DATABASE_URL and a number of subscriptions. The month is what
its cycle close makes of it: what was metered is recounted, what is over is charged through a
provider, a statement with a row for each resource is kept, and the period rolls forward.
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from time import perf_counter
from typing import Any
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

SERVICES = ["forward", "open_and_scan", "scanned_pages"]
#: The one resource that its meter bills; the others stand on the statement.
METERED, INCLUDED, ENTRIES = "forward", 5, 3
PAGE = 5_000


class OfflineProvider:
    """A provider that takes every charge at once: what is measured is the library alone."""

    is_configured = True
    verifies_full_body = True

    @classmethod
    def from_config(cls, config: Any) -> "OfflineProvider":
        return cls()

    def process(self, payment: Any, payment_token: str, *, idempotency_key: str = "") -> str:
        return idempotency_key


class Occurrences:
    """What the crowd used: entries of each service, told anew from the customers' numbers."""

    def iter_occurrences(self, scope_ids: Any, window_start: Any, window_end: Any) -> Any:
        from vinta_billing.metering import Occurrence

        for scope in scope_ids:
            for number in range(len(SERVICES) * ENTRIES):
                instant = window_start + timedelta(days=1 + number)
                yield Occurrence(external_id=number, scope_id=scope, occurred_at=instant)

    def describe(self, external_ids: Any) -> dict[int, dict[str, Any]]:
        return {}


def configure() -> None:
    """Will set Django up with the peer's applications alone."""
    url = urlsplit(os.environ["DATABASE_URL"])
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.strip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname,
        "PORT": url.port,
        "CONN_MAX_AGE": None,
    }
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "rest_framework",
            "vinta_billing.apps.BillingConfig",
        ],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
        VINTA_BILLING={
            "OCCURRENCE_SOURCE": Occurrences,
            "METERED_RESOURCE_KEY": METERED,
            "DEFAULT_PROVIDER": "offline",
        },
    )
    django.setup()


def register() -> None:
    """Will name the services and the provider."""
    from vinta_billing.constants import LimitKind
    from vinta_billing.registry import resources
    from vinta_billing.services.entitlement_service import count_metered_occurrences
    from vinta_billing.services.payment_adapters import register_payment_adapter

    for service in SERVICES:
        resources.register(
            service,
            label=service,
            kind=LimitKind.POSTPAID,
            counter=count_metered_occurrences,
            usage_extra_keys=frozenset(),
        )
    register_payment_adapter("offline", OfflineProvider)


def move_in(size: int, *, starts: datetime, ends: datetime) -> None:
    """Will make the plan, and so many payers on it with what they used."""
    from vinta_billing.constants import LimitKind
    from vinta_billing.models import BillingPlan, PlanLimit

    plan = BillingPlan.objects.create(
        slug="bronze", name="Bronze", monthly_price="9.99", currency="USD"
    )
    limits = [
        PlanLimit.objects.create(
            plan=plan,
            resource_key=service,
            limit_value=INCLUDED,
            kind=LimitKind.POSTPAID,
            overage_unit_price="1.00",
        )
        for service in SERVICES
    ]
    for first in range(0, size, PAGE):
        _page(range(first, min(first + PAGE, size)), plan, limits, starts=starts, ends=ends)


def _page(
    numbers: range, plan: Any, limits: list[Any], *, starts: datetime, ends: datetime
) -> None:
    from vinta_billing.constants import BillingState
    from vinta_billing.models import Subscription, SubscriptionPlanLimit

    subscriptions = Subscription.objects.bulk_create(
        [
            Subscription(
                scope=scope,
                plan=plan,
                billing_state=BillingState.ACTIVE,
                current_period_start=starts,
                current_period_end=ends,
                payment_provider="offline",
            )
            for scope in _payers(numbers)
        ]
    )
    SubscriptionPlanLimit.objects.bulk_create(
        [
            SubscriptionPlanLimit(
                subscription=subscription,
                resource_key=limit.resource_key,
                limit_value=limit.limit_value,
                kind=limit.kind,
                overage_unit_price=limit.overage_unit_price,
            )
            for subscription in subscriptions
            for limit in limits
        ]
    )
    _use(subscriptions, starts=starts)


def _payers(numbers: range) -> list[Any]:
    """Will make people who pay, each with a profile and an address."""
    from django.contrib.auth.models import User
    from django.contrib.contenttypes.models import ContentType
    from vinta_billing.models import BillingAddress, BillingProfile, BillingScope

    users = User.objects.bulk_create([User(username=f"payer-{it}") for it in numbers])
    kind = ContentType.objects.get_for_model(User)
    scopes: list[Any] = BillingScope.objects.bulk_create(
        [
            BillingScope(
                scope_type="user",
                scope_key=f"user:{user.pk}",
                content_type=kind,
                object_id=str(user.pk),
                owner=user,
            )
            for user in users
        ]
    )
    addresses = BillingAddress.objects.bulk_create([_address(BillingAddress) for _ in scopes])
    BillingProfile.objects.bulk_create(
        [
            BillingProfile(scope=scope, contact_email="payer@crowd.example", billing_address=at)
            for scope, at in zip(scopes, addresses, strict=True)
        ]
    )
    return scopes


def _address(model: Any) -> Any:
    return model(
        street_name="Henry St",
        street_number="495",
        city="Brooklyn",
        state="NY",
        country="US",
        zip_code="11231",
    )


def _use(subscriptions: Any, *, starts: datetime) -> None:
    """Will write what its meter would have: an entry each, those over the allowance priced."""
    from vinta_billing.models import MeteredOccurrence

    MeteredOccurrence.objects.bulk_create(
        [
            MeteredOccurrence(
                scope_id=it.scope_id,
                subscription=it,
                event_id=number,
                occurrence_start=starts + timedelta(days=1 + number),
                billing_period_start=starts,
                is_within_allowance=number < INCLUDED,
                unit_price=0 if number < INCLUDED else 1,
            )
            for it in subscriptions
            for number in range(len(SERVICES) * ENTRIES)
        ]
    )


def main(size: int) -> None:
    """Will migrate, move in, close the month and print what that took."""
    configure()
    register()
    from django.core.management import call_command
    from django.db import connection
    from vinta_billing.jobs import close_billing_periods
    from vinta_billing.models import BillingPeriodSummary

    call_command("migrate", verbosity=0)
    ends = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=1)
    move_in(size, starts=ends - timedelta(days=30), ends=ends)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    asked = count()

    def counting(run: Any, *facts: Any) -> Any:
        next(asked)
        return run(*facts)

    began = perf_counter()
    with connection.execute_wrapper(counting):
        close_billing_periods()
    seconds = perf_counter() - began
    kept = BillingPeriodSummary.objects.filter(charged=True, reconciliation_unmetered=0).count()
    json.dump({"seconds": seconds, "statements": next(asked), "bills": kept}, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
