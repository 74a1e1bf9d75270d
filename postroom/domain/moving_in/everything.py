"""Taking everything along: each table's rows, read a page at a time, as plain cells."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery

from postroom.base import money
from postroom.domain.customers.models import Customer, Recipient
from postroom.domain.moving_in.columns import COLUMNS
from postroom.domain.moving_in.tables import TABLES
from postroom.domain.operators.models import Operator
from postroom.domain.plans.models import Rate
from postroom.domain.subscriptions.models import Subscription

#: Rows that are held at a time.
CHUNK = 1_000
#: What the customers are called in the shape that is brought in again.
TO_BRING = "customers to bring"

Rows = Iterator[list[object]]


def everything(operator: Operator) -> Iterator[tuple[str, list[str], Rows]]:
    """Will yield each table's name, its columns and its rows, which are to be read in turn.

    Text is as it stands; amounts, days and instants are plain. Works in one transaction.
    """
    yield TO_BRING, list(COLUMNS), customers_to_bring(operator)
    for table in TABLES:
        rows = table.rows()
        if table.name == "events":
            rows = rows.filter(operator_id=operator.pk)
        yield table.name, table.heads, _plain_rows(operator, table.columns, rows)


def _plain_rows(operator: Operator, columns: list[str], rows: Any) -> Rows:
    amounts = [column.endswith("_minor") for column in columns]
    zone = ZoneInfo(operator.time_zone)
    for row in rows.iterator(chunk_size=CHUNK):
        yield [
            _amount(operator, value) if is_amount else _plain(value, zone)
            for value, is_amount in zip(row, amounts, strict=True)
        ]


def _amount(operator: Operator, minor: int | None) -> object:
    return "" if minor is None else Number(money.plain(minor, operator.currency, operator.locale))


class Number(str):
    """A number as it is written: no text that a spreadsheet could take for a formula."""


def _plain(value: object, zone: ZoneInfo) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)


def customers_to_bring(operator: Operator) -> Rows:
    """Will yield the customers in the shape in which a file of customers is brought.

    A row is a mailbox that is open, paid through the last day that is billed; who has none is a
    row too. Who was never imported is called by our own number.
    """
    price = Rate.objects.filter(version=OuterRef("version"), months=OuterRef("months"))
    rented = (
        Subscription.objects.filter(closes_on__isnull=True)
        .select_related("customer", "mailbox__location", "plan")
        .annotate(
            price=Subquery(price.values("amount_minor")[:1]),
            names=_recipients(OuterRef("customer")),
        )
        .order_by("customer_id", "id")
    )
    for it in rented.iterator(chunk_size=CHUNK):
        amount = money.plain(it.price or 0, operator.currency, operator.locale)
        yield [
            *_of_customer(it.customer, it.names),
            it.mailbox.location.name,
            it.mailbox.number,
            it.plan.name,
            "monthly" if it.months == 1 else f"{it.months} months",
            Number(amount),
            it.starts_on.isoformat(),
            it.billing_day,
            (it.next_term_on - timedelta(days=1)).isoformat(),
        ]
    open_ones = Subscription.objects.filter(closes_on__isnull=True).values("customer")
    others = Customer.objects.filter(~Q(pk__in=open_ones)).annotate(
        names=_recipients(OuterRef("pk"))
    )
    for customer in others.order_by("pk").iterator(chunk_size=CHUNK):
        yield [*_of_customer(customer, customer.names), *[""] * 8]


def _recipients(customer: OuterRef) -> ArraySubquery:
    return ArraySubquery(Recipient.objects.filter(customer=customer).order_by("id").values("name"))


def _of_customer(customer: Customer, names: Iterable[str]) -> list[object]:
    return [
        customer.external_id or f"P-{customer.pk}",
        customer.kind,
        customer.name,
        customer.email,
        customer.phone,
        customer.street,
        customer.city,
        customer.state,
        customer.postal_code,
        customer.country,
        customer.notes,
        "|".join(names),
    ]
