"""Reading invoices with their lines and credits, and runs with what they set aside."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from postroom.domain.billing.models import (
    Allocation,
    BillingRun,
    Invoice,
    InvoiceLine,
    LineKind,
    OpenItem,
    RunState,
    SetAside,
)
from postroom.domain.billing.portions import WantedLines, with_lines
from postroom.domain.billing.run import Job
from postroom.domain.billing.running import due_now
from postroom.domain.billing.sentences import Facts, sentence
from postroom.domain.customers.models import Customer
from postroom.domain.operators.models import Operator
from postroom.domain.subscriptions.queries import MOST_FOUND, find_customers
from postroom.domain.subscriptions.queries import Wanted as WantedCustomers
from postroom.domain.subscriptions.terms import calendars

#: Digits alone are an invoice's number; no more of them than a number can have.
NUMBER = re.compile(r"(\d{1,18})")

#: A run that is said to go on and has written nothing for so long has been left by its worker.
STUCK_AFTER = timedelta(minutes=10)


class Kind(StrEnum):
    """The two that share one series of numbers."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class State(StrEnum):
    """What is left of a document now."""

    OPEN = "open"
    CREDIT_LEFT = "credit_left"


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for among the invoices; empty is all of them."""

    #: A whole number of an invoice, or else what finds its customer.
    words: str = ""
    kind: Kind | None = None
    state: State | None = None
    #: The first and the last billing date.
    since: date | None = None
    until: date | None = None
    run_id: int | None = None
    customer_id: int | None = None
    location_id: int | None = None
    #: Only invoices with such lines.
    lines: WantedLines | None = None


@dataclass(frozen=True)
class Sums:
    """How many were found, and what they come to in minor units."""

    invoices: int = 0
    credit_notes: int = 0
    invoices_minor: int = 0
    credit_notes_minor: int = 0

    @property
    def count(self) -> int:
        return self.invoices + self.credit_notes

    @property
    def total_minor(self) -> int:
        return self.invoices_minor + self.credit_notes_minor


@dataclass(frozen=True)
class Found:
    """What was found; not all of it where the words fit more customers than are looked at."""

    invoices: QuerySet[Invoice]
    capped: bool = False


def find_invoices(wanted: Wanted) -> Found:
    """Will return the invoices and credit notes that somebody looks for."""
    found, capped = Invoice.objects.all(), False
    if wanted.words and (number := NUMBER.fullmatch(wanted.words)):
        found = found.filter(number=int(number[1]))
    elif wanted.words:
        customers = find_customers(WantedCustomers(words=wanted.words), on=date.min)
        ids = list(customers.order_by().values_list("pk", flat=True))
        found, capped = found.filter(customer__in=ids), len(ids) > MOST_FOUND
    if wanted.kind is not None:
        is_credit_note = Q(total_minor__lt=0)
        found = found.filter(is_credit_note if wanted.kind == Kind.CREDIT_NOTE else ~is_credit_note)
    if wanted.state is not None:
        left = {"left_minor__gt" if wanted.state == State.OPEN else "left_minor__lt": 0}
        items = OpenItem.objects.filter(invoice__isnull=False, **left).order_by()
        found = found.filter(pk__in=items.values("invoice"))
    if wanted.since is not None:
        found = found.filter(billed_on__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(billed_on__lte=wanted.until)
    if wanted.run_id is not None:
        found = found.filter(run=wanted.run_id)
    if wanted.customer_id is not None:
        found = found.filter(customer=wanted.customer_id)
    if wanted.location_id is not None:
        found = found.filter(subscription__mailbox__location=wanted.location_id)
    if wanted.lines is not None:
        found = with_lines(found, wanted.lines)
    return Found(found, capped)


def sums_of(found: QuerySet[Invoice]) -> Sums:
    """Will count and add up invoices and credit notes in one pass."""
    note = Q(total_minor__lt=0)
    sums = found.order_by().aggregate(
        invoices=Count("pk", filter=~note),
        credit_notes=Count("pk", filter=note),
        invoices_minor=Sum("total_minor", filter=~note, default=0),
        credit_notes_minor=Sum("total_minor", filter=note, default=0),
    )
    return Sums(**{name: int(value) for name, value in sums.items()})


def with_left(found: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """Will add ``left_minor``, what is left now: above zero to pay, below zero to use."""
    return found.annotate(left_minor=Coalesce(F("item__left_minor"), F("total_minor")))


def in_pages(found: QuerySet[Invoice], *, after: int, page: int) -> list[Invoice]:
    """Will return up to ``page`` invoices with numbers above ``after``, with what a table says."""
    return list(
        with_left(found.filter(number__gt=after))
        .select_related("subscription__mailbox__location")
        .order_by("number")[:page]
    )


def latest_invoices(customer: Customer, *, most: int = 5) -> list[Invoice]:
    """Will return a customer's last invoices and credit notes, the newest first."""
    found = with_left(Invoice.objects.filter(customer=customer))
    return list(found.order_by("-number")[:most])


