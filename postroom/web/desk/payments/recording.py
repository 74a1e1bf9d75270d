"""Recording money that a customer paid, and finding whose it is."""

from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from postroom.base.refusals import Refused
from postroom.domain.billing.allocating import Payable, PutsMoreThanIsOwed, payables
from postroom.domain.billing.models import Payment
from postroom.domain.billing.payment_queries import balances, customers_called
from postroom.domain.billing.payments import PaymentSentBefore, record_payment
from postroom.domain.customers.models import Customer
from postroom.domain.operators.permissions import May
from postroom.ui.templatetags.ui import day
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.payments.forms import AmountsForm, PaymentForm, Which, name_of
from postroom.web.desk.templatetags.desk_money import stands
from postroom.web.refusing import refuse

#: The most customers that a search for whose payment it is shows.
SHOWN = 20

SENT_BEFORE = (
    "This form was sent before with something else, which was recorded."
    " To record this as well, send it again."
)


class WhoseForm(forms.Form):
    """Who paid."""

    q = forms.CharField(
        required=False,
        max_length=80,
        label="Who paid?",
        widget=forms.TextInput(attrs={"placeholder": "Name, e-mail, phone or #mailbox"}),
    )


class WhoseTable(tables.Table):  # type: ignore[misc]
    name = tables.Column("Customer")
    contact = tables.Column(accessor="email")
    balance = tables.Column(accessor="pk", attrs={"th": {"class": "num"}, "td": {"class": "num"}})

    class Meta:
        orderable = False
        empty_text = "No customers match"

    caption = "Customers who match"
    empty_sentence = "Try other words: part of the name is enough."
    empty_icon = "users"

    def __init__(self, *args: object, request: DeskRequest, **kwargs: Any) -> None:
        self.operator = request.operator
        customers = args[0]
        assert isinstance(customers, list)
        self.balances = balances([it.pk for it in customers])
        super().__init__(*args, **kwargs)

    def render_name(self, record: Customer) -> SafeString:
        url = reverse("desk:payment_new", args=[self.operator.slug, record.pk])
        return format_html('<a class="row-link" href="{}">{}</a>', url, record.name)

    def render_balance(self, record: Customer) -> str:
        return stands(self.balances.get(record.pk, 0), self.operator)


@desk(May.RUN_BILLING)
def whose(request: DeskRequest) -> HttpResponse:
    """Finds the customer whose payment is to be recorded."""
    form = WhoseForm(request.GET)
    words = form.cleaned_data.get("q", "").strip() if form.is_valid() else ""
    found, more = [], False
    if words:
        ids, _ = customers_called(words)
        some = list(Customer.objects.filter(pk__in=ids).order_by("name", "pk")[: SHOWN + 1])
        found, more = some[:SHOWN], len(some) > SHOWN
    context = {
        "form": form,
        "words": words,
        "more": more,
        "shown": SHOWN,
        "table": WhoseTable(found, request=request),
    }
    return render(request, "desk/payments/whose.html", context)


@desk(May.RUN_BILLING)
def record_one(request: DeskRequest, customer_id: int) -> HttpResponse:
    """How, how much and when, and which invoices it pays."""
    customer = get_object_or_404(Customer.objects.select_related("operator"), pk=customer_id)
    owed = payables(customer)
    form, amounts = _forms(request, owed)
    if form.is_bound and form.agrees_with(amounts):
        paid = _record(request, customer, form, amounts)
        if paid is not None:
            messages.success(request, _said(request, paid))
            return redirect("desk:payment", request.operator.slug, paid.pk)
    context = {
        "form": form,
        "amounts": amounts,
        "customer": customer,
        "owed_minor": sum(it.left_minor for it in owed),
        "balance_minor": balances([customer.pk]).get(customer.pk, 0),
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/payments/record.html", context, status=status)


def _forms(request: DeskRequest, owed: list[Payable]) -> tuple[PaymentForm, AmountsForm]:
    """Will bind what was sent, or begin with the invoice in the address, or with all that is owed.

    Nothing in the address is said of how much: then the amount is empty, as it is on the check.
    """
    data = request.POST if request.method == "POST" else None
    of_one = next((it for it in owed if str(it.invoice.number) == request.GET.get("invoice")), None)
    first: dict[str, object] = {}
    if of_one is not None:
        first = {"amount": of_one.left_minor, "which": Which.CHOSEN}
    form = PaymentForm(
        data, operator=request.operator, on=request.on, owes=bool(owed), initial=first
    )
    parts = {name_of(of_one): of_one.left_minor} if of_one is not None else {}
    return form, AmountsForm(data, payables=owed, operator=request.operator, initial=parts)


def _record(
    request: DeskRequest, customer: Customer, form: PaymentForm, amounts: AmountsForm
) -> Payment | None:
    typed = form.cleaned_data
    try:
        return record_payment(
            customer,
            method=typed["method"],
            amount_minor=typed["amount"],
            received_on=typed["received_on"],
            reference=typed["reference"],
            towards=None if form.oldest_first else amounts.towards(),
            form=typed["form_key"],
            by=request.user,
            at=request.at,
            on=request.on,
        )
    except PaymentSentBefore:
        form.renew()
        form.add_error(None, SENT_BEFORE)
    except PutsMoreThanIsOwed as refusal:
        amounts.add_error(amounts.field_of(refusal.facts["number"]), str(refusal))
    except Refused as refusal:
        refuse(form, refusal)
    return None


def _said(request: DeskRequest, paid: Payment) -> str:
    amount = request.operator.show(paid.amount_minor)
    left = stands(balances([paid.customer_id]).get(paid.customer_id, 0), request.operator)
    received = day(paid.on, request.operator)
    return f"Recorded: {amount} from {paid.customer}, {received}. Their balance: {left}."
