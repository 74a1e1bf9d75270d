"""One invoice or credit note: what is on it, how each amount came about, what paid it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from postroom.domain.billing.models import Invoice, LineKind
from postroom.domain.billing.payment_queries import adjustments_of, left_of
from postroom.domain.billing.queries import allocations_of, explained, neighbours_of
from postroom.domain.documents.queries import history_of
from postroom.domain.operators.permissions import May
from postroom.domain.subscriptions.numbering import number_at
from postroom.web.desk.access import DeskRequest, desk


@desk(May.SEE_MONEY)
def invoice(request: DeskRequest, number: int) -> HttpResponse:
    """An invoice as it was issued, each line with its sentence."""
    it = get_object_or_404(
        Invoice.objects.select_related(
            "customer", "run", "subscription__mailbox__location", "adjusts", "entered_by"
        ),
        number=number,
    )
    lines = explained(it, request.operator)
    allocations = allocations_of(it)
    before, after = neighbours_of(it)
    context = {
        "invoice": it,
        "customer": it.customer,
        "mailbox": it.subscription.mailbox,
        "number": number_at(it.subscription, it.issued_at),
        "lines": [each for each in lines if each.line.kind != LineKind.TAX],
        "taxes": [each for each in lines if each.line.kind == LineKind.TAX],
        "plans": list(dict.fromkeys(each.line.plan_name for each in lines if each.line.plan_name)),
        "allocations": allocations,
        "left_minor": abs(it.total_minor) - sum(use.amount_minor for use in allocations),
        "history": history_of(it),
        "may_mail": request.may("run_billing"),
        "may_bill": request.may("run_billing"),
        "adjustments": adjustments_of(it),
        "now_minor": left_of([it]).get(it.pk, 0),
        "before": before,
        "after": after,
    }
    return render(request, "desk/billing/invoice.html", context)
