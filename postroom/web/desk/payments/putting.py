"""Changing what a payment or credit note pays."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from postroom.base.refusals import Refused
from postroom.domain.billing.allocating import (
    PutsMoreThanIsOwed,
    left_to_put,
    payables,
    put_towards,
)
from postroom.domain.billing.models import Invoice, Payment
from postroom.domain.operators.permissions import May
from postroom.web.desk.access import DeskRequest, desk
from postroom.web.desk.payments.forms import AmountsForm, as_they_are
from postroom.web.desk.payments.payment_page import whole
from postroom.web.refusing import refuse


@desk(May.RUN_BILLING)
def payment_pays(request: DeskRequest, payment_id: int) -> HttpResponse:
    """An amount of a payment for each open invoice."""
    it = get_object_or_404(whole(), pk=payment_id)
    if it.amount_minor < 0:
        raise Http404
    back = reverse("desk:payment", args=[request.operator.slug, it.pk])
    return _put(request, it, back)


@desk(May.RUN_BILLING)
def credit_pays(request: DeskRequest, number: int) -> HttpResponse:
    """An amount of a credit note for each open invoice."""
    found = Invoice.objects.select_related("customer", "operator")
    it = get_object_or_404(found, number=number)
    back = reverse("desk:invoice", args=[request.operator.slug, it.number])
    if not it.is_credit_note:
        return redirect(back)
    return _put(request, it, back)


def _put(request: DeskRequest, giver: Payment | Invoice, back: str) -> HttpResponse:
    possible = payables(giver.customer, giver)
    form = AmountsForm(
        request.POST if request.method == "POST" else None,
        payables=possible,
        operator=request.operator,
        initial=as_they_are(possible),
    )
    if form.is_bound and form.is_valid() and _done(request, giver, form):
        messages.success(request, _said(request, giver))
        return redirect(back)
    context = {
        "form": form,
        "giver": giver,
        "is_payment": isinstance(giver, Payment),
        "customer": giver.customer,
        "there_minor": left_to_put(giver) + sum(it.put_minor for it in possible),
        "back": back,
    }
    status = 422 if form.is_bound else 200
    return render(request, "desk/payments/pays.html", context, status=status)


def _done(request: DeskRequest, giver: Payment | Invoice, form: AmountsForm) -> bool:
    try:
        put_towards(giver, form.towards(), by=request.user, at=request.at, on=request.on)
    except PutsMoreThanIsOwed as refusal:
        form.add_error(form.field_of(refusal.facts["number"]), str(refusal))
        return False
    except Refused as refusal:
        refuse(form, refusal)
        return False
    return True


def _said(request: DeskRequest, giver: Payment | Invoice) -> str:
    left = left_to_put(giver)
    kept = f" {request.operator.show(left)} of it is left." if left else " All of it is used."
    return f"Changed.{kept}"
