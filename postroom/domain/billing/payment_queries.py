"""Reading payments: found and added up, what each pays, and how a customer's account stands."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from postroom.domain.billing.models import Allocation, Invoice, Method, OpenItem, Payment
from postroom.domain.subscriptions.queries import MOST_FOUND, find_customers
from postroom.domain.subscriptions.queries import Wanted as WantedCustomers


@dataclass(frozen=True)
class WantedPayments:
    """What somebody looks for among the payments; empty is all of them."""

    #: Part of a reference, or what finds a customer.
    words: str = ""
    method: Method | None = None
    #: The first and the last day on which the money changed hands.
    since: date | None = None
    until: date | None = None
    customer_id: int | None = None


@dataclass(frozen=True)
class FoundPayments:
    """What was found; not all of it where the words fit more customers than are looked at."""

    payments: QuerySet[Payment]
    capped: bool = False


@dataclass(frozen=True)
class SumOfMethod:
    """What came in by a method, less what went back, in minor units."""

    method: Method
    count: int
    amount_minor: int


@dataclass(frozen=True)
class Share:
    """So much of a payment or credit note on a document, in minor units."""

    document: Invoice | Payment
    amount_minor: int

    @property
    def is_payment(self) -> bool:
        return isinstance(self.document, Payment)


def find_payments(wanted: WantedPayments) -> FoundPayments:
    """Will return the payments, refunds and payments taken back that somebody looks for."""
    found, capped = Payment.objects.all(), False
    if wanted.words:
        ids, capped = customers_called(wanted.words)
        found = found.filter(Q(customer__in=ids) | Q(reference__icontains=wanted.words))
    if wanted.method is not None:
        found = found.filter(method=wanted.method)
    if wanted.since is not None:
        found = found.filter(on__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(on__lte=wanted.until)
    if wanted.customer_id is not None:
        found = found.filter(customer=wanted.customer_id)
    return FoundPayments(found, capped)


def customers_called(words: str) -> tuple[list[int], bool]:
    """Will return the keys of customers whom words find, and whether there are more of them."""
    customers = find_customers(WantedCustomers(words=words), on=date.min)
    ids = list(customers.order_by().values_list("pk", flat=True))
    return ids, len(ids) > MOST_FOUND


def sums_by_method(found: QuerySet[Payment]) -> list[SumOfMethod]:
    """Will count and add up payments by their methods."""
    rows = found.order_by().values("method").annotate(count=Count("pk"), sum=Sum("amount_minor"))
    by_method = {row["method"]: row for row in rows}
    return [
        SumOfMethod(method, by_method[method]["count"], int(by_method[method]["sum"]))
        for method in Method
        if method in by_method
    ]


def left_of(documents: Iterable[Invoice | Payment]) -> dict[int, int]:
    """Will return what is left of documents of one kind by their keys, in minor units."""
    items = list(documents)
    kind = "payment" if items and isinstance(items[0], Payment) else "invoice"
    found = OpenItem.objects.filter(**{f"{kind}__in": [it.pk for it in items]})
    return dict(found.values_list(kind, "left_minor"))


def payments_in_pages(found: QuerySet[Payment], *, after: int, page: int) -> list[Payment]:
    """Will return up to ``page`` payments with keys above ``after``, with what a table says."""
    rows = found.filter(pk__gt=after).select_related("customer", "entered_by")
    return list(rows.order_by("pk")[:page])


def taken_back(payments: Iterable[Payment]) -> dict[int, Payment]:
    """Will return what took payments back, by the keys of those that were."""
    found = Payment.objects.filter(takes_back__in=[it.pk for it in payments])
    return {it.takes_back_id: it for it in found if it.takes_back_id is not None}


def shares_of(giver: Payment | Invoice) -> list[Share]:
    """Will return what a payment or credit note pays, or what it was paid back as."""
    own = {"payment" if isinstance(giver, Payment) else "credit_note": giver}
    made = Allocation.objects.filter(**own).select_related("invoice", "paid_back")
    return _added_up((it.invoice or it.paid_back, it.amount_minor) for it in made)


def sources_of(refund: Payment) -> list[Share]:
    """Will return the payments and credit notes that a refund was drawn from."""
    made = Allocation.objects.filter(paid_back=refund).select_related("credit_note", "payment")
    return _added_up((it.credit_note or it.payment, it.amount_minor) for it in made)


def _added_up(parts: Iterable[tuple[Any, int]]) -> list[Share]:
    sums: dict[Invoice | Payment, int] = {}
    for document, minor in parts:
        sums[document] = sums.get(document, 0) + minor
    return [Share(document, minor) for document, minor in sums.items() if minor]


def open_items(customer_id: int) -> list[OpenItem]:
    """Will return what a customer owes and what is in their favour, the oldest first."""
    items = OpenItem.objects.filter(customer=customer_id).exclude(left_minor=0)
    return list(items.select_related("invoice", "payment").order_by("on", "pk"))


def adjustments_of(invoice: Invoice) -> list[Invoice]:
    """Will return the documents that were written to put an invoice right."""
    return list(invoice.adjusted_by.order_by("number"))


def balances(customers: Collection[int]) -> dict[int, int]:
    """Will return what customers owe, less what is in their favour, by their keys."""
    items = OpenItem.objects.filter(customer__in=customers).exclude(left_minor=0)
    sums = items.order_by().values_list("customer").annotate(sum=Sum("left_minor"))
    return {pk: int(minor) for pk, minor in sums}
