"""Taking a payment back, and paying money back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from postroom.base.refusals import Refused
from postroom.domain.billing.models import Invoice, Payment
from postroom.domain.billing.payment_queries import balances, open_items, shares_of
from postroom.domain.billing.payments import (
    PaymentSentBefore,
    PaymentTakenBack,
    in_favour_of,
    pay_back,
    take_back_payment,
)
from postroom.domain.customers.models import Customer
from postroom.domain.operators.permissions import May
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.payments.forms import RefundForm, TakeBackForm
from postroom.web.desk.payments.payment_page import whole
from postroom.web.desk.payments.recording import SENT_BEFORE
from postroom.web.desk.templatetags.desk_money import stands
from postroom.web.refusing import refuse


@desk(May.RUN_BILLING)
def take_back(request: DeskRequest, payment_id: int) -> HttpResponse:
    """Asks why, says which invoices open again, and takes the payment back."""
    it = get_object_or_404(whole(), pk=payment_id)
    if it.amount_minor < 0:
        raise Http404
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _take_back(request, it, form):
        return redirect("desk:payment", request.operator.slug, it.pk)
    shares = shares_of(it)
    context = {
        "form": form,
        "payment": it,
        "customer": it.customer,
        "pays": [each for each in shares if isinstance(each.document, Invoice)],
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/payments/take_back.html", context, status=status)


def _take_back(request: DeskRequest, it: Payment, form: TakeBackForm) -> bool:
    typed = form.cleaned_data
    try:
        take_back_payment(
            it,
            reason=typed["reason"],
            form=typed["form_key"],
            by=request.user,
            at=request.at,
            on=request.on,
        )
    except PaymentTakenBack as refusal:
        # Somebody else was faster: what was wanted is done.
        messages.info(request, str(refusal))
        return True
    except PaymentSentBefore:
        form.renew()
        form.add_error(None, SENT_BEFORE)
        return False
    except Refused as refusal:
        refuse(form, refusal)
        return False
    owes = stands(balances([it.customer_id]).get(it.customer_id, 0), request.operator)
    amount = request.operator.show(it.amount_minor)
    messages.success(request, f"Taken back: {amount} from {it.customer}. Their balance: {owes}.")
    return True


@desk(May.RUN_BILLING)
def pay_money_back(request: DeskRequest, customer_id: int) -> HttpResponse:
    """Records money that was paid back of what is in a customer's favour."""
    customer = get_object_or_404(Customer.objects.select_related("operator"), pk=customer_id)
    there_minor = in_favour_of(customer)
    form = RefundForm(
        request.POST if request.method == "POST" else None,
        operator=request.operator,
        on=request.on,
        initial={"amount": there_minor} if there_minor else {},
    )
    if form.is_bound and form.is_valid():
        refund = _pay_back(request, customer, form)
        if refund is not None:
            amount, on = request.operator.show(-refund.amount_minor), request.operator
            said = f"Recorded: {amount} paid back to {customer}, {day(refund.on, on)}."
            messages.success(request, said)
            return redirect("desk:payment", request.operator.slug, refund.pk)
    context = {
        "form": form,
        "customer": customer,
        "there_minor": there_minor,
        "items": [it for it in open_items(customer.pk) if it.left_minor < 0],
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/payments/pay_back.html", context, status=status)


def _pay_back(request: DeskRequest, customer: Customer, form: RefundForm) -> Payment | None:
    typed = form.cleaned_data
    try:
        return pay_back(
            customer,
            method=typed["method"],
            amount_minor=typed["amount"],
            paid_on=typed["paid_on"],
            reference=typed["reference"],
            reason=typed["reason"],
            form=typed["form_key"],
            by=request.user,
            at=request.at,
            on=request.on,
        )
    except PaymentSentBefore:
        form.renew()
        form.add_error(None, SENT_BEFORE)
    except Refused as refusal:
        # The domain calls both days what they are; here there is one.
        refuse(form, refusal, received_on="paid_on")
    return None
