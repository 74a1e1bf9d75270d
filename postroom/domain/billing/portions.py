"""What of an invoice is looked at: a portion of its lines, and what they come to without tax."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)

from postroom.domain.billing.models import Invoice, InvoiceLine, LineKind
from postroom.domain.plans.services import Service

#: A deposit is held, not earned.
DEPOSITS = (LineKind.DEPOSIT, LineKind.DEPOSIT_RETURN)

CONTAINS_TAX = Q(tax_included=True, tax_percent__isnull=False)


class Portion(StrEnum):
    """Revenue is all but tax and deposits; the kinds between are its parts."""

    REVENUE = "revenue"
    RATE = "rate"
    CREDIT = "credit"
    EXTRA = "extra"
    STORAGE = "storage"
    SETUP = "setup"
    CHARGE = "charge"
    ADJUSTMENT = "adjustment"
    DEPOSITS = "deposits"
    TAX = "tax"


#: What each is called above a sum.
NAMES: Mapping[Portion, str] = {
    Portion.REVENUE: "Revenue",
    Portion.RATE: "Rates",
    Portion.CREDIT: "Credits",
    Portion.EXTRA: "Extras",
    Portion.STORAGE: "Storage",
    Portion.SETUP: "Setup fees",
    Portion.CHARGE: "Charges",
    Portion.ADJUSTMENT: "Adjustments",
    Portion.DEPOSITS: "Deposits",
    Portion.TAX: "Tax",
}


@dataclass(frozen=True)
class WantedLines:
    """Lines of a portion, perhaps of one service, and of one plan or of none."""

    portion: Portion
    service: Service | None = None
    plan_id: int | None = None
    of_no_plan: bool = False


def with_lines(found: QuerySet[Invoice], wanted: WantedLines) -> QuerySet[Invoice]:
    """Will keep the invoices that have such lines."""
    if wanted.portion is Portion.TAX:
        return found.filter(~Q(tax_minor=0) | ~Q(included_tax_minor=0))
    return found.filter(Exists(_lines(wanted).filter(invoice=OuterRef("pk"))))


def come_to(found: QuerySet[Invoice], wanted: WantedLines) -> int:
    """Will add up such lines of invoices in minor units, without the tax that they contain."""
    if wanted.portion is Portion.TAX:
        tax = Sum(F("tax_minor") + F("included_tax_minor"), default=0)
        return int(found.order_by().aggregate(sum=tax)["sum"])
    lines = _on(found, wanted)
    billed = lines.aggregate(sum=Sum("amount_minor", default=0))["sum"]
    contained = lines.filter(CONTAINS_TAX).aggregate(sum=Sum(_contained_tax(), default=0))["sum"]
    return int(billed) - int(contained)


def come_to_by_customer(found: QuerySet[Invoice], wanted: WantedLines) -> dict[int, int]:
    """Will add up such lines of invoices for each customer, without the tax that they contain."""
    lines = _on(found, wanted).values_list("invoice__customer_id")
    contained = dict(lines.filter(CONTAINS_TAX).annotate(sum=Sum(_contained_tax())))
    billed = lines.annotate(sum=Sum("amount_minor"))
    return {customer: int(sum) - int(contained.get(customer, 0)) for customer, sum in billed}


def _on(found: QuerySet[Invoice], wanted: WantedLines) -> QuerySet[InvoiceLine]:
    return _lines(wanted).filter(invoice__in=found.order_by().values("pk"))


def _lines(wanted: WantedLines) -> QuerySet[InvoiceLine]:
    # A line of nothing only notes what was used.
    lines = InvoiceLine.objects.exclude(amount_minor=0).order_by()
    if wanted.portion is Portion.REVENUE:
        lines = lines.exclude(kind__in=(*DEPOSITS, LineKind.TAX))
    elif wanted.portion is Portion.DEPOSITS:
        lines = lines.filter(kind__in=DEPOSITS)
    else:
        lines = lines.filter(kind=wanted.portion.value)
    if wanted.service is not None:
        lines = lines.filter(service=wanted.service)
    if wanted.plan_id is not None:
        lines = lines.filter(version__plan=wanted.plan_id)
    return lines.filter(version__isnull=True) if wanted.of_no_plan else lines


def _contained_tax() -> Any:
    """The tax that a line contains.

    Included tax is rounded once for an invoice and percentage. A line's part of it is what the
    lines up to it contain, rounded, less what those before it do: so the parts add up to the whole.
    """
    same = {name: OuterRef(name) for name in ("invoice", "tax_percent", "tax_included")}
    up_to_it = InvoiceLine.objects.filter(**same, pk__lte=OuterRef("pk")).order_by()
    sums = up_to_it.values("invoice").annotate(sum=Sum("amount_minor")).values("sum")
    so_far = Subquery(sums, output_field=BigIntegerField())
    return _contained(so_far) - _contained(so_far - F("amount_minor"))


def _contained(amount: Any) -> Func:
    percent = F("tax_percent")
    return Func(
        amount * percent,
        Value(100) + percent,
        function="round_half_away",
        output_field=BigIntegerField(),
    )