@dataclass(frozen=True)
class Explained:
    """A line and its sentence."""

    line: InvoiceLine
    sentence: str


def explained(invoice: Invoice, operator: Operator) -> list[Explained]:
    """Will return an invoice's lines, each with its sentence in the operator's way of writing."""
    return all_explained([invoice], operator)[invoice.pk]


def all_explained(invoices: Collection[Invoice], operator: Operator) -> dict[int, list[Explained]]:
    """Will return the lines of each invoice with their sentences, in one query for all."""
    found = InvoiceLine.objects.filter(invoice__in=[it.pk for it in invoices])
    lines = defaultdict[int, list[InvoiceLine]](list)
    for line in found.select_related("version", "term").order_by("pk"):
        lines[line.invoice_id].append(line)
    return {it.pk: _explained(it, lines[it.pk], operator) for it in invoices}


def _explained(
    invoice: Invoice, lines: Sequence[InvoiceLine], operator: Operator
) -> list[Explained]:
    taxed = defaultdict[object, int](int)
    for line in lines:
        if line.kind != LineKind.TAX and not line.tax_included:
            taxed[line.tax_percent] += line.amount_minor
    return [
        Explained(
            line,
            sentence(
                facts_of(line, tax_name=invoice.tax_name, taxed_minor=taxed[line.tax_percent]),
                show=operator.show,
                locale=operator.locale,
            ),
        )
        for line in lines
    ]


#: What ``facts_of`` does not find on the line itself.
FROM_ELSEWHERE = {"months", "tax_name", "taxed_minor"}


def facts_of(line: InvoiceLine, *, tax_name: str, taxed_minor: int) -> Facts:
    """Will return what a line's sentence is made of. Its term must be loaded."""
    own = {it.name: getattr(line, it.name) for it in fields(Facts) if it.name not in FROM_ELSEWHERE}
    months = line.term.months if line.term else None
    return Facts(**own, months=months, tax_name=tax_name, taxed_minor=taxed_minor)


def allocations_of(invoice: Invoice) -> list[Allocation]:
    """Will return what was put towards an invoice, or what a credit note was put towards."""
    made = Allocation.objects.select_related("credit_note", "payment", "invoice", "paid_back")
    if invoice.is_credit_note:
        return list(made.filter(credit_note=invoice).order_by("pk"))
    return list(made.filter(invoice=invoice).order_by("pk"))


def neighbours_of(invoice: Invoice) -> tuple[Invoice | None, Invoice | None]:
    """Will return the customer's invoices before and after one."""
    own = Invoice.objects.filter(customer=invoice.customer_id)
    before = own.filter(number__lt=invoice.number).order_by("-number").first()
    return before, own.filter(number__gt=invoice.number).order_by("number").first()


def due_today(operator: Operator, *, at: datetime) -> int:
    """Will count the subscriptions with something due, each by its location's own calendar."""
    return sum(
        due_now(Job(operator, locations, day, at)) for day, locations in calendars(operator, at=at)
    )


def runs_under_way() -> list[BillingRun]:
    """Will return the runs that are said to go on, dry ones too, the newest first."""
    return list(BillingRun.objects.filter(state=RunState.RUNNING).order_by("-pk")[:5])


def last_dry_run() -> BillingRun | None:
    """Will return the dry run that was finished last."""
    finished = BillingRun.objects.filter(dry=True, state=RunState.FINISHED)
    return finished.order_by("-pk").first()


def is_stuck(run: BillingRun, *, at: datetime) -> bool:
    """Will tell whether a run goes on in name alone."""
    return run.state == RunState.RUNNING and at - run.moved_at > STUCK_AFTER


def set_aside_by(run: BillingRun, *, most: int) -> Iterator[tuple[SetAside, bool]]:
    """Will yield what a run set aside, and whether it was billed since."""
    found = SetAside.objects.filter(run=run).select_related(
        "subscription__customer", "subscription__mailbox__location"
    )
    for it in found.order_by("pk")[:most]:
        due = it.subscription.next_bill_on
        yield it, due is None or due > run.on
